using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Contracts.Calls;

/// <summary>
/// Answers CONSUME: what <c>transport.consume()</c> wants. The flat fields are those of the first servers,
/// <see cref="Consumer"/> is the later shape; both say the same.
/// </summary>
public sealed record ConsumerAddedPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>Grows with every change of the room; a consumer does not change it.</summary>
    public long? RoomVersion { get; init; }

    /// <summary>The new consumer.</summary>
    public required string ConsumerId { get; init; }

    /// <summary>What it consumes.</summary>
    public required string ProducerId { get; init; }

    /// <summary>The receive transport it is on.</summary>
    public string? TransportId { get; init; }

    /// <summary>Audio or video.</summary>
    public required MediaKind Kind { get; init; }

    /// <summary>What the client will receive; empty only where there is no media plane.</summary>
    public required RtpParameters RtpParameters { get; init; }

    /// <summary>How it is forwarded: <c>simple</c>, <c>simulcast</c>, <c>svc</c>.</summary>
    public string? Type { get; init; }

    /// <summary>How many encodings or spatial layers the sender announced; 1 for audio.</summary>
    public int? SpatialLayers { get; init; }

    /// <summary>How many temporal layers each of them has; absent when the sender did not say.</summary>
    public int? TemporalLayers { get; init; }

    /// <summary>Width of a video in its largest layer, in pixels; absent when the sender did not say.</summary>
    public int? Width { get; init; }

    /// <summary>Height of a video in its largest layer, in pixels; absent when the sender did not say.</summary>
    public int? Height { get; init; }

    /// <summary>Whether the consumer is paused.</summary>
    public bool? Paused { get; init; }

    /// <summary>Whether its producer is paused.</summary>
    public bool? ProducerPaused { get; init; }

    /// <summary>The same and more.</summary>
    public required ConsumerInfo Consumer { get; init; }
}
