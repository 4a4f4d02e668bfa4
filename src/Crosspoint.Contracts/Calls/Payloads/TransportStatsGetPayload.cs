using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>Asks for the figures of one's own transport. Answered by TRANSPORT_STATS.</summary>
public sealed record TransportStatsGetPayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>The transport.</summary>
    [StringLength(128, MinimumLength = 1)]
    public required string TransportId { get; init; }
}
