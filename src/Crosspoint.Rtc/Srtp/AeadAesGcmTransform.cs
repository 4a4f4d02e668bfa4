using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Crosspoint.Rtc.Crypto;
using AesGcm = Crosspoint.Rtc.Crypto.AesGcm;

namespace Crosspoint.Rtc.Srtp;

/// <summary>AEAD_AES_128_GCM and AEAD_AES_256_GCM (RFC 7714).</summary>
/// <remarks>
/// <code>
/// SRTP   | header, CSRC, extension | ciphertext | tag (16) |                        associated: the header part
/// SRTCP  | header (8) | ciphertext | tag (16) | E, index (4) |                      associated: header, E and index
/// SRTCP  | header (8) | plaintext  | tag (16) | 0, index (4) |  not encrypted       associated: all but the tag
/// </code>
/// </remarks>
internal sealed class AeadAesGcmTransform : SrtpTransform
{
    private const int IndexLength = SrtpProfileParameters.RtcpIndexLength;

    // given to me
    private readonly IpsecMb? _library;
    private readonly bool _protects;

    // made by me; ciphers with the first packet that needs them
    private readonly SrtpSessionKey _rtpKey;
    private readonly SrtpSessionKey _rtcpKey;
    private SrtpSalt _rtpSalt;
    private SrtpSalt _rtcpSalt;
    private AesGcm? _rtp;
    private AesGcm? _rtcp;

    /// <param name="master">Stays the caller's.</param>
    /// <param name="protects">True for the sending direction.</param>
    /// <param name="library">Null for OpenSSL.</param>
    public AeadAesGcmTransform(SrtpMasterKey master, bool protects, IpsecMb? library)
    {
        (_library, _protects) = (library, protects);
        _rtpKey = SrtpSessionKey.Derive(master, isRtcp: false);
        _rtcpKey = SrtpSessionKey.Derive(master, isRtcp: true);
        _rtpSalt = SrtpKeyDerivation.DeriveSalt(master, SrtpKeyDerivation.RtpSalt);
        _rtcpSalt = SrtpKeyDerivation.DeriveSalt(master, SrtpKeyDerivation.RtcpSalt);
    }

    /// <summary>With given session keys, the same for RTP and RTCP, as the vectors of RFC 7714 have them.</summary>
    internal AeadAesGcmTransform(ReadOnlySpan<byte> sessionKey, ReadOnlySpan<byte> sessionSalt, bool protects, IpsecMb? library)
    {
        (_library, _protects) = (library, protects);
        _rtpKey = SrtpSessionKey.Of(sessionKey);
        _rtcpKey = SrtpSessionKey.Of(sessionKey);
        _rtpSalt = _rtcpSalt = new SrtpSalt(sessionSalt);
    }

    private AesGcm Rtp => _rtp ??= AesGcm.Create(_library, _rtpKey.Encryption, _protects);

    private AesGcm Rtcp => _rtcp ??= AesGcm.Create(_library, _rtcpKey.Encryption, _protects);

    [SkipLocalsInit]
    public override bool ProtectRtp(uint ssrc, long index, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> into)
    {
        Span<byte> nonce = stackalloc byte[AesGcm.NonceLength];
        _rtpSalt.WriteNonce(nonce, ssrc, index);
        header.CopyTo(into);
        var ciphertext = into.Slice(header.Length, payload.Length);
        return Rtp.Seal(nonce, into[..header.Length], payload, ciphertext, into.Slice(header.Length + payload.Length, AesGcm.TagLength));
    }

    [SkipLocalsInit]
    public override bool ProtectRtp(SrtpBatch batch, uint ssrc, long index, Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload)
    {
        // One packet at a time is as fast as GCM gets, so nothing waits in the batch.
        Span<byte> nonce = stackalloc byte[AesGcm.NonceLength];
        _rtpSalt.WriteNonce(nonce, ssrc, index);
        if (Rtp.Seal(nonce, packet[..headerLength], payload, packet[headerLength..^AesGcm.TagLength], packet[^AesGcm.TagLength..]))
        {
            return true;
        }

        packet.Clear();
        return false;
    }

    public override bool UnprotectRtp(uint ssrc, long index, Span<byte> packet, int headerLength)
    {
        Span<byte> nonce = stackalloc byte[AesGcm.NonceLength];
        _rtpSalt.WriteNonce(nonce, ssrc, index);
        return Rtp.Open(nonce, packet[..headerLength], packet[headerLength..^AesGcm.TagLength], packet[^AesGcm.TagLength..]);
    }

    public override bool ProtectRtcp(uint ssrc, uint index, ReadOnlySpan<byte> packet, Span<byte> into)
    {
        Span<byte> nonce = stackalloc byte[AesGcm.NonceLength];
        _rtcpSalt.WriteNonce(nonce, ssrc, index);
        packet[..RtcpHeaderLength].CopyTo(into);
        var tag = into.Slice(packet.Length, AesGcm.TagLength);
        var trailer = into.Slice(packet.Length + AesGcm.TagLength, IndexLength);
        BinaryPrimitives.WriteUInt32BigEndian(trailer, EncryptedFlag | index);
        Span<byte> associated = stackalloc byte[RtcpHeaderLength + IndexLength];
        into[..RtcpHeaderLength].CopyTo(associated);
        trailer.CopyTo(associated[RtcpHeaderLength..]);
        return Rtcp.Seal(nonce, associated, packet[RtcpHeaderLength..], into[RtcpHeaderLength..packet.Length], tag);
    }

    public override bool UnprotectRtcp(uint ssrc, uint index, bool isEncrypted, Span<byte> packet)
    {
        Span<byte> nonce = stackalloc byte[AesGcm.NonceLength];
        _rtcpSalt.WriteNonce(nonce, ssrc, index);
        Span<byte> tag = stackalloc byte[AesGcm.TagLength];
        packet.Slice(packet.Length - IndexLength - AesGcm.TagLength, AesGcm.TagLength).CopyTo(tag);
        var trailer = packet[^IndexLength..];
        var body = packet[..^(IndexLength + AesGcm.TagLength)];
        if (!isEncrypted)
        {
            trailer.CopyTo(packet[body.Length..]); // over the tag: now all that is authenticated lies together
            return Rtcp.Open(nonce, packet[..(body.Length + IndexLength)], default, tag);
        }

        Span<byte> associated = stackalloc byte[RtcpHeaderLength + IndexLength];
        body[..RtcpHeaderLength].CopyTo(associated);
        trailer.CopyTo(associated[RtcpHeaderLength..]);
        return Rtcp.Open(nonce, associated, body[RtcpHeaderLength..], tag);
    }

    public override void Dispose()
    {
        _rtp?.Dispose();
        _rtcp?.Dispose();
        _rtpKey.Dispose();
        _rtcpKey.Dispose();
        _rtpSalt.Wipe();
        _rtcpSalt.Wipe();
    }
}
