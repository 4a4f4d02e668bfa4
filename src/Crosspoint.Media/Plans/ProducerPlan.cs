using Crosspoint.Contracts.Rtp;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Plans;

/// <summary>Everything the packet path needs to know about what a producer sends. Immutable, any thread.</summary>
public sealed record ProducerPlan
{
    /// <summary>Audio or video.</summary>
    public required MediaKind Kind { get; init; }

    /// <summary>The media codec.</summary>
    public required PayloadFormat Codec { get; init; }

    /// <summary>RTP clock rate in Hz.</summary>
    public required int ClockRate { get; init; }

    /// <summary>The payload type the producer sends media with.</summary>
    public required PayloadType PayloadType { get; init; }

    /// <summary>The payload type the producer sends retransmissions with (RFC 4588); null without RTX.</summary>
    public PayloadType? RtxPayloadType { get; init; }

    /// <summary>The payload type of packets with redundancy (RFC 2198), sent in the same stream; null without.</summary>
    public PayloadType? RedPayloadType { get; init; }

    /// <summary>RTCP feedback the producer reacts to.</summary>
    public required FeedbackFlags Feedback { get; init; }

    /// <summary>Header extension ids the producer uses.</summary>
    public required HeaderExtensionIds Extensions { get; init; }

    /// <summary>One entry, or one per simulcast layer.</summary>
    public required IReadOnlyList<EncodingPlan> Encodings { get; init; }

    /// <summary>The MID in the producer's packets, ASCII; empty when it has none.</summary>
    public ReadOnlyMemory<byte> Mid { get; init; }

    /// <summary>The canonical name that ties the streams of one peer together (RFC 3550 §6.5.1), UTF-8.</summary>
    public required ReadOnlyMemory<byte> CanonicalName { get; init; }

    /// <summary>True when it comes from another router of the same room, which has judged already whether somebody speaks.</summary>
    public bool IsRelayed { get; init; }

    /// <summary>True when the producer takes RTCP that does not begin with a report (RFC 5506).</summary>
    public bool ReducedSizeRtcp { get; init; } = true;
}
