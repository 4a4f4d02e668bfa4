using System.Buffers.Binary;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Statistics;

namespace Crosspoint.Rtc.Streams;

/// <summary>
/// The sending side of one RTP stream: what its sender reports say, what its receiver reports back, and how NACKs are answered.
/// </summary>
/// <remarks>One owner. The retransmission buffer is the caller's and may be shared between streams that send the same packets.</remarks>
public sealed class RtpSendStream
{
    private readonly RtpSendStreamOptions _options;

    private readonly ResendThrottle _throttle = new();

    private uint _packets;
    private uint _octets;
    private RtpTimestamp _lastTimestamp;
    private Instant _lastTimestampAt;
    private SequenceNumber _rtxSequence;
    private RttEstimator _rtt;
    private ReportBlock _lastReport;
    private SendCounters _counters;

    /// <summary>Begins without packets.</summary>
    public RtpSendStream(RtpSendStreamOptions options, IRandomSource random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ClockRate, 1, nameof(options));
        _options = options;

        // RFC 3550 §5.1: the first number of a stream is random. The upper half stays free, so that a wrap is not the first event.
        Span<byte> bytes = stackalloc byte[2];
        random.Fill(bytes);
        _rtxSequence = new((ushort)(BinaryPrimitives.ReadUInt16LittleEndian(bytes) & 0x7FFF));
    }

    /// <summary>The stream's SSRC.</summary>
    public Ssrc Ssrc => _options.Ssrc;

    /// <summary>True when retransmissions have a stream of their own.</summary>
    public bool HasRtx => _options.RtxSsrc != Ssrc.None;

    /// <summary>Round-trip time as receiver reports show it.</summary>
    public RttEstimator RoundTripTime => _rtt;

    /// <summary>The last report block about this stream.</summary>
    public ReportBlock LastReport => _lastReport;

    /// <summary>Notes a packet that has been sent for the first time.</summary>
    public void HandleSent(Instant now, RtpTimestamp timestamp, int headerLength, int payloadLength)
    {
        _packets++;
        _octets += (uint)payloadLength;
        _counters.Packets++;
        _counters.Bytes += payloadLength;
        _counters.HeaderBytes += headerLength;
        if (_packets == 1 || timestamp.IsNewerThan(_lastTimestamp))
        {
            _lastTimestamp = timestamp;
            _lastTimestampAt = now;
        }
    }

    /// <summary>The stream's half of an SR; false while nothing has been sent. The RTP time is carried on from the newest packet to now.</summary>
    public bool TryGetSenderInfo(Instant now, in NtpClock clock, out SenderInfo info)
    {
        if (_packets == 0)
        {
            info = default;
            return false;
        }

        long since = (long)((Int128)(now - _lastTimestampAt).Ticks * _options.ClockRate / TimeSpan.TicksPerSecond);
        info = new SenderInfo(clock.ToNtp(now), _lastTimestamp + (uint)since, _packets, _octets);
        return true;
    }

    /// <summary>Takes a report block about this stream.</summary>
    /// <param name="now">The wallclock on the clock of our sender reports.</param>
    /// <param name="block">What the receiver says.</param>
    public void HandleReport(NtpTimestamp now, in ReportBlock block)
    {
        _lastReport = block;
        _rtt.Update(now, block.LastSenderReport, block.DelaySinceLastSenderReport);
    }

    /// <summary>
    /// Answers one number of a NACK: builds the header of the copy in the caller's span and points at its payload, which is not copied.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="sequence">The number asked for, which is also that of the stored packet.</param>
    /// <param name="buffer">Where the stream's packets are kept.</param>
    /// <param name="header">Room for a header.</param>
    /// <param name="headerLength">Bytes of the header.</param>
    /// <param name="payload">The payload; valid until the buffer is next used.</param>
    public ResendVerdict TryResend(Instant now, SequenceNumber sequence, RetransmissionBuffer buffer, Span<byte> header, out int headerLength, out ReadOnlySpan<byte> payload)
    {
        headerLength = 0;
        payload = default;
        _counters.NackedPackets++;
        if (!buffer.TryGet(now, sequence, out StoredPacket stored))
        {
            _counters.UnansweredPackets++;
            return ResendVerdict.NotFound;
        }

        if (stored.Header.Length > header.Length)
        {
            return ResendVerdict.NoRoom;
        }

        if (!RtpPacket.TryParseHeader(stored.Header, out RtpPacket original))
        {
            throw new ArgumentException("What the buffer keeps as a header is none.", nameof(buffer));
        }

        // A receiver that asks once per round trip, by its own measure, must not find every second request ignored.
        TimeSpan interval = _rtt.Or(_options.InitialRoundTripTime) * 7 / 8;
        if (!_throttle.TryPass(now, sequence, interval < _options.MinResendInterval ? _options.MinResendInterval : interval))
        {
            _counters.ThrottledPackets++;
            return ResendVerdict.Throttled;
        }

        stored.Header.CopyTo(header);
        headerLength = stored.Header.Length;
        payload = HasRtx ? stored.GetRtxPayload(sequence) : stored.Payload;
        if (HasRtx)
        {
            RtpHeaderWriter.Overwrite(header, new RtpHeaderFields(_options.RtxPayloadType, original.Marker, NextRtxSequence(), original.Timestamp, _options.RtxSsrc));
        }

        _counters.RetransmittedPackets++;
        _counters.RetransmittedBytes += payload.Length;
        return ResendVerdict.Resent;
    }

    /// <summary>The next number of the RTX stream, also for padding probes.</summary>
    public SequenceNumber NextRtxSequence()
    {
        SequenceNumber sequence = _rtxSequence;
        _rtxSequence = sequence.Next;
        return sequence;
    }

    /// <summary>A snapshot.</summary>
    public SendStreamStatistics GetStatistics() => new(
        _options.Ssrc,
        _counters.Packets,
        _counters.Bytes,
        _counters.HeaderBytes,
        _counters.RetransmittedPackets,
        _counters.RetransmittedBytes,
        _counters.NackedPackets,
        _counters.UnansweredPackets,
        _counters.ThrottledPackets,
        _lastReport.CumulativeLost,
        _lastReport.FractionLost,
        TimeSpan.FromSeconds(_lastReport.Jitter / (double)_options.ClockRate),
        _rtt.HasSample ? _rtt.Smoothed : null);

    private struct SendCounters
    {
        public long Packets;
        public long Bytes;
        public long HeaderBytes;
        public long RetransmittedPackets;
        public long RetransmittedBytes;
        public long NackedPackets;
        public long UnansweredPackets;
        public long ThrottledPackets;
    }
}
