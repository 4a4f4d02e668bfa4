using System.Buffers.Binary;
using System.Security.Cryptography;
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

    private readonly AesGcm _rtp;
    private readonly AesGcm _rtcp;
    private readonly byte[] _rtpSalt = new byte[AesGcm.NonceLength];
    private readonly byte[] _rtcpSalt = new byte[AesGcm.NonceLength];

    public AeadAesGcmTransform(SrtpMasterKey master, bool protects)
    {
        Span<byte> key = stackalloc byte[master.Key.Length];
        SrtpKeyDerivation.Derive(master, SrtpKeyDerivation.RtpEncryption, key);
        _rtp = new AesGcm(key, protects);
        SrtpKeyDerivation.Derive(master, SrtpKeyDerivation.RtcpEncryption, key);
        _rtcp = new AesGcm(key, protects);
        CryptographicOperations.ZeroMemory(key);
        SrtpKeyDerivation.Derive(master, SrtpKeyDerivation.RtpSalt, _rtpSalt);
        SrtpKeyDerivation.Derive(master, SrtpKeyDerivation.RtcpSalt, _rtcpSalt);
    }

    /// <summary>With given session keys, the same for RTP and RTCP, as the vectors of RFC 7714 have them.</summary>
    internal AeadAesGcmTransform(ReadOnlySpan<byte> sessionKey, ReadOnlySpan<byte> sessionSalt, bool protects)
    {
        _rtp = new AesGcm(sessionKey, protects);
        _rtcp = new AesGcm(sessionKey, protects);
        sessionSalt.CopyTo(_rtpSalt);
        sessionSalt.CopyTo(_rtcpSalt);
    }

    public override bool ProtectRtp(uint ssrc, long index, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> into)
    {
        Span<byte> nonce = stackalloc byte[AesGcm.NonceLength];
        WriteRtpNonce(nonce, ssrc, index);
        header.CopyTo(into);
        var ciphertext = into.Slice(header.Length, payload.Length);
        return _rtp.Seal(nonce, into[..header.Length], default, payload, ciphertext, into.Slice(header.Length + payload.Length, AesGcm.TagLength));
    }

    public override bool UnprotectRtp(uint ssrc, long index, Span<byte> packet, int headerLength)
    {
        Span<byte> nonce = stackalloc byte[AesGcm.NonceLength];
        WriteRtpNonce(nonce, ssrc, index);
        return _rtp.Open(nonce, packet[..headerLength], default, packet[headerLength..^AesGcm.TagLength], packet[^AesGcm.TagLength..]);
    }

    public override bool ProtectRtcp(uint ssrc, uint index, ReadOnlySpan<byte> packet, Span<byte> into)
    {
        Span<byte> nonce = stackalloc byte[AesGcm.NonceLength];
        WriteRtcpNonce(nonce, ssrc, index);
        packet[..RtcpHeaderLength].CopyTo(into);
        var tag = into.Slice(packet.Length, AesGcm.TagLength);
        var trailer = into.Slice(packet.Length + AesGcm.TagLength, IndexLength);
        BinaryPrimitives.WriteUInt32BigEndian(trailer, EncryptedFlag | index);
        return _rtcp.Seal(nonce, into[..RtcpHeaderLength], trailer, packet[RtcpHeaderLength..], into[RtcpHeaderLength..packet.Length], tag);
    }

    public override bool UnprotectRtcp(uint ssrc, uint index, bool isEncrypted, Span<byte> packet)
    {
        Span<byte> nonce = stackalloc byte[AesGcm.NonceLength];
        WriteRtcpNonce(nonce, ssrc, index);
        var trailer = packet[^IndexLength..];
        var tag = packet[^(IndexLength + AesGcm.TagLength)..^IndexLength];
        var body = packet[..^(IndexLength + AesGcm.TagLength)];
        return isEncrypted
            ? _rtcp.Open(nonce, body[..RtcpHeaderLength], trailer, body[RtcpHeaderLength..], tag)
            : _rtcp.Open(nonce, body, trailer, default, tag);
    }

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
        CryptographicOperations.ZeroMemory(_rtpSalt);
        CryptographicOperations.ZeroMemory(_rtcpSalt);
    }

    // RFC 7714 §8.1: 00 00 | SSRC | ROC | SEQ, xor salt
    private void WriteRtpNonce(Span<byte> nonce, uint ssrc, long index)
    {
        BinaryPrimitives.WriteUInt32BigEndian(nonce, ssrc >> 16);
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], ((ulong)(ushort)ssrc << 48) | (ulong)index);
        Xor(nonce, _rtpSalt);
    }

    // RFC 7714 §9.1: 00 00 | SSRC | 00 00 | 0, index, xor salt
    private void WriteRtcpNonce(Span<byte> nonce, uint ssrc, uint index)
    {
        BinaryPrimitives.WriteUInt32BigEndian(nonce, ssrc >> 16);
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], ((ulong)(ushort)ssrc << 48) | index);
        Xor(nonce, _rtcpSalt);
    }

    private static void Xor(Span<byte> nonce, byte[] salt)
    {
        for (var i = 0; i < nonce.Length; i++)
        {
            nonce[i] ^= salt[i];
        }
    }
}
