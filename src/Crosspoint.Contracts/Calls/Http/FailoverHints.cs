namespace Crosspoint.Contracts.Calls;

/// <summary>Where clients should go.</summary>
public sealed record FailoverHints
{
    /// <summary>Whether this node is a good choice for new calls.</summary>
    public required bool Healthy { get; init; }

    /// <summary>The region to prefer.</summary>
    public required string PreferredRegion { get; init; }
}
