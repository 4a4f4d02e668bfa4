namespace Crosspoint.Rtc.Rtcp;

/// <summary>RTCP packet types on the wire (RFC 3550 §12.1, RFC 4585 §6.1, RFC 3611 §2).</summary>
public enum RtcpType : byte
{
    /// <summary>SR.</summary>
    SenderReport = 200,

    /// <summary>RR.</summary>
    ReceiverReport = 201,

    /// <summary>SDES.</summary>
    SourceDescription = 202,

    /// <summary>BYE.</summary>
    Bye = 203,

    /// <summary>APP.</summary>
    Application = 204,

    /// <summary>RTPFB: feedback of the transport layer.</summary>
    TransportLayerFeedback = 205,

    /// <summary>PSFB: feedback about the payload.</summary>
    PayloadSpecificFeedback = 206,

    /// <summary>XR.</summary>
    ExtendedReport = 207,
}
