using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Contracts.Calls;

/// <summary>
/// Someone started to send a track. Sent to everyone else. The flat fields are those of the first servers,
/// <see cref="Producer"/> is the later shape; both say the same.
/// </summary>
public sealed record ProducerAddedPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>Grows with every change of the room.</summary>
    public required long RoomVersion { get; init; }

    /// <summary>The producer.</summary>
    public required string ProducerId { get; init; }

    /// <summary>The device that sends it.</summary>
    public required string PeerDeviceId { get; init; }

    /// <summary>Audio or video.</summary>
    public required MediaKind Kind { get; init; }

    /// <summary>The same and more.</summary>
    public required ProducerInfo Producer { get; init; }
}
