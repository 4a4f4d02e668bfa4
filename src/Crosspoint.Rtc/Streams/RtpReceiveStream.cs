using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Statistics;

namespace Crosspoint.Rtc.Streams;

/// <summary>What a received packet meant for its stream.</summary>
/// <param name="Sequence">Where it stands.</param>
/// <param name="Nack">What it meant for the list of missing packets; <see cref="NackVerdict.InOrder"/> without NACK.</param>
public readonly record struct ReceiveVerdict(SequenceVerdict Sequence, NackVerdict Nack);

/// <summary>
/// The receiving side of one RTP stream and its retransmissions: what receiver reports say of it, and which packets to ask for.
/// </summary>
/// <remarks>One owner.</remarks>
public sealed class RtpReceiveStream
{
    private readonly RtpReceiveStreamOptions _options;

    private readonly NackGenerator? _nack;

    private ReceiveStatistics _statistics;
    private ReceiveStatistics _rtxStatistics;
    private ReceiveCounters _counters;
    private byte _fractionLost;

    /// <summary>Begins without packets.</summary>
    public RtpReceiveStream(RtpReceiveStreamOptions options)
    {
        _options = options;
        _nack = options.Nack is null ? null : new NackGenerator(options.Nack);
        _statistics = new ReceiveStatistics(options.ClockRate);
        _rtxStatistics = new ReceiveStatistics(options.ClockRate);
    }

    /// <summary>The stream's SSRC.</summary>
    public Ssrc Ssrc => _options.Ssrc;

    /// <summary>The SSRC of its retransmissions.</summary>
    public Ssrc RtxSsrc => _options.RtxSsrc;

    /// <summary>The last sender report; default before the first.</summary>
    public SenderInfo LastSenderInfo { get; private set; }

    /// <summary>When it arrived; <see cref="Instant.Never"/> before the first.</summary>
    public Instant LastSenderReportAt { get; private set; } = Instant.Never;

    /// <summary>When a NACK is due next.</summary>
    public Instant NextTimeout => _nack?.NextTimeout ?? Instant.Never;

    /// <summary>True once a packet has been counted.</summary>
    public bool HasPackets => _statistics.HasPackets;

    /// <summary>Counts a packet of the stream itself.</summary>
    public ReceiveVerdict Handle(Instant now, in RtpPacket packet)
    {
        SequenceVerdict sequence = _statistics.Update(now, packet.SequenceNumber, packet.Timestamp);
        if (sequence == SequenceVerdict.Implausible)
        {
            _counters.ImplausiblePackets++;
            return new(sequence, NackVerdict.Duplicate);
        }

        _counters.Packets++;
        _counters.Bytes += packet.Payload.Length;
        _counters.HeaderBytes += packet.HeaderLength + packet.PaddingLength;
        if (sequence == SequenceVerdict.Restarted)
        {
            _nack?.Reset();
        }

        return new(sequence, _nack?.Handle(now, packet.SequenceNumber) ?? NackVerdict.InOrder);
    }

    /// <summary>
    /// Counts a packet of the RTX stream and turns it into the original in place: <c>packet[2..]</c>.
    /// False for a probe that carries none. A verdict of <see cref="NackVerdict.Duplicate"/> means that nobody misses it.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="packet">Plaintext bytes of an RTP packet.</param>
    /// <param name="payloadType">The payload type that the packet's own stands for (<c>apt</c>).</param>
    /// <param name="verdict">What the original meant for the list of missing packets.</param>
    public bool TryHandleRtx(Instant now, Span<byte> packet, PayloadType payloadType, out NackVerdict verdict)
    {
        verdict = NackVerdict.Duplicate;
        if (!RtpPacket.TryParse(packet, out RtpPacket rtx))
        {
            return false;
        }

        _counters.RtxPackets++;
        _counters.RtxBytes += rtx.Payload.Length;
        _rtxStatistics.Update(now, rtx.SequenceNumber, rtx.Timestamp);
        if (!RtxPacket.TryUnwrapInPlace(packet, _options.Ssrc, payloadType, out SequenceNumber original))
        {
            return false;
        }

        verdict = _nack?.Handle(now, original) ?? NackVerdict.Duplicate;
        return true;
    }

    /// <summary>
    /// A packet came out of forward error correction: it is not asked for any more. It does not count as received, so that reports tell what the path loses.
    /// </summary>
    public NackVerdict HandleRecovered(Instant now, SequenceNumber sequence) => _nack?.Handle(now, sequence) ?? NackVerdict.Duplicate;

    /// <summary>A keyframe begins with this packet; older ones need not be asked for.</summary>
    public void HandleKeyFrame(SequenceNumber first) => _nack?.HandleKeyFrame(first);

    /// <summary>The stream is paused or switched off; what is missing stays so.</summary>
    public void ResetNack() => _nack?.Reset();

    /// <summary>Takes the sender's half of an SR.</summary>
    public void HandleSenderReport(Instant now, in SenderInfo info)
    {
        LastSenderInfo = info;
        LastSenderReportAt = now;
        _counters.SenderReports++;
    }

    /// <summary>Appends a NACK when one is due; returns how many packets it asks for.</summary>
    public int TryWriteNack(Instant now, TimeSpan roundTripTime, ref RtcpWriter writer, Ssrc sender) =>
        _nack?.TryWrite(now, roundTripTime, ref writer, sender, _options.Ssrc) ?? 0;

    /// <summary>The block for the next receiver report; it begins a new interval. False before the first packet.</summary>
    public bool TryTakeReport(Instant now, out ReportBlock block)
    {
        block = default;
        if (!_statistics.HasPackets)
        {
            return false;
        }

        _fractionLost = _statistics.TakeFractionLost();
        bool heard = !LastSenderReportAt.IsNever;
        block = new ReportBlock(
            _options.Ssrc,
            _fractionLost,
            _statistics.CumulativeLost,
            _statistics.ExtendedHighestSequence,
            _statistics.Jitter,
            heard ? LastSenderInfo.Ntp.Middle : NtpShort.Zero,
            heard ? NtpShort.From(now - LastSenderReportAt) : NtpShort.Zero);
        return true;
    }

    /// <summary>The block about the RTX stream. False before its first packet.</summary>
    public bool TryTakeRtxReport(out ReportBlock block)
    {
        if (!_rtxStatistics.HasPackets)
        {
            block = default;
            return false;
        }

        byte fraction = _rtxStatistics.TakeFractionLost();
        block = new ReportBlock(_options.RtxSsrc, fraction, _rtxStatistics.CumulativeLost, _rtxStatistics.ExtendedHighestSequence, _rtxStatistics.Jitter, NtpShort.Zero, NtpShort.Zero);
        return true;
    }

    /// <summary>A snapshot.</summary>
    public ReceiveStreamStatistics GetStatistics() => new(
        _options.Ssrc,
        _counters.Packets,
        _counters.Bytes,
        _counters.HeaderBytes,
        _counters.ImplausiblePackets,
        _statistics.CumulativeLost,
        _fractionLost,
        _statistics.JitterTime,
        _counters.RtxPackets,
        _counters.RtxBytes,
        _nack?.Requested ?? 0,
        _nack?.Recovered ?? 0,
        _nack?.GivenUp ?? 0,
        _nack?.Overflows ?? 0,
        _counters.SenderReports);

    private struct ReceiveCounters
    {
        public long Packets;
        public long Bytes;
        public long HeaderBytes;
        public long ImplausiblePackets;
        public long RtxPackets;
        public long RtxBytes;
        public long SenderReports;
    }
}
