namespace Crosspoint.Netem;

/// <summary>Where a link lost a packet.</summary>
public enum LinkDropReason : byte
{
    /// <summary>The queue was full.</summary>
    QueueFull,

    /// <summary>CoDel found the queue standing (RFC 8289).</summary>
    CoDel,

    /// <summary>Lost for itself.</summary>
    Random,

    /// <summary>Lost in a burst.</summary>
    Burst,

    /// <summary>More was under way than the plan allows.</summary>
    TooManyUnderWay,
}
