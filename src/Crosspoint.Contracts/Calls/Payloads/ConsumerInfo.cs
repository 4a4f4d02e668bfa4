using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Contracts.Calls;

/// <summary>A consumer.</summary>
public sealed record ConsumerInfo
{
    /// <summary>The consumer.</summary>
    public required string ConsumerId { get; init; }

    /// <summary>What it consumes.</summary>
    public required string ProducerId { get; init; }

    /// <summary>The device that receives.</summary>
    public required string ConsumerDeviceId { get; init; }

    /// <summary>The user who sends.</summary>
    public required string OwnerUserId { get; init; }

    /// <summary>The device that sends.</summary>
    public required string OwnerDeviceId { get; init; }

    /// <summary>Audio or video.</summary>
    public required MediaKind Kind { get; init; }

    /// <summary>Where it comes from.</summary>
    public required MediaSource Source { get; init; }

    /// <summary>Whether it forwards.</summary>
    public required ConsumerState State { get; init; }

    /// <summary>The generation of its producer.</summary>
    public required int Generation { get; init; }

    /// <summary>When it was made, ms since the Unix epoch.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>When it was last resumed, ms since the Unix epoch; absent if never.</summary>
    public long? ResumedAt { get; init; }
}
