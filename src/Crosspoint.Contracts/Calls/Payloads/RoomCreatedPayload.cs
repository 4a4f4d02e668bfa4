namespace Crosspoint.Contracts.Calls;

/// <summary>Answers ROOM_CREATE.</summary>
public sealed record RoomCreatedPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>The call.</summary>
    public required string CallId { get; init; }

    /// <summary>The node's region.</summary>
    public required string Region { get; init; }

    /// <summary>The node.</summary>
    public required string NodeId { get; init; }

    /// <summary>The current key epoch; 0 in a new room.</summary>
    public required long Epoch { get; init; }

    /// <summary>Grows with every join and leave.</summary>
    public required long MemberSetVersion { get; init; }

    /// <summary>Grows with every change of the room.</summary>
    public long? RoomVersion { get; init; }

    /// <summary>Lets its holder join; only ever given to the room's creator. Secret.</summary>
    public string? JoinToken { get; init; }

    /// <summary>Keeps the token out of logs.</summary>
    public override string ToString() => $"RoomCreatedPayload {RoomId}";
}
