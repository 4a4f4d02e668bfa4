using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>Says which layers of a video are wanted at most, for example because it is shown small. ACK only; what is sent is told by LAYERS_CHANGED.</summary>
public sealed record ConsumerSetPreferredLayersPayload
{
    /// <summary>The room; absent means the joined one.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? RoomId { get; init; }

    /// <summary>The consumer, from CONSUMER_ADDED.</summary>
    [StringLength(128, MinimumLength = 1)]
    public required string ConsumerId { get; init; }

    /// <summary>The highest layers wanted; absent means as much as the link carries. Layers that the producer does not have mean its highest.</summary>
    public VideoLayers? PreferredLayers { get; init; }
}
