namespace Crosspoint.Rtc.Srtp;

/// <summary>
/// An SRTP protection profile. The values are the wire's: the SRTPProtectionProfile of the use_srtp extension
/// (RFC 5764 §4.1.2, RFC 7714 §14.2).
/// </summary>
public enum SrtpProfile : ushort
{
    /// <summary>Nothing negotiated.</summary>
    None = 0,

    /// <summary>AES-128 in counter mode with an 80-bit HMAC-SHA1 tag (RFC 3711); every WebRTC peer has it.</summary>
    Aes128CmHmacSha1Tag80 = 0x0001,

    /// <summary>AES-128-GCM with a 128-bit tag (RFC 7714): twice as fast as the counter-mode profile with AES instructions.</summary>
    AeadAes128Gcm = 0x0007,

    /// <summary>AES-256-GCM with a 128-bit tag (RFC 7714).</summary>
    AeadAes256Gcm = 0x0008,
}
