namespace Crosspoint.Rtc.Rtcp;

/// <summary>Why bytes are not a compound or reduced-size RTCP packet. The names are metric labels.</summary>
public enum RtcpDropReason : byte
{
    /// <summary>The bytes are RTCP.</summary>
    None = 0,

    /// <summary>Empty, or fewer bytes than the lengths say.</summary>
    Truncated,

    /// <summary>The version is not 2.</summary>
    Version,

    /// <summary>A type outside the range of RTCP (192 to 223, RFC 5761 §4).</summary>
    Type,

    /// <summary>Padding elsewhere than in the last packet, or a count that is no multiple of 4 or does not fit.</summary>
    Padding,
}
