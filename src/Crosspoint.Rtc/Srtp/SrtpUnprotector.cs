using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Crosspoint.Rtc.Srtp;

/// <summary>
/// Authenticates and decrypts the RTP and RTCP that one peer sends under one master key (RFC 3711, RFC 7714).
/// Whatever does not end as <see cref="SrtpResult.Ok"/> has no plaintext and must be dropped; its buffer's content is unspecified.
/// </summary>
/// <remarks>Owned by one thread, its peer's worker. Nothing is allocated per packet; an SSRC's state is made by its first authentic packet.</remarks>
public sealed class SrtpUnprotector : IDisposable
{
    /// <summary>31 bits (RFC 3711 §3.4).</summary>
    internal const long MaxRtcpIndex = 0x7fff_ffff;

    // given to me
    private readonly SrtpProfileParameters _parameters;

    // made by me
    private readonly SrtpTransform _transform;
    private readonly SrtpSourceTable _sources;

    // state
    private SrtpCounters _rtpCounters;
    private SrtpCounters _rtcpCounters;
    private bool _isDisposed;

    /// <summary>Derives the session keys; <paramref name="master"/> stays the caller's and may be wiped at once.</summary>
    public SrtpUnprotector(SrtpMasterKey master, SrtpOptions? options = null)
    {
        options ??= new SrtpOptions();
        _parameters = SrtpProfileParameters.Of(master.Profile);
        _transform = SrtpTransform.Create(master, protects: false, SrtpEngineChoice.Library(options.Engine));
        _sources = new SrtpSourceTable(options.MaxReceiveSources);
        Profile = master.Profile;
    }

    /// <summary>The profile in use.</summary>
    public SrtpProfile Profile { get; }

    /// <summary>Results of <see cref="UnprotectRtp"/>.</summary>
    public SrtpCounters RtpCounters => _rtpCounters;

    /// <summary>Results of <see cref="UnprotectRtcp"/>.</summary>
    public SrtpCounters RtcpCounters => _rtcpCounters;

    /// <summary>How many SSRCs have sent an authentic packet.</summary>
    public int SourceCount => _sources.Count;

    /// <summary>Opens an SRTP packet in place.</summary>
    /// <param name="packet">The packet, header first.</param>
    /// <param name="headerLength">Fixed header, CSRCs and extension, as the RTP parser found them.</param>
    /// <param name="length">The plaintext packet is the first so many bytes; 0 unless Ok.</param>
    public SrtpResult UnprotectRtp(Span<byte> packet, int headerLength, out int length)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var result = TryUnprotectRtp(packet, headerLength);
        _rtpCounters.Add(result);
        length = result == SrtpResult.Ok ? packet.Length - _parameters.RtpExpansion : 0;
        return result;
    }

    /// <summary>Opens an SRTCP packet in place.</summary>
    /// <param name="packet">The packet, header first.</param>
    /// <param name="length">The plaintext packet is the first so many bytes; 0 unless Ok.</param>
    public SrtpResult UnprotectRtcp(Span<byte> packet, out int length)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var result = TryUnprotectRtcp(packet);
        _rtcpCounters.Add(result);
        length = result == SrtpResult.Ok ? packet.Length - _parameters.RtcpExpansion : 0;
        return result;
    }

    /// <summary>Wipes the keys.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _transform.Dispose();
    }

    private SrtpResult TryUnprotectRtp(Span<byte> packet, int headerLength)
    {
        if (headerLength < SrtpPacketFormat.RtpFixedHeaderLength || headerLength > packet.Length - _parameters.RtpExpansion)
        {
            return SrtpResult.TooShort;
        }

        var ssrc = SrtpPacketFormat.RtpSsrc(packet);
        ref var source = ref _sources.Find(ssrc);
        var isNew = Unsafe.IsNullRef(ref source);
        if (isNew && _sources.IsFull)
        {
            return SrtpResult.TooManySources;
        }

        var index = SrtpPacketIndex.Guess(isNew ? -1 : source.Rtp.Highest, SrtpPacketFormat.RtpSequence(packet));
        if (index is < 0 or > SrtpPacketIndex.Max)
        {
            return index < 0 ? SrtpResult.TooOld : SrtpResult.KeyExhausted;
        }

        // RFC 3711 §3.3: the replay check comes first because it is cheap, the window moves last because only then the packet is known genuine
        var verdict = isNew ? SrtpResult.Ok : source.Rtp.Check(index);
        if (verdict != SrtpResult.Ok)
        {
            return verdict;
        }

        if (!_transform.UnprotectRtp(ssrc, index, packet, headerLength))
        {
            return SrtpResult.AuthenticationFailed;
        }

        (isNew ? ref _sources.Add(ssrc) : ref source).Rtp.Commit(index);
        return SrtpResult.Ok;
    }

    private SrtpResult TryUnprotectRtcp(Span<byte> packet)
    {
        if (packet.Length < SrtpPacketFormat.RtcpHeaderLength + _parameters.RtcpExpansion)
        {
            return SrtpResult.TooShort;
        }

        var ssrc = SrtpPacketFormat.RtcpSsrc(packet);
        ref var source = ref _sources.Find(ssrc);
        var isNew = Unsafe.IsNullRef(ref source);
        if (isNew && _sources.IsFull)
        {
            return SrtpResult.TooManySources;
        }

        var word = BinaryPrimitives.ReadUInt32BigEndian(packet[RtcpIndexOffset(packet.Length)..]);
        var index = word & (uint)MaxRtcpIndex;
        var verdict = isNew ? SrtpResult.Ok : source.Rtcp.Check(index);
        if (verdict != SrtpResult.Ok)
        {
            return verdict;
        }

        if (!_transform.UnprotectRtcp(ssrc, index, isEncrypted: word >> 31 == 1, packet))
        {
            return SrtpResult.AuthenticationFailed;
        }

        (isNew ? ref _sources.Add(ssrc) : ref source).Rtcp.Commit(index);
        return SrtpResult.Ok;
    }

    // RFC 3711 §3.4 puts the index before the tag, RFC 7714 §9 after it
    private int RtcpIndexOffset(int length) => Profile == SrtpProfile.Aes128CmHmacSha1Tag80
        ? length - _parameters.RtcpExpansion
        : length - SrtpProfileParameters.RtcpIndexLength;
}
