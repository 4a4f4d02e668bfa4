using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>A request about one's own consumer: CONSUMER_PAUSE, CONSUMER_RESUME, CONSUMER_CLOSE. ACK only.</summary>
public sealed record ConsumerReferencePayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>The consumer, from CONSUMER_ADDED.</summary>
    [StringLength(128, MinimumLength = 1)]
    public required string ConsumerId { get; init; }
}
