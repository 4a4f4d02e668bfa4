using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Contracts.Calls;

/// <summary>A producer.</summary>
public sealed record ProducerInfo
{
    /// <summary>The producer.</summary>
    public required string ProducerId { get; init; }

    /// <summary>The device that sends it.</summary>
    public required string PeerDeviceId { get; init; }

    /// <summary>The user who sends it.</summary>
    public required string OwnerUserId { get; init; }

    /// <summary>The device that sends it.</summary>
    public required string OwnerDeviceId { get; init; }

    /// <summary>Audio or video.</summary>
    public required MediaKind Kind { get; init; }

    /// <summary>Where it comes from.</summary>
    public required MediaSource Source { get; init; }

    /// <summary>Whether its sender paused it.</summary>
    public bool? Paused { get; init; }

    /// <summary>Counts the producers of this device and source, from 1.</summary>
    public required int Generation { get; init; }

    /// <summary>When it was made, ms since the Unix epoch.</summary>
    public required long CreatedAt { get; init; }
}
