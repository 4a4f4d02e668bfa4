using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>Says how much a video matters among those the connection receives. ACK only.</summary>
public sealed record ConsumerSetPriorityPayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>The consumer, from CONSUMER_ADDED.</summary>
    [StringLength(128, MinimumLength = 1)]
    public required string ConsumerId { get; init; }

    /// <summary>Higher is served first when the link does not carry everything; equals share. 1 for a consumer that was never given one.</summary>
    [Range(0, 255)]
    public required int Priority { get; init; }
}
