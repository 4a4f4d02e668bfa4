namespace Crosspoint.Rtc.Rtp;

/// <summary>Why bytes are not an RTP packet. The names are metric labels.</summary>
public enum RtpDropReason : byte
{
    /// <summary>The bytes are an RTP packet.</summary>
    None = 0,

    /// <summary>Fewer bytes than the header, its CSRC list or its extension say.</summary>
    Truncated,

    /// <summary>The version is not 2.</summary>
    Version,

    /// <summary>The padding count is zero or larger than what follows the header.</summary>
    Padding,
}
