namespace Crosspoint.Contracts.Calls;

/// <summary>Someone left. Sent to the others, after PRODUCER_REMOVED for each of its producers.</summary>
public sealed record PeerLeftPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>The user.</summary>
    public required string UserId { get; init; }

    /// <summary>The device.</summary>
    public required string DeviceId { get; init; }

    /// <summary>This stay of the device in the room.</summary>
    public string? PeerId { get; init; }

    /// <summary>Grows with every join and leave.</summary>
    public long? MemberSetVersion { get; init; }

    /// <summary>Grows with every change of the room.</summary>
    public long? RoomVersion { get; init; }

    /// <summary>Why.</summary>
    public PeerLeftReason? Reason { get; init; }
}
