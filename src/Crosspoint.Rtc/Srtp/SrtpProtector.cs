using System.Runtime.CompilerServices;

namespace Crosspoint.Rtc.Srtp;

/// <summary>
/// Protects the RTP and RTCP we send to one peer under one master key (RFC 3711, RFC 7714); any number of SSRCs.
/// The first sequence number of an SSRC should be below 32,768, or a receiver that loses the packets around the first
/// wrap guesses the roll-over counter wrong (RFC 3711 §3.3.1).
/// </summary>
/// <remarks>Owned by one thread, its peer's worker. Nothing is allocated per packet.</remarks>
public sealed class SrtpProtector : IDisposable
{
    // given to me
    private readonly SrtpProfileParameters _parameters;
    private readonly bool _mayRepeat;

    // made by me
    private readonly SrtpTransform _transform;
    private readonly SrtpSourceTable _sources;

    // state
    private SrtpCounters _rtpCounters;
    private SrtpCounters _rtcpCounters;
    private bool _isDisposed;

    /// <summary>Derives the session keys; <paramref name="master"/> stays the caller's and may be wiped at once.</summary>
    public SrtpProtector(SrtpMasterKey master, SrtpOptions? options = null)
    {
        options ??= new SrtpOptions();
        _parameters = SrtpProfileParameters.Of(master.Profile);
        _mayRepeat = options.AllowRepeatedIndex && master.Profile == SrtpProfile.Aes128CmHmacSha1Tag80;
        _transform = SrtpTransform.Create(master, protects: true, SrtpEngineChoice.Library(options.Engine));
        _sources = new SrtpSourceTable(options.MaxSendSources);
        Profile = master.Profile;
    }

    /// <summary>The profile in use.</summary>
    public SrtpProfile Profile { get; }

    /// <summary>What became of the last packet, for when zero was returned.</summary>
    public SrtpResult LastResult { get; private set; }

    /// <summary>Results of RTP packets, batched or not.</summary>
    public SrtpCounters RtpCounters => _rtpCounters;

    /// <summary>Results of RTCP packets.</summary>
    public SrtpCounters RtcpCounters => _rtcpCounters;

    /// <summary>Writes the SRTP packet; the payload is read once and its ciphertext written straight to its place.</summary>
    /// <param name="header">Fixed header, CSRCs and extension: at least 12 bytes.</param>
    /// <param name="payload">With its padding. May be where it lands in <paramref name="into"/>, or elsewhere, but must not half overlap it.</param>
    /// <param name="into">At least both lengths plus <see cref="SrtpProfileParameters.MaxRtpExpansion"/>.</param>
    /// <returns>The packet's length; 0 when it was refused, see <see cref="LastResult"/>.</returns>
    public int ProtectRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> into)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        LastResult = TryProtectRtp(header, payload, into);
        _rtpCounters.Add(LastResult);
        return LastResult == SrtpResult.Ok ? header.Length + payload.Length + _parameters.RtpExpansion : 0;
    }

    /// <summary>
    /// The same as part of a batch: <paramref name="packet"/> begins with the header, and is ready to be sent after <see cref="SrtpBatch.Complete"/>.
    /// Until then neither it nor the payload may move, change or be freed; dispose this protector only after that, too.
    /// </summary>
    /// <param name="batch">This thread's.</param>
    /// <param name="packet">Pinned memory: the header, and room for the payload and <see cref="SrtpProfileParameters.MaxRtpExpansion"/>.</param>
    /// <param name="headerLength">Fixed header, CSRCs and extension: at least 12 bytes.</param>
    /// <param name="payload">With its padding, in pinned memory. May be where it lands in <paramref name="packet"/>, or elsewhere, but must not half overlap it.</param>
    /// <returns>The packet's length; 0 when it was refused, see <see cref="LastResult"/>.</returns>
    public int ProtectRtp(SrtpBatch batch, Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        LastResult = TryProtectRtp(batch, packet, headerLength, payload);
        _rtpCounters.Add(LastResult);
        return LastResult == SrtpResult.Ok ? headerLength + payload.Length + _parameters.RtpExpansion : 0;
    }

    /// <summary>Writes the SRTCP packet, always encrypted.</summary>
    /// <param name="packet">A compound or reduced-size packet of at least 8 bytes. May be the start of <paramref name="into"/>.</param>
    /// <param name="into">At least the length plus <see cref="SrtpProfileParameters.MaxRtcpExpansion"/>.</param>
    /// <returns>The packet's length; 0 when it was refused, see <see cref="LastResult"/>.</returns>
    public int ProtectRtcp(ReadOnlySpan<byte> packet, Span<byte> into)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        LastResult = TryProtectRtcp(packet, into);
        _rtcpCounters.Add(LastResult);
        return LastResult == SrtpResult.Ok ? packet.Length + _parameters.RtcpExpansion : 0;
    }

    /// <summary>Wipes the keys.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _transform.Dispose();
    }

    private SrtpResult TryProtectRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> into)
    {
        if (header.Length < SrtpPacketFormat.RtpFixedHeaderLength)
        {
            return SrtpResult.TooShort;
        }

        if (into.Length < header.Length + payload.Length + _parameters.RtpExpansion)
        {
            return SrtpResult.BufferTooSmall;
        }

        var ssrc = SrtpPacketFormat.RtpSsrc(header);
        var result = TakeIndex(ssrc, SrtpPacketFormat.RtpSequence(header), out var index);
        return result != SrtpResult.Ok ? result
            : _transform.ProtectRtp(ssrc, index, header, payload, into) ? SrtpResult.Ok : SrtpResult.CipherFailed;
    }

    private SrtpResult TryProtectRtp(SrtpBatch batch, Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload)
    {
        if (headerLength < SrtpPacketFormat.RtpFixedHeaderLength || headerLength > packet.Length)
        {
            return SrtpResult.TooShort;
        }

        var length = headerLength + payload.Length + _parameters.RtpExpansion;
        if (packet.Length < length)
        {
            return SrtpResult.BufferTooSmall;
        }

        var ssrc = SrtpPacketFormat.RtpSsrc(packet);
        var result = TakeIndex(ssrc, SrtpPacketFormat.RtpSequence(packet), out var index);
        if (result != SrtpResult.Ok || _transform.ProtectRtp(batch, ssrc, index, packet[..length], headerLength, payload))
        {
            return result;
        }

        batch.CountFailure();
        return SrtpResult.CipherFailed;
    }

    // The packet's index, which after this is used: a nonce that may have been used is used.
    private SrtpResult TakeIndex(uint ssrc, ushort sequence, out long index)
    {
        ref var source = ref FindOrAdd(ssrc);
        if (Unsafe.IsNullRef(ref source))
        {
            index = -1;
            return SrtpResult.TooManySources;
        }

        index = SrtpPacketIndex.Guess(source.Rtp.Highest, sequence);
        var verdict = Judge(ref source.Rtp, index);
        if (verdict == SrtpResult.Ok)
        {
            source.Rtp.Commit(index);
        }

        return verdict;
    }

    private SrtpResult Judge(ref ReplayWindow window, long index)
    {
        if (index is < 0 or > SrtpPacketIndex.Max)
        {
            return index < 0 ? SrtpResult.TooOld : SrtpResult.KeyExhausted;
        }

        var verdict = window.Check(index);
        return verdict == SrtpResult.Replayed && _mayRepeat ? SrtpResult.Ok : verdict;
    }

    private SrtpResult TryProtectRtcp(ReadOnlySpan<byte> packet, Span<byte> into)
    {
        if (packet.Length < SrtpPacketFormat.RtcpHeaderLength)
        {
            return SrtpResult.TooShort;
        }

        if (into.Length < packet.Length + _parameters.RtcpExpansion)
        {
            return SrtpResult.BufferTooSmall;
        }

        var ssrc = SrtpPacketFormat.RtcpSsrc(packet);
        ref var source = ref FindOrAdd(ssrc);
        if (Unsafe.IsNullRef(ref source))
        {
            return SrtpResult.TooManySources;
        }

        var index = source.Rtcp.Highest + 1; // RFC 3711 §3.4: from zero, one more for each packet
        if (index > SrtpUnprotector.MaxRtcpIndex)
        {
            return SrtpResult.KeyExhausted;
        }

        source.Rtcp.Commit(index);
        return _transform.ProtectRtcp(ssrc, (uint)index, packet, into) ? SrtpResult.Ok : SrtpResult.CipherFailed;
    }

    private ref SrtpSource FindOrAdd(uint ssrc)
    {
        ref var source = ref _sources.Find(ssrc);
        if (Unsafe.IsNullRef(ref source) && !_sources.IsFull)
        {
            return ref _sources.Add(ssrc);
        }

        return ref source;
    }
}
