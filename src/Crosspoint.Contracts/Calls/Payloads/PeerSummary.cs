namespace Crosspoint.Contracts.Calls;

/// <summary>Someone in the room.</summary>
public sealed record PeerSummary
{
    /// <summary>The user.</summary>
    public required string UserId { get; init; }

    /// <summary>The device; unique in the room.</summary>
    public required string DeviceId { get; init; }

    /// <summary>What the person wants to be called, as ROOM_JOIN said; anything may be claimed, the user id is what was proven.</summary>
    public string? DisplayName { get; init; }

    /// <summary>This stay of the device in the room.</summary>
    public string? PeerId { get; init; }

    /// <summary>What the peer may do.</summary>
    public required PeerRole Role { get; init; }

    /// <summary>Whether it is connected.</summary>
    public required PeerState State { get; init; }

    /// <summary>Whether it declared the current epoch.</summary>
    public required bool E2eeReady { get; init; }
}
