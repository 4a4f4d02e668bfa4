using Crosspoint.Rtc.Crypto;

namespace Crosspoint.Rtc.Srtp;

/// <summary>
/// Session keys from a master key (RFC 3711 §4.3 with a key derivation rate of zero, RFC 7714 §11, RFC 6188 §3 for AES-256):
/// <c>AES-CM(master key, ((label · 2^48) xor master salt) · 2^16)</c>. A 96-bit salt is the upper part of the 112-bit one.
/// </summary>
internal static class SrtpKeyDerivation
{
    public const byte RtpEncryption = 0x00;
    public const byte RtpAuthentication = 0x01;
    public const byte RtpSalt = 0x02;
    public const byte RtcpEncryption = 0x03;
    public const byte RtcpAuthentication = 0x04;
    public const byte RtcpSalt = 0x05;

    public const int AuthenticationKeyLength = 20;
    private const int LabelAt = 7; // of 14 bytes: label · 2^48

    /// <summary>Fills <paramref name="key"/>.</summary>
    public static void Derive(SrtpMasterKey master, byte label, Span<byte> key)
    {
        using var cipher = new AesCtr(master.Key);
        Span<byte> counter = stackalloc byte[AesCtr.BlockLength];
        counter.Clear();
        master.Salt.CopyTo(counter);
        counter[LabelAt] ^= label;
        key.Clear();
        OpenSslException.ThrowIf(!cipher.Transform(counter, key, key), "AES-CM PRF");
    }

    /// <summary>A session salt, as long as the master's.</summary>
    public static SrtpSalt DeriveSalt(SrtpMasterKey master, byte label)
    {
        Span<byte> salt = stackalloc byte[master.Salt.Length];
        Derive(master, label, salt);
        return new SrtpSalt(salt);
    }
}
