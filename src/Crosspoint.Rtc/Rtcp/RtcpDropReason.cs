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

    /// <summary>A padding count of 0, or one that does not fit into its packet.</summary>
    Padding,
}
