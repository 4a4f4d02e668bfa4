namespace Crosspoint.Media.Plans;

/// <summary>RTCP feedback that was negotiated for a stream.</summary>
[Flags]
public enum FeedbackFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Generic NACK, RFC 4585 §6.2.1.</summary>
    Nack = 1,

    /// <summary>PLI, RFC 4585 §6.3.1.</summary>
    PictureLossIndication = 2,

    /// <summary>FIR, RFC 5104 §4.3.1.</summary>
    FullIntraRequest = 4,

    /// <summary>Transport-wide feedback, draft-holmer-rmcat-transport-wide-cc-extensions-01; only with its header extension.</summary>
    TransportWide = 8,

    /// <summary>REMB, draft-alvestrand-rmcat-remb-03; only where there is no transport-wide feedback.</summary>
    EstimatedMaximumBitrate = 16,
}

internal static class FeedbackFlagsExtensions
{
    /// <summary>True when <paramref name="kind"/> is among them. <see cref="Enum.HasFlag"/> boxes until the JIT has optimised its caller.</summary>
    public static bool Includes(this FeedbackFlags flags, FeedbackFlags kind) => (flags & kind) != FeedbackFlags.None;
}
