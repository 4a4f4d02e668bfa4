using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Rtc.Congestion;

/// <summary>
/// Reports to a sender which of its packets arrived and when (draft-holmer-rmcat-transport-wide-cc-extensions-01),
/// every 50 to 100 ms depending on what that costs of what arrives.
/// </summary>
/// <remarks>One per transport that receives; one owner. Memory is bounded whatever numbers arrive.</remarks>
public sealed class TransportFeedbackGenerator(TransportFeedbackGeneratorOptions options)
{
    // Headers of feedback, SRTCP, UDP and IPv4 around about a byte per packet.
    private const int FeedbackBytes = 80;
    private const double BytesPerStatus = 1.2;

    private readonly ArrivalLog _log = new(options.MaxPackets);
    private long _unreported; // the first number that the next feedback speaks of
    private Instant _lastWritten = Instant.FromMilliseconds(-1000);
    private long _pendingBytes;
    private int _pendingPackets;
    private byte _feedbackCount;
    private bool _started;
    private TransportFeedbackGeneratorCounters _counters;

    /// <summary>When feedback is due; never when nothing arrived since the last.</summary>
    public Instant NextTimeout { get; private set; } = Instant.Never;

    /// <summary>What became of arrivals.</summary>
    public ref readonly TransportFeedbackGeneratorCounters Counters => ref _counters;

    /// <summary>A packet has arrived.</summary>
    /// <param name="now">When.</param>
    /// <param name="sequence">Its transport-wide number.</param>
    /// <param name="bytes">On the wire; what feedback may cost is measured against it.</param>
    public void Handle(Instant now, SequenceNumber sequence, int bytes)
    {
        long number = Place(sequence);
        if (number < _log.First)
        {
            _counters.TooOld++;
            return;
        }

        if (!_log.Add(number, now))
        {
            _counters.Duplicates++;
            return;
        }

        // Late, but its range is still known: report the range again, with it in.
        _unreported = Math.Max(Math.Min(_unreported, number), _log.First);
        _pendingBytes += bytes;
        _pendingPackets++;
        Schedule(now);
    }

    /// <summary>
    /// Writes one feedback if one is due; false when none is, or it does not fit. True may leave more to say:
    /// then <see cref="NextTimeout"/> is not later than now.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="sender">Who reports.</param>
    /// <param name="media">Some source of the transport.</param>
    public bool TryWrite(Instant now, ref RtcpWriter writer, Ssrc sender, Ssrc media)
    {
        if (now < NextTimeout)
        {
            return false;
        }

        // What is missing before the first arrival was reported missing, or never will be asked about: feedback begins with an arrival or just before.
        int covered = TransportFeedbackWriter.TryWrite(ref writer, sender, media, _feedbackCount, new((ushort)_unreported), _log.From(_unreported));
        if (covered == 0)
        {
            return false;
        }

        _feedbackCount++;
        _counters.Written++;
        _unreported += covered;
        if (_unreported < _log.End)
        {
            NextTimeout = now;
            return true;
        }

        Forget(now);
        _lastWritten = now;
        (_pendingBytes, _pendingPackets) = (0, 0);
        NextTimeout = Instant.Never;
        return true;
    }

    private long Place(SequenceNumber sequence)
    {
        long number = _started ? _log.End + SequenceNumber.Distance(new((ushort)_log.End), sequence) : 0x1_0000 + sequence.Value;
        if (_started && Math.Abs(number - _log.End) <= options.MaxPackets)
        {
            return number;
        }

        // Nothing of the old line can be told together with the new.
        _counters.Restarts += _started ? 1 : 0;
        _started = true;
        _log.Restart(number);
        _unreported = number;
        return number;
    }

    // As soon as what has arrived pays for a feedback, within the bounds.
    private void Schedule(Instant now)
    {
        if (_pendingPackets == 1)
        {
            // After a pause the first packet is seldom alone: wait as if feedback had just gone.
            _lastWritten = now - _lastWritten > options.MaxInterval ? now : _lastWritten;
            NextTimeout = _lastWritten + options.MaxInterval;
        }

        double cost = FeedbackBytes + (_pendingPackets * BytesPerStatus);
        if (cost <= _pendingBytes * options.BandwidthShare)
        {
            NextTimeout = Instant.Min(NextTimeout, Instant.Max(now, _lastWritten + options.MinInterval));
        }
    }

    private void Forget(Instant now)
    {
        ReadOnlySpan<Instant> arrivals = _log.From(_log.First);
        int old = 0;
        while (old < arrivals.Length && (arrivals[old].IsNever || now - arrivals[old] > options.KeepReported))
        {
            old++;
        }

        _log.DropBefore(_log.First + old);
    }
}
