namespace Crosspoint.Media;

/// <summary>Why the router did not act on, or did not send, a packet. The names are metric labels.</summary>
public enum MediaDropReason : byte
{
    /// <summary>Bytes that are not RTP.</summary>
    MalformedRtp,

    /// <summary>Bytes that are not RTCP, or a packet in them that its type does not allow.</summary>
    MalformedRtcp,

    /// <summary>RTP of an SSRC no producer of the transport declared, and no header extension told whose it is.</summary>
    UnknownSsrc,

    /// <summary>A stream learned from MID or RID changed its SSRC while the old one was still being sent.</summary>
    SsrcConflict,

    /// <summary>A payload type the producer did not declare.</summary>
    UnknownPayloadType,

    /// <summary>Far from the stream's sequence numbers; a restart is believed at the second such packet.</summary>
    ImplausibleSequence,

    /// <summary>A sequence number that was already taken, or is older than the window in which that is known.</summary>
    Duplicate,

    /// <summary>No payload: padding, usually a bandwidth probe. Its place in the sequence is closed for consumers.</summary>
    Empty,

    /// <summary>Audio that says it has redundancy (RFC 2198), and it cannot be read or is of another codec. Its place in the sequence is closed.</summary>
    MalformedRed,

    /// <summary>A retransmission without an original sequence number: a bandwidth probe.</summary>
    EmptyRetransmission,

    /// <summary>The producer is paused.</summary>
    ProducerPaused,

    /// <summary>
    /// Video that cannot be read: a payload or dependency descriptor that breaks its format, contradicts itself, or refers to a structure that
    /// did not come. Who is sent a choice of layers is not sent it.
    /// </summary>
    MalformedVideo,

    /// <summary>Of a layer or simulcast encoding that the consumer is not sent.</summary>
    LayerNotForwarded,

    /// <summary>A frame that refers to one the consumer was not sent.</summary>
    MissingReference,

    /// <summary>A frame so old that it is not known whether the consumer was sent the rest of it.</summary>
    FrameForgotten,

    /// <summary>The consumer is paused.</summary>
    ConsumerPaused,

    /// <summary>The consumer's target is nothing: what its path carries is not enough for any layer.</summary>
    ConsumerStarved,

    /// <summary>The consumer waits for a keyframe.</summary>
    AwaitingKeyFrame,

    /// <summary>From before the point at which the consumer started or resumed.</summary>
    BeforeStart,

    /// <summary>The transport has no keys or no validated path.</summary>
    SinkNotReady,

    /// <summary>RTCP about an SSRC we do not send, or from one that is not received.</summary>
    RtcpUnknownSsrc,

    /// <summary>RTCP of a kind the router does not use.</summary>
    RtcpIgnored,

    /// <summary>A NACK, PLI or FIR that was not negotiated.</summary>
    FeedbackNotNegotiated,

    /// <summary>A FIR command that repeats one already obeyed (RFC 5104 §4.3.1.2).</summary>
    FirRepeated,

    /// <summary>A NACK for a packet that is no longer, or never was, in the store.</summary>
    NackNotStored,

    /// <summary>A NACK for a packet that was resent less than a round trip ago, or beyond the budget.</summary>
    NackThrottled,

    /// <summary>It waited too long for its turn to leave, or too much did; the consumer begins again at a keyframe.</summary>
    PacingQueueFull,

    /// <summary>Audio of a track that is not among the loudest, where only those are forwarded.</summary>
    NotAmongLoudest,

    /// <summary>Forwarding from its sender, or to the consumer, was stopped: a member that was removed from an encrypted room, or lags behind.</summary>
    ForwardingStopped,

    /// <summary>The first packet of a frame without a minimal SFrame header, where frames are encrypted.</summary>
    SframeMalformed,

    /// <summary>The first packet of a frame whose key id names another sender.</summary>
    SframeLeaf,

    /// <summary>The first packet of a frame whose key id names another kind of track.</summary>
    SframeKind,

    /// <summary>The first packet of a frame of an epoch that has passed, or has not come.</summary>
    SframeEpoch,

    /// <summary>Of a codec whose encrypted frames cannot be looked at.</summary>
    SframeCodec,

    /// <summary>Of a frame that was refused at its first packet.</summary>
    SframeRefused,

    /// <summary>Of a frame whose first packet has not come, while the frame before it was refused or there was none.</summary>
    SframeUnjudged,
}
