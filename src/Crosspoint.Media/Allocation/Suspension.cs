namespace Crosspoint.Media.Allocation;

/// <summary>Why the router itself sends a consumer nothing. The names are metric labels.</summary>
public enum Suspension : byte
{
    /// <summary>It does not: the consumer is sent what its target says.</summary>
    None,

    /// <summary>Not even the lowest layer fits the subscriber's network.</summary>
    Bandwidth,

    /// <summary>Its person is not among the last N who spoke.</summary>
    LastN,

    /// <summary>The subscriber takes no more videos at once.</summary>
    MaxVideo,
}
