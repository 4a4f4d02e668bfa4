namespace Crosspoint.Contracts.Calls;

/// <summary>Someone joined. Sent to the others.</summary>
public sealed record PeerJoinedPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>The user.</summary>
    public required string UserId { get; init; }

    /// <summary>The device.</summary>
    public required string DeviceId { get; init; }

    /// <summary>What the person wants to be called, as ROOM_JOIN said; anything may be claimed, the user id is what was proven.</summary>
    public string? DisplayName { get; init; }

    /// <summary>This stay of the device in the room.</summary>
    public string? PeerId { get; init; }

    /// <summary>Grows with every join and leave.</summary>
    public long? MemberSetVersion { get; init; }

    /// <summary>Grows with every change of the room.</summary>
    public long? RoomVersion { get; init; }
}
