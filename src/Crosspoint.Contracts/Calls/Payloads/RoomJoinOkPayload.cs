namespace Crosspoint.Contracts.Calls;

/// <summary>First answer to ROOM_JOIN.</summary>
public sealed record RoomJoinOkPayload
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

    /// <summary>Grows with every change of the room.</summary>
    public long? RoomVersion { get; init; }

    /// <summary>What a mediasoup device needs to load.</summary>
    public required MediaOptions Mediasoup { get; init; }

    /// <summary>The room's encryption state.</summary>
    public required E2eeSummary E2ee { get; init; }
}
