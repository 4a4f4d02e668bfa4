using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>A request that needs nothing but its room: GET_ROUTER_RTP_CAPABILITIES, ROOM_STATE_GET.</summary>
public sealed record RoomScopedPayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }
}
