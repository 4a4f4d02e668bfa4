using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>A request about one's own producer: PRODUCER_CLOSE, PRODUCER_PAUSE, PRODUCER_RESUME. ACK only; the others get a broadcast.</summary>
public sealed record ProducerReferencePayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>The producer, from PRODUCED.</summary>
    [StringLength(128, MinimumLength = 1)]
    public required string ProducerId { get; init; }
}
