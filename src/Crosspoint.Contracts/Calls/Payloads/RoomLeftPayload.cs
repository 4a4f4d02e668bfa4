namespace Crosspoint.Contracts.Calls;

/// <summary>Answers ROOM_LEAVE.</summary>
public sealed record RoomLeftPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>Grows with every change of the room.</summary>
    public long? RoomVersion { get; init; }
}
