using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Rtc.Congestion;

/// <summary>
/// How much may be sent to one peer now: the least of what delay, loss and the receiver itself (REMB) allow, grown by probes.
/// </summary>
/// <remarks>
/// One per transport; one owner, the worker of that transport. Nothing is allocated per packet or feedback once the buffers
/// have grown to the number of packets under way. See docs/congestion-control.md.
/// </remarks>
public sealed class BandwidthEstimator
{
    private static readonly TimeSpan RoundTripGuess = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan QuietQueue = TimeSpan.FromMilliseconds(25);

    private const double ShortQueueLoss = 0.01;
    private const double LeastPacing = 1.1; // of the target, so that what waited for a moment comes after

    private readonly BandwidthEstimatorOptions _options;

    private readonly FeedbackMatcher _matcher;
    private readonly DelayBasedEstimator _delay;
    private readonly LossBasedEstimator _loss;

    // What a packet touches lies together.
    private SentPacketHistory _history;
    private FeedbackWatch _watch;
    private SendRate _sent;

    private ReportBasedRate _reports;
    private ProbeController _probes;
    private ProbeResults _results;
    private Bitrate? _remb;
    private Bitrate _wanted;
    private Bitrate _beforeDrain;
    private bool _hasFeedback;
    private byte _fractionLost;

    /// <summary>Begins at the start rate.</summary>
    /// <param name="options">Its bounds.</param>
    /// <param name="now">The present.</param>
    /// <param name="scratch">Shared with others of the same owner, of whom one at a time takes feedback; its own without.</param>
    /// <exception cref="ArgumentException">The options contradict one another.</exception>
    public BandwidthEstimator(BandwidthEstimatorOptions options, Instant now, FeedbackScratch? scratch = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _history = new SentPacketHistory(options.MaxPackets, options.MaxPacketAge);
        _matcher = new FeedbackMatcher(scratch ?? new FeedbackScratch());
        _delay = new DelayBasedEstimator(options.Start, options.MostUnproven);
        _loss = new LossBasedEstimator(options.Min);
        _reports = new ReportBasedRate(options.Start, now);
        _watch = new FeedbackWatch(options.FeedbackTimeout);
        Target = options.Start;
        Sustained = options.Start;
    }

    /// <summary>All that may be sent now: media, retransmissions, FEC and padding, with everything around them on the wire.</summary>
    public Bitrate Target { get; private set; }

    /// <summary>
    /// What can be counted on for longer than a moment: the target, but while it yields to let a queue drain, what the link carries.
    /// Choose layers by this and pace by the target: a keyframe's queue is gone before a layer could be changed.
    /// </summary>
    public Bitrate Sustained { get; private set; }

    /// <summary>What the link carries, also while the target is below it for a moment to let a queue drain.</summary>
    public Bitrate Carried => IsDraining && State == BandwidthState.Delay && _delay.Carried > Target ? _delay.Carried : Target;

    /// <summary>True while less is sent than passes, to let a queue drain.</summary>
    public bool IsDraining => _delay.State == DelayRateState.Drain;

    /// <summary>True while the queue drains that was left when the link fell to a fraction of what was sent.</summary>
    public bool HasCollapsed => _delay.HasCollapsed;

    /// <summary>True where something is known that speaks against sending more, or where no feedback would say so: otherwise a low target is only what is known so far.</summary>
    public bool HasShownLimit => !_hasFeedback || _watch.Share < 1 || _remb is not null || _loss.Rate is not null || IsDraining || _delay.Capacity > Bitrate.Zero;

    /// <summary>At which a burst may leave: faster than the target, but where the link was seen full, hardly faster than it carries.</summary>
    public Bitrate PacingRate
    {
        get
        {
            double most = Target.BitsPerSecond * _options.PacingFactor;
            double least = Math.Min(most, Target.BitsPerSecond * LeastPacing);
            return IsDraining ? Target : new((long)(_delay.Capacity > Bitrate.Zero ? Math.Clamp(_delay.Capacity.BitsPerSecond, least, most) : most));
        }
    }

    /// <summary>True while packets are lost and none waits long: by chance, or in a queue too short for a burst.</summary>
    public bool LosesAtRandom => LossRatio > ShortQueueLoss && _delay.Standing < QuietQueue;

    /// <summary>
    /// How much of <see cref="PacingRate"/> may leave at once. Where packets are lost and none waits long, the queue on the way may be
    /// too short for a frame, so then bursts are short as well.
    /// </summary>
    public TimeSpan PacingBurst => LosesAtRandom ? Pacer.ShortBurst : Pacer.LongBurst;

    /// <summary>What keeps the target from being higher.</summary>
    public BandwidthState State { get; private set; }

    /// <summary>Of the feedback, smoothed as RFC 6298 §2 does, with the time the other side holds it back; none before the first.</summary>
    public TimeSpan? RoundTrip { get; private set; }

    /// <summary>Share of packets lost over the last seconds, 0 to 1.</summary>
    public double LossRatio => _hasFeedback ? _loss.LossRatio : _fractionLost / 256.0;

    /// <summary>How long the newest packets waited in queues.</summary>
    public TimeSpan QueueDelay => _delay.Queue;

    /// <summary>What arrives at the other side, over half a second; none while unknown.</summary>
    public Bitrate? Acknowledged => _delay.Acknowledged;

    /// <summary>Bytes under way: sent, and not yet spoken of by feedback.</summary>
    public long OutstandingBytes => _history.OutstandingBytes;

    /// <summary>What became of the statuses in feedback.</summary>
    public ref readonly FeedbackCounters Counters => ref _matcher.Counters;

    /// <summary>When <see cref="HandleTimeout"/> has something to do or <see cref="TryTakeProbe"/> something to give.</summary>
    public Instant NextTimeout => Instant.Min(_watch.NextTimeout, _hasFeedback ? _probes.NextTimeout(Target, _wanted) : Instant.Never);

    /// <summary>The transport-wide number that the next packet gets.</summary>
    public SequenceNumber NextSequence => _history.Next;

    /// <summary>A packet is being sent: its transport-wide number.</summary>
    /// <param name="now">When.</param>
    /// <param name="bytes">On the wire, with SRTP, UDP and IP around it.</param>
    /// <param name="kind">What it carries.</param>
    /// <param name="probeId">The probe it belongs to; 0 for none.</param>
    public SequenceNumber HandleSent(Instant now, int bytes, SentKind kind, int probeId)
    {
        _sent.Add(now, bytes);
        _watch.HandleSent(now);
        return _history.Add(now, bytes, kind, probeId);
    }

    /// <summary>The packets last sent, all at one time, really left at another: what they waited here is not the network's doing.</summary>
    public void HandleDeparture(Instant sentAt, Instant leftAt) => _history.Postpone(sentAt, leftAt);

    /// <summary>Takes feedback. It is not trusted: what it says of packets that were not sent is counted and ignored.</summary>
    public void HandleFeedback(Instant now, in TransportFeedback feedback)
    {
        _matcher.Match(now, feedback, ref _history);
        if (_matcher.ClockJumped)
        {
            _delay.RestartClock();
        }

        if (_matcher.Reports.IsEmpty)
        {
            return;
        }

        _hasFeedback = true;
        bool wasSilent = _watch.Share < 1;
        UpdateRoundTrip(_matcher.RoundTrip);
        _watch.HandleFeedback(now, RoundTrip ?? RoundTripGuess);
        _sent.Judge(now, Target);
        TakeReports(now, wasSilent);
        UpdateDelay(now);
        Combine();
    }

    /// <summary>The receiver will take no more than this. Zero means the minimum; more than there can be means no limit.</summary>
    public void HandleRemb(Instant now, Bitrate max)
    {
        _remb = max > _options.Min ? max : _options.Min;
        if (!_hasFeedback && _fractionLost < 5)
        {
            _reports.JumpTo(_remb.Value < _options.Max ? _remb.Value : _options.Max);
        }

        Combine();
    }

    /// <summary>A receiver report block; it counts only as long as no transport-wide feedback came.</summary>
    /// <param name="now">The time.</param>
    /// <param name="fractionLost">Since the last report, in 256ths.</param>
    /// <param name="roundTrip">If the report tells it.</param>
    public void HandleReport(Instant now, byte fractionLost, TimeSpan? roundTrip)
    {
        if (_hasFeedback)
        {
            return;
        }

        UpdateRoundTrip(roundTrip);
        _fractionLost = fractionLost;
        _reports.Update(now, fractionLost, RoundTrip ?? RoundTripGuess);
        _reports.Clamp(_options.Min, _options.Max);
        Combine();
    }

    /// <summary>How much could be used at most. More than the target makes the estimator probe; nothing stops it.</summary>
    /// <param name="now">The time.</param>
    /// <param name="wanted">With everything around it on the wire.</param>
    /// <param name="isUrgent">Something is not sent at all for want of it.</param>
    public void SetWanted(Instant now, Bitrate wanted, bool isUrgent = false)
    {
        _wanted = wanted;
        _probes.SetUrgent(isUrgent);
    }

    /// <summary>A probe to send now, media first and padding for the rest.</summary>
    public bool TryTakeProbe(Instant now, out Probe probe)
    {
        bool quiet = _delay.State != DelayRateState.Drain && _delay.Queue < QuietQueue && (State != BandwidthState.Loss || _loss.IsQuiet) && State != BandwidthState.NoFeedback;
        if (!_probes.TryTake(now, Target, _wanted, _options.Max, quiet, out probe))
        {
            return false;
        }

        _results.Begin(probe);
        return true;
    }

    /// <summary>Time has passed: feedback may be missing.</summary>
    public void HandleTimeout(Instant now)
    {
        if (_watch.HandleTimeout(now, RoundTrip ?? RoundTripGuess))
        {
            Combine();
        }
    }

    private void TakeReports(Instant now, bool wasSilent)
    {
        Bitrate delayBased = _delay.Rate;
        Bitrate? acknowledged = _delay.Acknowledged;
        bool first = _matcher.UnreportedBytes > 0;
        foreach (ref readonly PacketReport report in _matcher.Reports)
        {
            // What an outage swallowed says nothing of what the link carries now that it is back.
            if (!wasSilent)
            {
                _loss.Add(report, delayBased, acknowledged, RoundTrip ?? RoundTripGuess, _delay.State == DelayRateState.Drain, _delay.Standing >= QuietQueue);
            }

            if (first && report.Received)
            {
                _delay.AddUnreported(report.ReceivedAt, _matcher.UnreportedBytes);
                first = false;
            }

            if (!report.Received)
            {
                continue;
            }

            _delay.Add(report.SentAt, report.ReceivedAt, report.Bytes, report.ProbeId != 0);
            if (report.ProbeId != 0 && _results.Add(report, _delay.WaitOf(report.SentAt, report.ReceivedAt), _delay.UsualWait, out Bitrate found))
            {
                EndProbe(now, report.ProbeId, found);
            }
        }
    }

    private void EndProbe(Instant now, int id, Bitrate found)
    {
        _results.End(id);
        if (found == Bitrate.Zero)
        {
            _probes.HandleVoid(now, id);
            return;
        }

        _probes.HandleResult(now, id, found);
        _delay.HandleProbe(found);
        _loss.HandleProbe(found);
    }

    private void UpdateDelay(Instant now)
    {
        (DelayRateState state, Bitrate rate, bool hadCollapsed) = (_delay.State, _delay.Rate, _delay.HasCollapsed);
        _delay.Update(now, RoundTrip ?? RoundTripGuess);
        _delay.Clamp(_options.Min, _options.Max);
        if (state != DelayRateState.Drain && _delay.State == DelayRateState.Drain)
        {
            _beforeDrain = rate;
        }
        else if (state == DelayRateState.Drain && _delay.State != DelayRateState.Drain)
        {
            if (hadCollapsed)
            {
                _loss.Restart();
            }

            _probes.HandleDrained(now, _delay.Rate.BitsPerSecond / (double)_beforeDrain.BitsPerSecond);
        }
    }

    private void UpdateRoundTrip(TimeSpan? sample)
    {
        if (sample is { } known && known >= TimeSpan.Zero)
        {
            RoundTrip = RoundTrip is { } smoothed ? smoothed + ((known - smoothed) / 8) : known;
        }
    }

    private void Combine()
    {
        Bitrate target = _hasFeedback ? _delay.Rate : _reports.Rate;
        BandwidthState state = Explain(target);
        Limit(_loss.Rate, BandwidthState.Loss, ref target, ref state);
        Limit(_options.Max, BandwidthState.Maximum, ref target, ref state);
        Limit(_remb, BandwidthState.Remb, ref target, ref state);
        if (_watch.Share < 1)
        {
            target = new((long)(target.BitsPerSecond * _watch.Share));
            state = BandwidthState.NoFeedback;
        }

        Target = target > _options.Min ? target : _options.Min;
        Sustained = state == BandwidthState.Delay && _delay.State == DelayRateState.Drain && _delay.Sustained > Target ? _delay.Sustained : Target;
        State = state;
    }

    private BandwidthState Explain(Bitrate target)
    {
        if (!_hasFeedback)
        {
            return _fractionLost > 25 ? BandwidthState.Loss : BandwidthState.None;
        }

        return _delay.State == DelayRateState.Drain || (_delay.Capacity > Bitrate.Zero && target >= _delay.Capacity) ? BandwidthState.Delay
            : _sent.IsLimited ? BandwidthState.ApplicationLimited
            : BandwidthState.None;
    }

    private static void Limit(Bitrate? most, BandwidthState reason, ref Bitrate target, ref BandwidthState state)
    {
        if (most is { } limit && limit <= target)
        {
            target = limit;
            state = reason;
        }
    }
}
