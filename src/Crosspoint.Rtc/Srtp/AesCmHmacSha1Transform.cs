using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Crosspoint.Rtc.Crypto;

namespace Crosspoint.Rtc.Srtp;

/// <summary>AES128_CM_HMAC_SHA1_80 (RFC 3711 §4.1.1, §4.2.1): encrypt, then authenticate.</summary>
/// <remarks>
/// <code>
/// SRTP   | header, CSRC, extension | ciphertext | tag (10) |          authenticated: all before the tag, then the ROC
/// SRTCP  | header (8) | ciphertext | E, index (4) | tag (10) |        authenticated: all before the tag
/// </code>
/// </remarks>
internal sealed class AesCmHmacSha1Transform : SrtpTransform
{
    private const int TagLength = 10;
    private const int IndexLength = SrtpProfileParameters.RtcpIndexLength;

    // given to me
    private readonly IpsecMb? _library;

    // made by me
    private readonly IpsecMbCounterHmacKey? _rtpBatched;
    private readonly AesCtr _rtp;
    private readonly AesCtr _rtcp;
    private readonly HmacSha1 _rtpTag;
    private readonly HmacSha1 _rtcpTag;
    private SrtpSalt _rtpSalt;
    private SrtpSalt _rtcpSalt;

    // state
    private SrtpBatch? _batch; // where packets of ours may wait

    /// <param name="master">Stays the caller's.</param>
    /// <param name="library">For packets that are protected in a batch; null for OpenSSL.</param>
    public AesCmHmacSha1Transform(SrtpMasterKey master, IpsecMb? library)
    {
        _library = library;
        Span<byte> key = stackalloc byte[master.Key.Length];
        Span<byte> authentication = stackalloc byte[SrtpKeyDerivation.AuthenticationKeyLength];
        SrtpKeyDerivation.Derive(master, SrtpKeyDerivation.RtpEncryption, key);
        SrtpKeyDerivation.Derive(master, SrtpKeyDerivation.RtpAuthentication, authentication);
        _rtp = new AesCtr(key);
        _rtpTag = new HmacSha1(authentication);
        _rtpBatched = library is null ? null : new IpsecMbCounterHmacKey(library, key, authentication);

        SrtpKeyDerivation.Derive(master, SrtpKeyDerivation.RtcpEncryption, key);
        SrtpKeyDerivation.Derive(master, SrtpKeyDerivation.RtcpAuthentication, authentication);
        _rtcp = new AesCtr(key);
        _rtcpTag = new HmacSha1(authentication);
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(authentication);

        _rtpSalt = SrtpKeyDerivation.DeriveSalt(master, SrtpKeyDerivation.RtpSalt);
        _rtcpSalt = SrtpKeyDerivation.DeriveSalt(master, SrtpKeyDerivation.RtcpSalt);
    }

    public override bool ProtectRtp(uint ssrc, long index, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> into)
    {
        Span<byte> counter = stackalloc byte[AesCtr.BlockLength];
        _rtpSalt.WriteCounter(counter, ssrc, index);
        header.CopyTo(into);
        var length = header.Length + payload.Length;
        return _rtp.Transform(counter, payload, into[header.Length..length])
            && TryTag(into[..length], index, into.Slice(length, TagLength));
    }

    [SkipLocalsInit]
    public override bool ProtectRtp(SrtpBatch batch, uint ssrc, long index, Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload)
    {
        if (_rtpBatched is null || payload.IsEmpty || packet.Length > IpsecMbCounterHmac.MaxLength || batch.CounterHmac(_library!) is not { } queue)
        {
            return base.ProtectRtp(batch, ssrc, index, packet, headerLength, payload);
        }

        Span<byte> counter = stackalloc byte[AesCtr.BlockLength];
        _rtpSalt.WriteCounter(counter, ssrc, index);
        Enter(batch);
        queue.Add(_rtpBatched, _rtpTag, counter, packet, headerLength, payload, suffix: (uint)(index >> 16));
        return true;
    }

    public override bool UnprotectRtp(uint ssrc, long index, Span<byte> packet, int headerLength)
    {
        Span<byte> expected = stackalloc byte[TagLength];
        var body = packet[..^TagLength];
        if (!TryTag(body, index, expected) || !CryptographicOperations.FixedTimeEquals(expected, packet[^TagLength..]))
        {
            return false;
        }

        Span<byte> counter = stackalloc byte[AesCtr.BlockLength];
        _rtpSalt.WriteCounter(counter, ssrc, index);
        return _rtp.Transform(counter, body[headerLength..], body[headerLength..]);
    }

    public override bool ProtectRtcp(uint ssrc, uint index, ReadOnlySpan<byte> packet, Span<byte> into)
    {
        Span<byte> counter = stackalloc byte[AesCtr.BlockLength];
        _rtcpSalt.WriteCounter(counter, ssrc, index);
        packet[..RtcpHeaderLength].CopyTo(into);
        if (!_rtcp.Transform(counter, packet[RtcpHeaderLength..], into[RtcpHeaderLength..packet.Length]))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(into[packet.Length..], EncryptedFlag | index);
        var authenticated = packet.Length + IndexLength;
        Span<byte> tag = stackalloc byte[HmacSha1.TagLength];
        var ok = _rtcpTag.Compute(into[..authenticated], default, tag);
        tag[..TagLength].CopyTo(into[authenticated..]);
        return ok;
    }

    public override bool UnprotectRtcp(uint ssrc, uint index, bool isEncrypted, Span<byte> packet)
    {
        Span<byte> expected = stackalloc byte[HmacSha1.TagLength];
        if (!_rtcpTag.Compute(packet[..^TagLength], default, expected)
            || !CryptographicOperations.FixedTimeEquals(expected[..TagLength], packet[^TagLength..]))
        {
            return false;
        }

        Span<byte> counter = stackalloc byte[AesCtr.BlockLength];
        _rtcpSalt.WriteCounter(counter, ssrc, index);
        var body = packet[RtcpHeaderLength..^(TagLength + IndexLength)];
        return !isEncrypted || _rtcp.Transform(counter, body, body);
    }

    public override void Dispose()
    {
        _batch?.Settle(); // packets that wait there read our keys
        _batch = null;
        _rtpBatched?.Dispose();
        _rtp.Dispose();
        _rtcp.Dispose();
        _rtpTag.Dispose();
        _rtcpTag.Dispose();
        _rtpSalt.Wipe();
        _rtcpSalt.Wipe();
    }

    private void Enter(SrtpBatch batch)
    {
        if (!ReferenceEquals(batch, _batch))
        {
            _batch?.Settle();
            _batch = batch;
        }
    }

    // RFC 3711 §4.2: M = authenticated portion || ROC
    private bool TryTag(ReadOnlySpan<byte> authenticated, long index, Span<byte> tag)
    {
        Span<byte> rollOver = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(rollOver, (uint)(index >> 16));
        Span<byte> full = stackalloc byte[HmacSha1.TagLength];
        var ok = _rtpTag.Compute(authenticated, rollOver, full);
        full[..TagLength].CopyTo(tag);
        return ok;
    }
}
