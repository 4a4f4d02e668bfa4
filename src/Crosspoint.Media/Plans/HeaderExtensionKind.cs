namespace Crosspoint.Media.Plans;

/// <summary>The RTP header extensions the router reads or writes; all others are dropped.</summary>
public enum HeaderExtensionKind : byte
{
    /// <summary>MID, RFC 9143 §16.</summary>
    Mid,

    /// <summary>RtpStreamId, RFC 8852 §3.1: which simulcast encoding.</summary>
    RtpStreamId,

    /// <summary>RepairedRtpStreamId, RFC 8852 §3.2: which encoding a retransmission belongs to.</summary>
    RepairedRtpStreamId,

    /// <summary>Absolute send time, rewritten at every sending.</summary>
    AbsoluteSendTime,

    /// <summary>Client-to-mixer audio level, RFC 6464.</summary>
    AudioLevel,

    /// <summary>Coordination of video orientation, 3GPP TS 26.114.</summary>
    VideoOrientation,

    /// <summary>Dependency descriptor, AV1 payload format 1.0 appendix A.</summary>
    DependencyDescriptor,

    /// <summary>Absolute capture time; stays true because our sender reports keep the producer's NTP clock.</summary>
    AbsoluteCaptureTime,

    /// <summary>Transport-wide sequence number, draft-holmer-rmcat-transport-wide-cc-extensions-01 §2; ours at every sending.</summary>
    TransportSequenceNumber,
}
