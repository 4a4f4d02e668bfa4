using Crosspoint.Media.Forwarding;
using Crosspoint.Media.Layers;
using Crosspoint.Media.Plans;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Media;

/// <summary>One RTP stream of a producer: its statistics, what it lost, what is kept of it, and its clock.</summary>
/// <remarks>One owner: the router's thread.</remarks>
internal sealed class ProducerStream : IDeadline, IDisposable
{
    private readonly NackGenerator? _nack;

    private ReceiveStatistics _statistics;
    private ReceivedWindow _window;
    private ProducerClock _clock;
    private KeyFrameRequester _keyFrameRequests;
    private byte _firSequence;
    private long _lostBefore;

    public ProducerStream(Producer producer, EncodingPlan encoding, int index)
    {
        RouterOptions options = producer.Transport.Router.Options;
        Producer = producer;
        Encoding = encoding;
        Index = index;
        Ssrc = encoding.Ssrc;
        RtxSsrc = encoding.RtxSsrc;
        _statistics = new ReceiveStatistics(producer.Plan.ClockRate);
        _clock = new ProducerClock(producer.Plan.ClockRate);
        _keyFrameRequests = new KeyFrameRequester(options.KeyFrames);
        _nack = producer.Plan.Feedback.Includes(FeedbackFlags.Nack) ? new NackGenerator(options.Nack) : null;
        Layers = new StreamLayers(producer.Plan.Codec, encoding, options.LayerSilence);
        Store = new RetransmissionBuffer(producer.Transport.Router.Pool, producer.IsVideo ? options.VideoStore : options.AudioStore);
    }

    public Producer Producer { get; }

    public EncodingPlan Encoding { get; }

    /// <summary>Its place among the producer's encodings, from 0, as signalled.</summary>
    public int Index { get; }

    /// <inheritdoc/>
    public int HeapIndex { get; set; } = -1;

    /// <summary>As declared, or as learned; none until then.</summary>
    public Ssrc Ssrc { get; set; }

    /// <summary>Of its retransmissions, as declared or as learned; none until then.</summary>
    public Ssrc RtxSsrc { get; set; }

    /// <summary>The source said BYE; another may take its place.</summary>
    public bool HasLeft { get; set; }

    /// <summary>Its last packets, for all its consumers.</summary>
    public RetransmissionBuffer Store { get; }

    /// <summary>What is in it, of video.</summary>
    public StreamLayers Layers { get; }

    /// <summary>Consumers that chose it among several.</summary>
    public int Watchers { get; set; }

    /// <summary>Counts how often its numbering began anew.</summary>
    public int Generation { get; private set; }

    /// <summary>When a packet came that was not there before.</summary>
    public Instant LastPacketAt { get; private set; }

    /// <summary>Of the newest packet.</summary>
    public SequenceNumber HighestSequence => new((ushort)_statistics.ExtendedHighestSequence);

    /// <summary>Packets taken, retransmitted ones included.</summary>
    public long Packets { get; private set; }

    /// <summary>Their payload.</summary>
    public long Bytes { get; private set; }

    /// <summary>Those that came by retransmission.</summary>
    public long Repaired { get; private set; }

    /// <summary>Keyframes that began.</summary>
    public long KeyFrames { get; private set; }

    /// <summary>PLI and FIR sent.</summary>
    public long KeyFrameRequestsSent { get; private set; }

    /// <summary>Packets asked for, each request counted.</summary>
    public long NacksSent => _nack?.Requested ?? 0;

    /// <summary>Lost on the way, before repair (RFC 3550 §6.4.1); negative after duplicates.</summary>
    public long Lost => _lostBefore + _statistics.CumulativeLost;

    /// <summary>Interarrival jitter (RFC 3550 §6.4.1).</summary>
    public TimeSpan Jitter => _statistics.JitterTime;

    /// <summary>True once one has come.</summary>
    public bool HasPackets => _statistics.HasPackets;

    /// <summary>True while packets of it come.</summary>
    public bool IsAlive(Instant now) => IsHeard(now, Producer.Transport.Router.Options.LayerSilence);

    /// <summary>True while so little time has passed that the encoder may only have skipped pictures.</summary>
    public bool MayGoOn(Instant now) => IsHeard(now, Producer.Transport.Router.Options.SmallerLayerSilence);

    /// <summary>True when a packet came within a span.</summary>
    public bool IsHeard(Instant now, TimeSpan silence) => HasPackets && now - LastPacketAt <= silence;

    /// <summary>Its timestamps against its sender's wallclock.</summary>
    public ref ProducerClock Clock => ref _clock;

    /// <summary>
    /// True while packets of it come as often as its pictures did: what is watched gives way to another much sooner than a dead encoding is given up,
    /// because nobody sees anything until then.
    /// </summary>
    public bool IsFlowing(Instant now) => IsAlive(now) && now - Instant.Max(LastPacketAt, Producer.Flow.Since) <= Layers.Silence;

    /// <summary>True when its next pictures are late, and it may be about to fall silent.</summary>
    public bool IsLate(Instant now) => IsAlive(now) && now - Instant.Max(LastPacketAt, Producer.Flow.Since) > Layers.Hesitation;

    /// <summary>Takes an original packet into account; says whether it may go on.</summary>
    public bool TryTake(Instant now, SequenceNumber sequence, RtpTimestamp timestamp, int payloadLength)
    {
        long lost = _statistics.CumulativeLost;
        SequenceVerdict verdict = _statistics.Update(now, sequence, timestamp);
        if (verdict == SequenceVerdict.Implausible)
        {
            Producer.Transport.Drop(MediaDropReason.ImplausibleSequence);
            return false;
        }

        if (verdict == SequenceVerdict.Restarted)
        {
            _lostBefore += lost;
            BeginAnew();
        }

        return TryPass(now, sequence, payloadLength);
    }

    /// <summary>Takes a packet that came by retransmission. It must lie near the stream, or it could push the stream's window away.</summary>
    public bool TryTakeRepaired(Instant now, SequenceNumber sequence, int payloadLength)
    {
        int ahead = SequenceNumber.Distance(HighestSequence, sequence);
        if (!_statistics.HasPackets || ahead is > 100 or < -2000)
        {
            Producer.Transport.Drop(MediaDropReason.ImplausibleSequence);
            return false;
        }

        if (!TryPass(now, sequence, payloadLength))
        {
            return false;
        }

        Repaired++;
        return true;
    }

    /// <summary>The packet begins a keyframe.</summary>
    public void HandleKeyFrame(SequenceNumber sequence)
    {
        KeyFrames++;
        _keyFrameRequests.Satisfy();
        _nack?.HandleKeyFrame(sequence);
    }

    /// <summary>Somebody needs a keyframe of this stream; it is not urgent to who has a picture meanwhile, and one who repeats it with every packet needs it no more when he stops.</summary>
    public void WantKeyFrame(Instant now, bool isUrgent = true, bool isRepeated = false)
    {
        if (!Producer.IsVideo || Producer.IsPaused || Producer.IsStopped || Producer.ConsumerCount == 0)
        {
            return;
        }

        if (_keyFrameRequests.Want(now, Producer.Transport.RoundTrip, isUrgent, isRepeated))
        {
            SendKeyFrameRequest(now);
        }

        Producer.Transport.Arm(this, _keyFrameRequests.NextTimeout);
    }

    /// <summary>Does what is due; says when there is more.</summary>
    public Instant HandleTimeout(Instant now)
    {
        if (Producer.ConsumerCount == 0)
        {
            _keyFrameRequests.Satisfy();
        }

        if (_keyFrameRequests.HandleTimeout(now, Producer.Transport.RoundTrip))
        {
            SendKeyFrameRequest(now);
        }

        if (_nack is null)
        {
            return _keyFrameRequests.NextTimeout;
        }

        if (_nack.NextTimeout <= now)
        {
            long givenUp = _nack.GivenUp;
            OutgoingFeedback.SendNack(now, this, _nack);
            if (_nack.GivenUp != givenUp)
            {
                WantKeyFrame(now); // What will not come any more holds every decoder up until the next one.
            }
        }

        return Instant.Min(_keyFrameRequests.NextTimeout, _nack.NextTimeout);
    }

    /// <summary>Nothing that is missing now is worth asking for: the producer is paused or resumed.</summary>
    public void ForgetMissing()
    {
        _nack?.Reset();
        _keyFrameRequests.Satisfy();
    }

    /// <summary>What we report about it; the fraction lost is taken, so once per report.</summary>
    public ReportBlock TakeReportBlock(Instant now) => new(
        Ssrc,
        _statistics.TakeFractionLost(),
        _statistics.CumulativeLost,
        _statistics.ExtendedHighestSequence,
        _statistics.Jitter,
        _clock.LastReport,
        _clock.DelaySince(now));

    /// <summary>Another source takes the place of the one that was learned.</summary>
    public void Relearn(Ssrc ssrc)
    {
        Ssrc = ssrc;
        HasLeft = false;
        _lostBefore += _statistics.CumulativeLost;
        _statistics = new ReceiveStatistics(Producer.Plan.ClockRate);
        BeginAnew();
    }

    public void Dispose() => Store.Dispose();

    private bool TryPass(Instant now, SequenceNumber sequence, int payloadLength)
    {
        if (!_window.TryTake(sequence))
        {
            Producer.Transport.Drop(MediaDropReason.Duplicate);
            return false;
        }

        LastPacketAt = now;
        Producer.Flow.Note(now);
        Packets++;
        Bytes += payloadLength;
        if (_nack is { } nack && !Producer.IsPaused)
        {
            Note(now, nack, nack.Handle(now, sequence));
        }

        return true;
    }

    private void Note(Instant now, NackGenerator nack, NackVerdict verdict)
    {
        if (verdict == NackVerdict.Gap)
        {
            Producer.Transport.Arm(this, nack.NextTimeout);
        }
        else if (verdict == NackVerdict.KeyFrameNeeded)
        {
            WantKeyFrame(now);
        }
    }

    private void BeginAnew()
    {
        _window.Reset();
        _nack?.Reset();
        _clock.Reset();
        Store.Clear();
        Layers.Restart();
        Generation++;
        Producer.BeginTimeline(this);
    }

    private void SendKeyFrameRequest(Instant now)
    {
        if (OutgoingFeedback.TrySendKeyFrameRequest(now, this, _firSequence))
        {
            _firSequence++;
            KeyFrameRequestsSent++;
        }
    }
}
