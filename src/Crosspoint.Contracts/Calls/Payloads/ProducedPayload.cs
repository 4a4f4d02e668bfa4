using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Contracts.Calls;

/// <summary>Answers PRODUCE.</summary>
public sealed record ProducedPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>The new producer.</summary>
    public required string ProducerId { get; init; }

    /// <summary>Audio or video.</summary>
    public required MediaKind Kind { get; init; }

    /// <summary>Grows with every change of the room.</summary>
    public long? RoomVersion { get; init; }
}
