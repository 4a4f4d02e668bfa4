namespace Crosspoint.Contracts.Calls;

/// <summary>Answers AUTH.</summary>
public sealed record AuthOkPayload
{
    /// <summary>Who the user is.</summary>
    public required string UserId { get; init; }

    /// <summary>The device this connection is bound to.</summary>
    public required string DeviceId { get; init; }

    /// <summary>Present when HELLO asked to resume: whether the old session was taken up. If true a ROOM_SNAPSHOT follows for its room.</summary>
    public bool? Resumed { get; init; }

    /// <summary>The room of the resumed session.</summary>
    public string? RoomId { get; init; }
}
