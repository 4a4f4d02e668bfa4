namespace Crosspoint.Contracts.Calls;

/// <summary>The whole room: third answer to ROOM_JOIN, answer to ROOM_STATE_GET (as ROOM_STATE), first frame after a resume.</summary>
public sealed record RoomSnapshotPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>The call.</summary>
    public required string CallId { get; init; }

    /// <summary>The node's region.</summary>
    public required string Region { get; init; }

    /// <summary>The node.</summary>
    public required string NodeId { get; init; }

    /// <summary>The current key epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>Grows with every join and leave.</summary>
    public required long MemberSetVersion { get; init; }

    /// <summary>Grows with every change of the room; a client ignores a snapshot that is older than what it has.</summary>
    public required long RoomVersion { get; init; }

    /// <summary>The server's clock, ms since the Unix epoch.</summary>
    public required long ServerTime { get; init; }

    /// <summary>Everyone, the receiver included, in order of joining.</summary>
    public required IReadOnlyList<PeerSummary> Peers { get; init; }

    /// <summary>Everything that can be consumed, the receiver's own included.</summary>
    public required IReadOnlyList<ProducerSummary> Producers { get; init; }

    /// <summary>The room's encryption state.</summary>
    public required E2eeRoomState E2ee { get; init; }
}
