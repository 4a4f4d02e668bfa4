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

    // made by me; ciphers with the first packet that needs them
    private readonly SrtpSessionKey _rtpKey;
    private readonly SrtpSessionKey _rtcpKey;
    private SrtpSalt _rtpSalt;
    private SrtpSalt _rtcpSalt;
    private IpsecMbCounterHmacKey? _rtpBatched;
    private CounterHmac? _rtp;
    private CounterHmac? _rtcp;

    // state
    private SrtpBatch? _batch; // where packets of ours may wait

    /// <param name="master">Stays the caller's.</param>
    /// <param name="library">For packets that are protected in a batch; null for OpenSSL.</param>
    public AesCmHmacSha1Transform(SrtpMasterKey master, IpsecMb? library)
    {
        _library = library;
        _rtpKey = SrtpSessionKey.Derive(master, isRtcp: false);
        _rtcpKey = SrtpSessionKey.Derive(master, isRtcp: true);
        _rtpSalt = SrtpKeyDerivation.DeriveSalt(master, SrtpKeyDerivation.RtpSalt);
        _rtcpSalt = SrtpKeyDerivation.DeriveSalt(master, SrtpKeyDerivation.RtcpSalt);
    }

    private CounterHmac Rtp => _rtp ??= new CounterHmac(_rtpKey);

    private CounterHmac Rtcp => _rtcp ??= new CounterHmac(_rtcpKey);

    public override bool ProtectRtp(uint ssrc, long index, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> into)
    {
        Span<byte> counter = stackalloc byte[AesCtr.BlockLength];
        _rtpSalt.WriteCounter(counter, ssrc, index);
        header.CopyTo(into);
        var length = header.Length + payload.Length;
        return Rtp.Cipher.Transform(counter, payload, into[header.Length..length])
            && TryTag(into[..length], index, into.Slice(length, TagLength));
    }

    [SkipLocalsInit]
    public override bool ProtectRtp(SrtpBatch batch, uint ssrc, long index, Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload)
    {
        if (_library is null || payload.IsEmpty || packet.Length > IpsecMbCounterHmac.MaxLength || batch.CounterHmac(_library) is not { } queue)
        {
            return base.ProtectRtp(batch, ssrc, index, packet, headerLength, payload);
        }

        Span<byte> counter = stackalloc byte[AesCtr.BlockLength];
        _rtpSalt.WriteCounter(counter, ssrc, index);
        Enter(batch);
        _rtpBatched ??= new IpsecMbCounterHmacKey(_library, _rtpKey.Encryption, _rtpKey.Authentication);
        queue.Add(_rtpBatched, counter, packet, headerLength, payload, suffix: (uint)(index >> 16));
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
        return Rtp.Cipher.Transform(counter, body[headerLength..], body[headerLength..]);
    }

    public override bool ProtectRtcp(uint ssrc, uint index, ReadOnlySpan<byte> packet, Span<byte> into)
    {
        Span<byte> counter = stackalloc byte[AesCtr.BlockLength];
        _rtcpSalt.WriteCounter(counter, ssrc, index);
        packet[..RtcpHeaderLength].CopyTo(into);
        if (!Rtcp.Cipher.Transform(counter, packet[RtcpHeaderLength..], into[RtcpHeaderLength..packet.Length]))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(into[packet.Length..], EncryptedFlag | index);
        var authenticated = packet.Length + IndexLength;
        Span<byte> tag = stackalloc byte[HmacSha1.TagLength];
        var ok = Rtcp.Tag.Compute(into[..authenticated], default, tag);
        tag[..TagLength].CopyTo(into[authenticated..]);
        return ok;
    }

    public override bool UnprotectRtcp(uint ssrc, uint index, bool isEncrypted, Span<byte> packet)
    {
        Span<byte> expected = stackalloc byte[HmacSha1.TagLength];
        if (!Rtcp.Tag.Compute(packet[..^TagLength], default, expected)
            || !CryptographicOperations.FixedTimeEquals(expected[..TagLength], packet[^TagLength..]))
        {
            return false;
        }

        Span<byte> counter = stackalloc byte[AesCtr.BlockLength];
        _rtcpSalt.WriteCounter(counter, ssrc, index);
        var body = packet[RtcpHeaderLength..^(TagLength + IndexLength)];
        return !isEncrypted || Rtcp.Cipher.Transform(counter, body, body);
    }

    public override void Dispose()
    {
        _batch?.Settle(); // packets that wait there read our keys
        _batch = null;
        _rtpBatched?.Dispose();
        _rtp?.Dispose();
        _rtcp?.Dispose();
        _rtpKey.Dispose();
        _rtcpKey.Dispose();
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
        var ok = Rtp.Tag.Compute(authenticated, rollOver, full);
        full[..TagLength].CopyTo(tag);
        return ok;
    }

    private sealed class CounterHmac(SrtpSessionKey key) : IDisposable
    {
        public AesCtr Cipher { get; } = new(key.Encryption);

        public HmacSha1 Tag { get; } = new(key.Authentication);

        public void Dispose()
        {
            Cipher.Dispose();
            Tag.Dispose();
        }
    }
}
