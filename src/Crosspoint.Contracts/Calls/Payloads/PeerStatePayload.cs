namespace Crosspoint.Contracts.Calls;

/// <summary>A peer's socket broke (<c>rejoining</c>) or it came back (<c>joined</c>). Sent to the others; its producers stay meanwhile.</summary>
public sealed record PeerStatePayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>Grows with every change of the room.</summary>
    public required long RoomVersion { get; init; }

    /// <summary>The user.</summary>
    public required string UserId { get; init; }

    /// <summary>The device.</summary>
    public required string DeviceId { get; init; }

    /// <summary>This stay of the device in the room.</summary>
    public string? PeerId { get; init; }

    /// <summary>Whether it is connected.</summary>
    public required PeerState State { get; init; }
}
