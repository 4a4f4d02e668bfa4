using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>Says how much video a receive transport wants at most. ACK only. Both limits are replaced; what is absent is not limited.</summary>
public sealed record TransportSetLimitsPayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>A receive transport.</summary>
    [StringLength(128, MinimumLength = 1)]
    public required string TransportId { get; init; }

    /// <summary>Video of only so many devices, those who spoke last, and besides whatever has a priority above 1.</summary>
    [Range(0, 1000)]
    public int? LastN { get; init; }

    /// <summary>At most so many videos at a time, by priority, then by who spoke last.</summary>
    [Range(0, 1000)]
    public int? MaxVideo { get; init; }
}
