using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>
/// Just the room of a request. Membership and the E2EE gate are checked before a request's other arguments are,
/// so a door reads this first and the whole payload afterwards.
/// </summary>
public sealed record RoomReference
{
    /// <summary>The room; absent means the room this connection joined.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }
}
