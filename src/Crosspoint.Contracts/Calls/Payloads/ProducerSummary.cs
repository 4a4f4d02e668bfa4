using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Contracts.Calls;

/// <summary>A producer in a snapshot.</summary>
public sealed record ProducerSummary
{
    /// <summary>The producer.</summary>
    public required string ProducerId { get; init; }

    /// <summary>The device that sends it.</summary>
    public required string PeerDeviceId { get; init; }

    /// <summary>The user who sends it.</summary>
    public required string UserId { get; init; }

    /// <summary>Audio or video.</summary>
    public required MediaKind Kind { get; init; }

    /// <summary>Whether its sender paused it.</summary>
    public required bool Paused { get; init; }

    /// <summary>Where it comes from.</summary>
    public MediaSource? Source { get; init; }

    /// <summary>Counts the producers of this device and source, from 1.</summary>
    public int? Generation { get; init; }

    /// <summary>When it was made, ms since the Unix epoch.</summary>
    public long? CreatedAt { get; init; }
}
