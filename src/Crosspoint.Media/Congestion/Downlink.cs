using Crosspoint.Media.Allocation;
using Crosspoint.Media.Plans;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp.Extensions;

namespace Crosspoint.Media.Congestion;

/// <summary>
/// The way out of one transport to a network of unknown width: packets leave at once while the pacer has room and wait in order when
/// it has not, each with a number of the transport when it really leaves; probes look for more room when more is wanted.
/// </summary>
/// <remarks>
/// One owner: the router's thread. The way of a packet that need not wait: a comparison, the pacer's arithmetic, two bytes written and
/// a note of what left; nothing is copied.
/// </remarks>
internal sealed class Downlink
{
    // What can be asked again at once is asked again no sooner: a probe waits for a quiet queue.
    private static readonly TimeSpan ProbeRetry = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan LongWait = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan ReceiverTime = TimeSpan.FromMilliseconds(50); // in which a receiver puts it together and leaves off asking

    // A little more than arrives, or it would never be gone.
    private const double BehindFactor = 1.05;

    // In which what has piled up should be gone.
    private static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(2);

    // What repairs may take from layers: a quarter.
    private const int MostRepairPart = 4;

    // Where nothing is sent, padding as slow as an audio stream keeps feedback coming.
    private static readonly TimeSpan KnockInterval = TimeSpan.FromMilliseconds(50);

    // Given to me.
    private readonly RouterTransport _transport;
    private readonly PacingOptions _options;
    private readonly int _overhead;

    // Made by me.
    private readonly BandwidthEstimator _estimator;
    private readonly WaitingPackets _waiting;
    private readonly TransportAllocator _allocator;
    private readonly BandwidthReport _report = new();

    // State. What every packet touches comes first and lies together.
    private Pacer _pacer;
    private Instant _startedAt = Instant.Never;
    private Instant _numberedAt = Instant.Zero;
    private ProbeBudget _probe;
    private SentMeter _audio;
    private SentMeter _repair;
    private Instant _knockedAt = Instant.Zero;
    private bool _mayWait; // something waits, or did a moment ago
    private Instant _urgentUntil = Instant.Zero;
    private bool _isStartup;
    private bool _mayKnock;
    private bool _numbers;
    private long _queued;
    private long _probes;
    private long _paddingBytes;

    public Downlink(Instant now, RouterTransport transport)
    {
        RouterOptions options = transport.Router.Options;
        _transport = transport;
        _options = options.Pacing;
        _overhead = options.Pacing.Overhead;
        _estimator = new BandwidthEstimator(options.Bandwidth, now, transport.Router.FeedbackScratch);
        _waiting = new WaitingPackets(transport.Router.Pool, options.Pacing);
        _allocator = new TransportAllocator(transport);
        _pacer = new Pacer(_estimator.PacingRate, now);
    }

    /// <summary>When <see cref="HandleTimeout"/> has something to do.</summary>
    public Instant NextTimeout => Instant.Min(
        Instant.Min(_allocator.NextTimeout, KnockAt), Instant.Min(Instant.Min(_probe.NextTime, _estimator.NextTimeout), NextDeparture));

    /// <summary>How it stands.</summary>
    public DownlinkStatistics Statistics => new(
        _estimator.Target,
        _allocator.Wanted,
        _estimator.State,
        _estimator.RoundTrip,
        _estimator.LossRatio,
        _waiting.Bytes,
        _queued,
        _probes,
        _paddingBytes,
        _estimator.Counters.Feedbacks,
        _estimator.Counters.NeverSent);

    private Instant NextDeparture => _waiting.IsEmpty ? Instant.Never : Instant.Min(_pacer.NextTime(_waiting.Next.Head.Length + _overhead), _waiting.NextTimeout);

    private bool IsStartup(Instant now) =>
        _startedAt.IsNever
        || (now - _startedAt < _options.Startup
            && _estimator.State is not (BandwidthState.Delay or BandwidthState.Loss or BandwidthState.Remb or BandwidthState.NoFeedback));

    /// <summary>One of the transport's consumers negotiated this.</summary>
    public void Note(FeedbackFlags feedback) => _numbers |= feedback.Includes(FeedbackFlags.TransportWide);

    /// <summary>Somebody wants more or less, came or went.</summary>
    public void NoteWish(Instant now)
    {
        _allocator.Invalidate(now);
        _transport.Arm(NextTimeout);
    }

    /// <summary>Sends a packet, or has it wait. Audio never waits.</summary>
    public void Send(Instant now, in OutgoingRtp packet)
    {
        int bytes = packet.Length + _overhead;
        if (packet.Kind == SentKind.Audio)
        {
            // What feedback does not speak of is no part of the estimate. Charged all the same, sound of more than the estimate let nothing else
            // leave; without packets that have numbers no feedback came, and the estimate stayed where it was for good.
            if (packet.NumberOffset != 0 || !_numbers)
            {
                _audio.Add(bytes);
                _pacer.Charge(now, bytes);
            }

            Leave(now, packet);
            return;
        }

        bool isBehindOthers = _mayWait && _waiting.IsBehindOthers(packet.Kind);
        if (!isBehindOthers && _pacer.TryPass(now, bytes))
        {
            Leave(now, packet);
        }
        else
        {
            Wait(now, packet);
        }
    }

    /// <summary>What was sent at <paramref name="now"/> leaves only now.</summary>
    public void HandleDeparture(Instant now, Instant leaving) => _estimator.HandleDeparture(now, leaving);

    /// <summary>Takes transport-wide feedback; it is not trusted.</summary>
    public void HandleFeedback(Instant now, in TransportFeedback feedback)
    {
        if (_numbers)
        {
            _estimator.HandleFeedback(now, feedback);
            Follow(now);
        }
    }

    /// <summary>The receiver takes no more than this.</summary>
    public void HandleEstimate(Instant now, Bitrate most)
    {
        _estimator.HandleRemb(now, most);
        Follow(now);
    }

    /// <summary>A report block of the receiver.</summary>
    public void HandleReport(Instant now, byte fractionLost, TimeSpan? roundTrip)
    {
        _estimator.HandleReport(now, fractionLost, roundTrip);
        Follow(now);
    }

    /// <summary>Does what is due.</summary>
    public void HandleTimeout(Instant now)
    {
        _estimator.HandleTimeout(now);
        Follow(now);
        Probe(now);
        Drain(now);
        Knock(now);
    }

    /// <summary>When there is more to do.</summary>
    public Instant NextAfter(Instant now)
    {
        Instant soonest = Instant.Min(Instant.Min(_probe.NextTime, NextDeparture), Instant.Min(_allocator.NextTimeout, KnockAt));
        return Instant.Min(soonest, Instant.Max(_estimator.NextTimeout, now + ProbeRetry));
    }

    /// <summary>True while packets have waited so long, or will have, that those who begin anew should not wait behind them.</summary>
    public bool IsBehind(Instant now) => HasWaited(now) || Bitrate.Of(_waiting.Bytes, LongWait) > _pacer.Rate;

    private bool HasWaited(Instant now) => _waiting.Age(now) > LongWait;

    /// <summary>True while a queue on the way drains: what nobody needs would only make it longer.</summary>
    public bool IsDraining => _estimator.IsDraining;

    /// <summary>True while packets are lost and none waits long: what is lost then is lost by chance, and one copy more does no harm.</summary>
    public bool LosesAtRandom => _estimator.LosesAtRandom;

    /// <summary>True while the receiver cannot have seen the keyframe that a consumer began anew at: some of it waits to leave, or it is on the way, or what tells of it is.</summary>
    public bool HasKeyFrameUnderWay(Instant now, Consumer consumer) =>
        consumer.State == ConsumerState.Forwarding
        && ((_waiting.Media.OldestOf(consumer) is { } waiting && consumer.IsOfKeyFrame(waiting))
            || now - consumer.KeyFrameLeftAt < TimeToHear);

    /// <summary>
    /// A consumer begins anew at a keyframe: what waits of it from before would be in the way, and nobody needs it once the keyframe is there.
    /// True when such was taken out.
    /// </summary>
    public bool BeginAnew(Instant now, Consumer consumer)
    {
        _urgentUntil = now + _options.MaxDelay;
        Pace(now);
        return IsBehind(now) && _waiting.TakeOut(now, consumer, _estimator.Carried) + _waiting.Repair.Remove(consumer) > 0;
    }

    /// <summary>The consumer is gone, or begins anew: what of it still waits is of no use.</summary>
    public void Forget(Consumer consumer) => _waiting.Remove(consumer);

    /// <summary>Gives back what it holds.</summary>
    public void Close() => _waiting.Clear();

    // ---- leaving

    private void Leave(Instant now, in OutgoingRtp packet)
    {
        Reserve(packet.Kind, packet.Length);
        if (packet.NumberOffset != 0)
        {
            Number(now, packet.Consumer, packet.Header, packet.NumberOffset, packet.Length, packet.Kind);
        }

        _transport.Pass(now, packet.Header, packet.Prefix, packet.Payload, packet.Traits);
    }

    private void Number(Instant now, Consumer consumer, Span<byte> header, int offset, int length, SentKind kind)
    {
        int bytes = length + _overhead;
        SequenceNumber number = _estimator.HandleSent(now, bytes, kind, _probe.Id);
        TransportSequenceNumber.Write(number, header[offset..]);
        if (consumer.KeepsNumbers)
        {
            consumer.Resends.NoteNumber(header, number);
        }

        _numberedAt = now;
        if (_probe.Id != 0)
        {
            _probe.Charge(bytes);
        }

        if (_startedAt.IsNever)
        {
            _startedAt = now;
            _transport.Arm(now + _options.Startup);
        }
    }

    // Repair takes what it takes of the rate, when it leaves: what waits may never leave.
    private void Reserve(SentKind kind, int length)
    {
        if (kind is SentKind.Resend or SentKind.Fec)
        {
            _repair.Add(length + _overhead);
        }
    }

    private void Wait(Instant now, in OutgoingRtp packet)
    {
        if (!_waiting.TryAdd(now, packet))
        {
            GiveUp(now, packet.Consumer, packet.Kind, inHand: 1);
            return;
        }

        _mayWait = true;
        _queued++;
        _transport.Arm(NextDeparture);
    }

    // A frame that is not whole is of no use: what else waits of the track goes too, and it begins again at a keyframe.
    private void GiveUp(Instant now, Consumer consumer, SentKind kind, int inHand)
    {
        if (kind != SentKind.Media)
        {
            consumer.HandlePacingDrop(now, inHand, restart: false);
            return;
        }

        // Once: what was kept then and waits still is given up as well.
        bool finishes = consumer.State == ConsumerState.Forwarding;
        int lost = inHand + _waiting.TakeOut(now, consumer, finishes ? _estimator.Carried : Bitrate.Zero);
        _allocator.HandleGivenUp(now, consumer);
        consumer.HandlePacingDrop(now, lost, restart: true);
    }

    private void Drain(Instant now)
    {
        DropStale(now);
        DrainProbe(now);
        while (!_waiting.IsEmpty && _pacer.TryPass(now, _waiting.Next.Head.Length + _overhead))
        {
            Leave(now, _waiting.Next);
        }

        _mayWait = !_waiting.IsEmpty;
    }

    // Media first: what is sent anyway need not be padded.
    private void DrainProbe(Instant now)
    {
        while (_probe.Due(now) > 0 && !_waiting.Media.IsEmpty)
        {
            _pacer.Charge(now, _waiting.Media.Head.Length + _overhead);
            Leave(now, _waiting.Media);
        }
    }

    private void Leave(Instant now, PacingQueue queue)
    {
        PacingQueue.Entry entry = queue.Head;
        Reserve(entry.Kind, entry.Length);
        Span<byte> bytes = queue.GetBytes(entry);
        Span<byte> header = bytes[..entry.HeaderLength];
        if (entry.SendTimeOffset != 0)
        {
            AbsoluteSendTime.From(now).Write(header.Slice(entry.SendTimeOffset, AbsoluteSendTime.Length));
        }

        if (entry.NumberOffset != 0)
        {
            Number(now, entry.Consumer, header, entry.NumberOffset, entry.Length, entry.Kind);
        }

        if (entry.Consumer.IsOfKeyFrame(entry.QueuedAt))
        {
            entry.Consumer.KeyFrameLeftAt = now;
        }

        _transport.Pass(now, header, default, bytes[entry.HeaderLength..], entry.Traits);
        queue.RemoveHead();
    }

    // From when something left to when we hear of it. The receiver has a hand in both, so there is a bound.
    private TimeSpan TimeToHear => new(Math.Min(((_estimator.RoundTrip ?? TimeSpan.Zero) + _estimator.QueueDelay + ReceiverTime).Ticks, _options.MaxKeyFrameDelay.Ticks));

    private void DropStale(Instant now)
    {
        while (_waiting.TryTakeStaleRepair(now, out Consumer? consumer))
        {
            GiveUp(now, consumer, SentKind.Resend, inHand: 1);
        }

        while (_waiting.StaleMedia(now) is { } consumer)
        {
            GiveUp(now, consumer, SentKind.Media, inHand: 0);
        }
    }

    // ---- the estimate

    private void Follow(Instant now)
    {
        // A burst of repairs is over soon, and what it would leave out comes back with a keyframe.
        Bitrate repair = _repair.Measure(now);
        Bitrate most = new(_estimator.Sustained.BitsPerSecond / MostRepairPart);
        Bitrate reserved = new(_audio.Measure(now).BitsPerSecond + (repair < most ? repair : most).BitsPerSecond);
        if (HasWaited(now))
        {
            // What has piled up has to go besides what comes, or it stays for as long as all just fits.
            reserved = new(reserved.BitsPerSecond + Bitrate.Of(_waiting.Bytes, CatchUp).BitsPerSecond);
        }

        bool startup = IsStartup(now);
        TimeSpan foreseen = _estimator.HasCollapsed ? _estimator.QueueDelay + _estimator.Carried.TimeFor(_waiting.Bytes) : TimeSpan.Zero;
        _allocator.Run(now, new AllocationInput(_estimator.Sustained, reserved, _waiting.Age(now), _estimator.QueueDelay, foreseen, startup, CanPad, _estimator.HasShownLimit));
        Bitrate wanted = _allocator.Wanted;
        _estimator.SetWanted(now, CanPad ? wanted : Bitrate.Zero, _allocator.IsStarving);

        _isStartup = startup;
        Pace(now);
        if (_estimator.HasCollapsed)
        {
            SkipToSmaller(now);
        }

        if (_report.IsNew(now, _estimator.Target))
        {
            _transport.Router.Raise(new RouterEvent { Kind = RouterEventKind.BandwidthChanged, Transport = _transport, Estimate = _estimator.Target });
        }

        _mayKnock = CanPad && wanted > _estimator.Target;
        _transport.Arm(NextAfter(now));
    }

    // The queue on the way is full of layers that the link does not carry any more, and some of them were dropped there. What is begun anew
    // at a keyframe of a smaller one needs none of it; what waits here would only come before it.
    private void SkipToSmaller(Instant now)
    {
        foreach (Consumer consumer in _transport.ConsumerList)
        {
            if (consumer.Wish.Given is { } given && consumer.Current is { } current && given.Spatial < current.Spatial)
            {
                _waiting.Repair.Remove(consumer);
                consumer.HandlePacingDrop(now, _waiting.TakeOut(now, consumer, _estimator.Carried), restart: true);
            }
        }
    }

    private void Pace(Instant now)
    {
        // Nothing is known yet and the lowest layers are sent as they come: they must not wait for what is only a guess.
        // What has piled up goes no faster than the target: sent faster, a full link reads it as overuse, less is sent, and more piles up.
        // And while a queue drains, a keyframe that all wait for goes as fast as the link carries.
        Bitrate rate = HasWaited(now) ? new((long)(_estimator.Target.BitsPerSecond * BehindFactor)) : _estimator.PacingRate;
        bool isUrgent = now < _urgentUntil || (!_waiting.Media.IsEmpty && _waiting.Media.Head.Consumer.IsOfKeyFrame(_waiting.Media.Head.QueuedAt));
        Bitrate least = _isStartup ? new Bitrate(_allocator.Given.BitsPerSecond * 3 / 2) : isUrgent ? _estimator.Carried : Bitrate.Zero;
        _pacer.SetRate(now, rate > least ? rate : least, _estimator.PacingBurst);
    }

    // ---- probes

    private bool CanPad => _numbers && _transport.PaddableCount > 0;

    private void Probe(Instant now)
    {
        if (_probe.Id == 0 && CanPad && _estimator.TryTakeProbe(now, out Probe probe))
        {
            _probes++;
            _probe.Begin(now, probe);
        }

        DrainProbe(now);
        while (_probe.Due(now) > 0)
        {
            if (!Pad(now))
            {
                _probe.Cancel();
            }
        }
    }

    // Where nothing is sent, nothing comes back: no probe begins, and what was lost once is never forgotten.
    private void Knock(Instant now)
    {
        if (now >= KnockAt)
        {
            _knockedAt = now;
            _mayKnock = Pad(now);
        }
    }

    private Instant KnockAt => _mayKnock ? Instant.Max(_numberedAt, _knockedAt) + KnockInterval : Instant.Never;

    private bool Pad(Instant now)
    {
        int sent = ProbePadding.TrySend(now, _transport);
        _paddingBytes += sent;
        return sent > 0;
    }

    /// <summary>Sends a packet that exists only to be sent: it is charged and never waits.</summary>
    public int SendPadding(Instant now, in OutgoingRtp packet)
    {
        int bytes = packet.Length + _overhead;
        _pacer.Charge(now, bytes);
        Leave(now, packet);
        return bytes;
    }
}
