using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>Leaves a room. Answered by ROOM_LEFT; the others get PEER_LEFT.</summary>
public sealed record RoomLeavePayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>Free text for the log.</summary>
    [StringLength(128)]
    public string? Reason { get; init; }
}
