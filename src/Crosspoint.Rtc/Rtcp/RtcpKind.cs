namespace Crosspoint.Rtc.Rtcp;

/// <summary>What an RTCP packet is, feedback formats told apart. The names are metric labels.</summary>
public enum RtcpKind : byte
{
    /// <summary>A type or format that is not in this list.</summary>
    Unknown = 0,

    /// <summary>SR, RFC 3550 §6.4.1.</summary>
    SenderReport,

    /// <summary>RR, RFC 3550 §6.4.2.</summary>
    ReceiverReport,

    /// <summary>SDES, RFC 3550 §6.5.</summary>
    SourceDescription,

    /// <summary>BYE, RFC 3550 §6.6.</summary>
    Bye,

    /// <summary>Generic NACK, RFC 4585 §6.2.1.</summary>
    GenericNack,

    /// <summary>Transport-wide congestion control feedback, draft-holmer-rmcat-transport-wide-cc-extensions-01.</summary>
    TransportFeedback,

    /// <summary>PLI, RFC 4585 §6.3.1.</summary>
    PictureLossIndication,

    /// <summary>FIR, RFC 5104 §4.3.1.</summary>
    FullIntraRequest,

    /// <summary>REMB, draft-alvestrand-rmcat-remb-03.</summary>
    ReceiverEstimatedMaximumBitrate,

    /// <summary>XR, RFC 3611.</summary>
    ExtendedReport,
}
