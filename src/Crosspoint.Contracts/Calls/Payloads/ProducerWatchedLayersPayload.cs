using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>How much of a video anybody watches, so that its sender need not encode the rest. Sent to the connection that sends it, when it changes.</summary>
public sealed record ProducerWatchedLayersPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>The producer.</summary>
    public required string ProducerId { get; init; }

    /// <summary>The highest encoding or spatial layer that somebody watches; absent while nobody watches at all.</summary>
    [Range(0, 7)]
    public int? MaxSpatialLayer { get; init; }
}
