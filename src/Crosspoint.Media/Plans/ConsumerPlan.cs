using Crosspoint.Contracts.Rtp;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Plans;

/// <summary>Everything the packet path needs to know about what one consumer is sent. Immutable, any thread.</summary>
public sealed record ConsumerPlan
{
    /// <summary>Audio or video.</summary>
    public required MediaKind Kind { get; init; }

    /// <summary>The media codec; the producer's.</summary>
    public required PayloadFormat Codec { get; init; }

    /// <summary>RTP clock rate in Hz.</summary>
    public required int ClockRate { get; init; }

    /// <summary>The payload type we send media with.</summary>
    public required PayloadType PayloadType { get; init; }

    /// <summary>The payload type we send retransmissions with; null when NACKs are answered with the plain packet.</summary>
    public PayloadType? RtxPayloadType { get; init; }

    /// <summary>The payload type of packets with redundancy (RFC 2198); null for a consumer that takes them without.</summary>
    public PayloadType? RedPayloadType { get; init; }

    /// <summary>The payload type of repair packets (FlexFEC-03); null for none.</summary>
    public PayloadType? FecPayloadType { get; init; }

    /// <summary>The SSRC we send with, unique in the transport.</summary>
    public required Ssrc Ssrc { get; init; }

    /// <summary>The SSRC of our retransmissions; none without RTX.</summary>
    public Ssrc RtxSsrc { get; init; }

    /// <summary>The SSRC of our repair packets; none without FEC.</summary>
    public Ssrc FecSsrc { get; init; }

    /// <summary>RTCP feedback we accept from the consumer.</summary>
    public required FeedbackFlags Feedback { get; init; }

    /// <summary>The only one of the producer's encodings that it is sent; null when the router chooses.</summary>
    public int? Encoding { get; init; }

    /// <summary>Header extension ids the consumer understands.</summary>
    public required HeaderExtensionIds Extensions { get; init; }

    /// <summary>The MID we put into every packet, ASCII; empty for none.</summary>
    public ReadOnlyMemory<byte> Mid { get; init; }

    /// <summary>The producer's canonical name, UTF-8.</summary>
    public required ReadOnlyMemory<byte> CanonicalName { get; init; }
}
