namespace Crosspoint.Rtc.Congestion;

/// <summary>What a sent packet carried; congestion control treats what it may hold back differently from what it may not.</summary>
public enum SentKind : byte
{
    /// <summary>Audio: small, steady, never delayed by the pacer.</summary>
    Audio,

    /// <summary>Video, sent for the first time.</summary>
    Media,

    /// <summary>A retransmission.</summary>
    Resend,

    /// <summary>Forward error correction.</summary>
    Fec,

    /// <summary>Bytes that carry nothing: probes.</summary>
    Padding,
}
