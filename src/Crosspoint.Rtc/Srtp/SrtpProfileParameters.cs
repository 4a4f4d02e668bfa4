namespace Crosspoint.Rtc.Srtp;

/// <summary>The numbers of a profile (RFC 5764 §4.1.2, RFC 7714 §12). Lengths in bytes.</summary>
/// <param name="KeyLength">Master and session encryption key.</param>
/// <param name="SaltLength">Master and session salt.</param>
/// <param name="TagLength">Authentication tag of SRTP and SRTCP.</param>
public readonly record struct SrtpProfileParameters(int KeyLength, int SaltLength, int TagLength)
{
    /// <summary>The SRTCP index with the E flag in front (RFC 3711 §3.4).</summary>
    public const int RtcpIndexLength = 4;

    /// <summary>The most that any profile adds to an RTP packet; a buffer with this much spare always suffices.</summary>
    public const int MaxRtpExpansion = 16;

    /// <summary>The most that any profile adds to an RTCP packet.</summary>
    public const int MaxRtcpExpansion = 20;

    /// <summary>What the profile adds to an RTP packet.</summary>
    public int RtpExpansion => TagLength;

    /// <summary>What the profile adds to an RTCP packet.</summary>
    public int RtcpExpansion => TagLength + RtcpIndexLength;

    /// <summary>The numbers of <paramref name="profile"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The profile is none of ours.</exception>
    public static SrtpProfileParameters Of(SrtpProfile profile) => profile switch
    {
        SrtpProfile.Aes128CmHmacSha1Tag80 => new(16, 14, 10),
        SrtpProfile.AeadAes128Gcm => new(16, 12, 16),
        SrtpProfile.AeadAes256Gcm => new(32, 12, 16),
        _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, "not an SRTP profile we implement"),
    };
}
