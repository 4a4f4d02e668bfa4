using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>Removes a device from the room and keeps its user out for as long as the room lives; the room's creator may. ACK only.</summary>
public sealed record PeerKickPayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>Which device.</summary>
    [StringLength(128, MinimumLength = 1)]
    public required string DeviceId { get; init; }
}
