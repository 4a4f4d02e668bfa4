namespace Crosspoint.Rtc.Rtp;

/// <summary>The fields of a fixed RTP header that a sender decides.</summary>
public readonly record struct RtpHeaderFields(
    PayloadType PayloadType,
    bool Marker,
    SequenceNumber SequenceNumber,
    RtpTimestamp Timestamp,
    Ssrc Ssrc);
