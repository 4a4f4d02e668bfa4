using Crosspoint.Rtc.Crypto;

namespace Crosspoint.Rtc.Srtp;

/// <summary>
/// The cryptography of a profile with the session keys of one direction: no state per packet or per SSRC,
/// that is the business of <see cref="SrtpProtector"/> and <see cref="SrtpUnprotector"/>. Lengths were checked by the caller.
/// </summary>
internal abstract class SrtpTransform : IDisposable
{
    /// <summary>The E flag in front of the SRTCP index: the packet is encrypted.</summary>
    protected const uint EncryptedFlag = 0x8000_0000;

    /// <summary>The part of an RTCP packet that stays readable: header and SSRC of the first report.</summary>
    protected const int RtcpHeaderLength = 8;

    public abstract bool ProtectRtp(uint ssrc, long index, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> into);

    /// <summary>
    /// The same with the header in place, final when the batch is complete. <paramref name="packet"/> is exactly as long as the result,
    /// and overwritten when false is returned.
    /// </summary>
    public virtual bool ProtectRtp(SrtpBatch batch, uint ssrc, long index, Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload)
    {
        if (ProtectRtp(ssrc, index, packet[..headerLength], payload, packet))
        {
            return true;
        }

        packet.Clear(); // the payload may have been in place, in the clear
        return false;
    }

    public abstract bool UnprotectRtp(uint ssrc, long index, Span<byte> packet, int headerLength);

    public abstract bool ProtectRtcp(uint ssrc, uint index, ReadOnlySpan<byte> packet, Span<byte> into);

    public abstract bool UnprotectRtcp(uint ssrc, uint index, bool isEncrypted, Span<byte> packet);

    public abstract void Dispose();

    /// <param name="master">Stays the caller's.</param>
    /// <param name="protects">True for the sending direction.</param>
    /// <param name="library">Null for OpenSSL.</param>
    public static SrtpTransform Create(SrtpMasterKey master, bool protects, IpsecMb? library) => master.Profile switch
    {
        SrtpProfile.Aes128CmHmacSha1Tag80 => new AesCmHmacSha1Transform(master, protects ? library : null),
        _ => new AeadAesGcmTransform(master, protects, library),
    };
}
