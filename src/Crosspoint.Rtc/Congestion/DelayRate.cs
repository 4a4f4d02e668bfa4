using System.Runtime.InteropServices;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>Whether the delay-based rate grows or lets a queue drain.</summary>
internal enum DelayRateState : byte
{
    /// <summary>Growing, carefully when near what the link was seen to carry.</summary>
    Increase,

    /// <summary>Below what arrives until the queue is gone.</summary>
    Drain,
}

/// <summary>What the rate is decided on, once per feedback.</summary>
/// <param name="Use">The detector's judgement.</param>
/// <param name="Queue">How long the newest packets waited.</param>
/// <param name="Standing">How long packets waited at least, for some time.</param>
/// <param name="Acknowledged">What arrives, over about half a second; none while unknown.</param>
/// <param name="Recent">What arrived in the last moments.</param>
/// <param name="RoundTrip">Smoothed, of the feedback.</param>
/// <param name="NewestSent">When the newest packet that arrived was sent.</param>
/// <param name="Probed">A probe went before the newest packets: a short queue is its doing.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DelayInput(
    LinkUse Use, TimeSpan Queue, TimeSpan Standing, Bitrate? Acknowledged, Bitrate? Recent, TimeSpan RoundTrip, Instant NewestSent, bool Probed)
{
    /// <summary>What passes while the link is never idle: what it carries, for us. None where it was idle.</summary>
    public Bitrate? Passing { get; init; }

    /// <summary>How long the newest packet waited, behind our own packets too.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>How much of that came about while the link was never idle.</summary>
    public TimeSpan Growth { get; init; }

    /// <summary>What arrived since the drain began, of the last half second at most; none while that is too short to say.</summary>
    public Bitrate? SinceDrain { get; init; }
}

/// <summary>
/// The rate by delay: multiplicative increase far from what the link carries, additive near it, and after overuse the rate
/// at which packets still arrive less what drains the queue (after draft-ietf-rmcat-gcc-02 §5.5).
/// </summary>
/// <remarks>
/// Two things differ from the draft. What arrives while a queue stands *is* the link's capacity, so after the queue has drained
/// the rate goes back to just below it at once, instead of climbing there from 0.85 of it. And a queue that stands is drained
/// even if it does not grow.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal struct DelayRate
{
    private const double Backoff = 0.85;       // of what arrives: the draft's β
    private const double RegainShare = 0.8;    // falling below this share of the rate, the link has become slower
    private const double DrainFloor = 0.35;    // of what arrives, so that audio and one video layer go on
    private const double ReturnShare = 0.95;   // of the capacity, once the queue has drained
    private const double GrowthPerSecond = 1.08;
    private const double RegainPerSecond = 1.4; // below what the link carried a moment ago, while nothing waits
    private const double PacketBits = 1200 * 8;

    private const double MostDoubt = 0.5;      // of what arrived when the drain began
    private const double UsedShare = 0.9;      // of the rate arrives: less, and growth proves nothing
    private const double MostReturn = 2;       // of what passed, beside others' queue
    private const double StallShare = 0.75;    // of a queue is left: it drains
    private const double BurstShare = 1.05;    // of the rate passes: the link is not what is short
    private const double CollapseShare = 0.5;  // of the rate passes: the link is another one

    private static readonly TimeSpan BurstQueue = TimeSpan.FromMilliseconds(90);
    private static readonly TimeSpan CollapseWait = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan DrainHorizon = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan CollapseHorizon = TimeSpan.FromSeconds(1); // what is chosen for less has to go on while it drains
    private static readonly TimeSpan DrainedQueue = TimeSpan.FromMilliseconds(8);
    private static readonly TimeSpan LongestPacket = TimeSpan.FromMilliseconds(25); // half of what counts as standing
    private static readonly TimeSpan CalmTime = TimeSpan.FromMilliseconds(100);     // two feedbacks
    private static readonly TimeSpan StallTime = TimeSpan.FromMilliseconds(300);  // what the horizon lets a drain take
    private static readonly TimeSpan DeepQueue = TimeSpan.FromMilliseconds(120);  // no short burst of others makes that
    private static readonly TimeSpan RegainTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan CarefulQueue = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan MostStanding = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LeastDrainTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastQueue = TimeSpan.FromMilliseconds(15);  // a trend towards less is nobody's harm
    private static readonly TimeSpan ProbeQueue = TimeSpan.FromMilliseconds(60);  // what a probe may leave behind
    private static readonly TimeSpan FirstTolerance = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MostTolerance = TimeSpan.FromSeconds(40);
    private static readonly Bitrate LeastGrowth = Bitrate.FromKilobits(4);

    private readonly double _mostUnproven;

    private double _rate; // bit/s
    private double _full; // bit/s that arrived while the queue stood
    private double _leastFull;
    private Instant _last;
    private bool _collapsed; // the drain is for what has to go on
    private double _before; // bit/s when the drain began
    private TimeSpan _lastQueue;
    private TimeSpan _stalledQueue;
    private Instant _stalledSince;
    private Instant _calmSince = Instant.Never;
    private Instant _drainBegan;
    private Instant _drainUntil;
    private Instant _tolerantUntil;
    private TimeSpan _tolerance = FirstTolerance;
    private double _regain; // bit/s that the link carried before it got slower
    private Instant _regainUntil;
    private Instant _nextBackoff;
    private LinkCapacity _capacity;
    private LongerRoute _route;

    /// <param name="start">Where it begins.</param>
    /// <param name="mostUnproven">How far above what arrives it may grow without a probe.</param>
    public DelayRate(Bitrate start, double mostUnproven = 1.5) => (_rate, _mostUnproven) = (start.BitsPerSecond, mostUnproven);

    /// <summary>The rate now.</summary>
    public readonly Bitrate Rate => new((long)_rate);

    /// <summary>The rate that will hold once the queue has drained: while it drains, what the link carries; otherwise the rate.</summary>
    public readonly Bitrate Sustained => State == DelayRateState.Drain && !_collapsed ? new((long)Math.Max(_rate, Math.Min(_before, _full * ReturnShare))) : Rate;

    /// <summary>What passes while the queue drains; otherwise the rate.</summary>
    public readonly Bitrate Carried => State == DelayRateState.Drain ? new((long)Math.Max(_rate, _full)) : Rate;

    /// <summary>True while the queue drains that was left when the link fell to a fraction of what was sent.</summary>
    public readonly bool HasCollapsed => State == DelayRateState.Drain && _collapsed;

    /// <summary>What it is doing.</summary>
    public DelayRateState State { get; private set; }

    /// <summary>True when the last update ended a drain that drained nothing, because nothing waited: the way has become longer.</summary>
    public bool IsRouteLonger { get; private set; }

    /// <summary>When the last drain began.</summary>
    public readonly Instant DrainBegan => _drainBegan;

    /// <summary>What the link was seen to carry; zero while unknown.</summary>
    public readonly Bitrate Capacity => _capacity.Mean;

    /// <summary>Decides anew.</summary>
    public void Update(Instant now, in DelayInput input)
    {
        TimeSpan elapsed = _last == default ? TimeSpan.Zero : now - _last;
        elapsed = elapsed < TimeSpan.FromSeconds(1) ? elapsed : TimeSpan.FromSeconds(1);
        _last = now;
        IsRouteLonger = false;
        bool isDraining = State == DelayRateState.Drain;
        bool collapses = IsCollapse(input);
        if (isDraining && (_collapsed || !collapses))
        {
            Drain(now, input);
        }
        else if (!isDraining && now < _tolerantUntil)
        {
            Share(now, elapsed, input);
        }
        else if (collapses || IsOver(input))
        {
            BeginDrain(now, input, collapses); // anew, if the link collapses while a queue drains
        }
        else if (input.Use == LinkUse.Normal)
        {
            Increase(now, elapsed, input);
        }
    }

    /// <summary>A probe found that the link carries this.</summary>
    public void HandleProbe(Bitrate found)
    {
        if (State == DelayRateState.Increase && found > Rate)
        {
            _rate = found.BitsPerSecond;
            if (_capacity.IsAbove(found))
            {
                _capacity.Forget();
            }
        }
    }

    /// <summary>The rate cannot be outside these.</summary>
    public void Clamp(Bitrate least, Bitrate most) => _rate = Math.Clamp(_rate, least.BitsPerSecond, most.BitsPerSecond);

    // What passes faster than we mean to send is a burst of ours: it goes by itself.
    private readonly bool IsOver(in DelayInput input) =>
        (input.Use == LinkUse.Over && input.Queue > (input.Probed ? ProbeQueue : LeastQueue) && !(input.Queue < BurstQueue && input.Standing < LeastQueue && input.Passing is { } passing && passing.BitsPerSecond > _rate * BurstShare))
        || input.Standing > MostStanding;

    // Never idle, and yet a fraction of what is sent passes: a trend need not be waited for.
    private readonly bool IsCollapse(in DelayInput input) =>
        input.Growth > CollapseWait && input.Passing is { } passing && passing.BitsPerSecond < _rate * CollapseShare;

    private void BeginDrain(Instant now, in DelayInput input, bool collapses)
    {
        _before = State == DelayRateState.Drain ? _before : _rate;
        _drainBegan = now;
        _lastQueue = input.Queue;
        (_stalledQueue, _stalledSince) = (input.Queue, now);
        _route.Restart(now, input.Queue);
        _calmSince = Instant.Never;
        _collapsed = collapses;
        double arriving = _collapsed ? input.Passing!.Value.BitsPerSecond : Arriving(input) ?? _rate * Backoff;
        _full = Math.Min(arriving, _rate);
        _leastFull = _full * MostDoubt;
        NoteDrop(now, new Bitrate((long)_full));

        State = DelayRateState.Drain;
        TimeSpan queue = _collapsed ? input.Wait : input.Queue;
        ExtendDrain(now, queue);
        SetDraining(queue);
    }

    // Full again at the same rate: that is what it carries now, whatever it carried before.
    private void NoteDrop(Instant now, Bitrate full)
    {
        if (_capacity.IsNear(full) || now > _regainUntil)
        {
            _regain = 0;
        }

        if (full.BitsPerSecond < _before * RegainShare && _before > _regain)
        {
            _regain = _before;
            _regainUntil = now + RegainTime;
        }

        if (_capacity.IsBelow(full))
        {
            _capacity.Forget();
        }
    }

    private void Drain(Instant now, in DelayInput input)
    {
        // What was sent before we yielded, and arrives while a queue stands, arrives as fast as the link carries; and so does
        // what was sent after, if the queue still grows.
        bool isBefore = input.NewestSent < _drainBegan;
        TimeSpan queue = isBefore && input.Wait > input.Queue ? input.Wait : input.Queue;
        bool isOld = isBefore && queue > DrainedQueue * 2;
        bool isGrowing = queue > DeepQueue && queue > _lastQueue;
        _lastQueue = queue;
        if (isBefore)
        {
            ExtendDrain(now, queue); // nothing sent since has shown yet what it does
            _route.Restart(now, queue);
        }
        else if (!_collapsed && _route.Add(now, queue))
        {
            // Half the way back; a probe finds the rest.
            ReturnTo((_full + _before) / 2);
            IsRouteLonger = true;
            return;
        }

        if ((isOld || isGrowing) && Arriving(input) is { } arrives)
        {
            // What fills it although we yielded may be others': then less of ours passes the less we send, without end.
            _full = Math.Min(_full, isOld ? arrives : Math.Max(arrives, _leastFull));
        }

        // What was taken for the capacity is an average from before: the queue would be shorter by now if it were true.
        if (IsStalled(now, queue) && !isBefore && !_collapsed && input is { Passing: not null, Acknowledged: { } passes })
        {
            _full = Math.Min(_full, Math.Max(passes.BitsPerSecond, _leastFull));
        }

        bool isCalm = queue <= PacketTime(_full);
        _calmSince = _calmSince.While(isCalm, now);
        if (queue <= DrainedQueue || (isCalm && now - _calmSince >= CalmTime))
        {
            _full = Math.Max(_full, ShownSince(input));
            _capacity.Add(new Bitrate((long)_full));
            ReturnTo(_full);
        }
        else if (now >= _drainUntil)
        {
            // The queue stays although we send less than passes: others fill it. Yielding further would starve us.
            State = DelayRateState.Increase;
            // But no further than to twice what passed of all that was sent before: if it passed no more then, it will not now.
            _rate = Math.Max(_full, Math.Min(_before * Backoff * Backoff, _full * MostReturn)) * Backoff;
            _tolerantUntil = now + _tolerance;
            _tolerance = _tolerance * 2 < MostTolerance ? _tolerance * 2 : MostTolerance;
            _nextBackoff = now;
        }
        else
        {
            SetDraining(queue);
        }
    }

    // There is no queue any more, or never was one.
    private void ReturnTo(double carried)
    {
        State = DelayRateState.Increase;
        _tolerance = FirstTolerance;
        _rate = Math.Max(_rate, carried * ReturnShare);
    }

    // A collapse is believed after 80 ms, in which a burst of others may have taken the link. It was one if more came than was believed while the queue drained.
    private readonly double ShownSince(in DelayInput input) =>
        _collapsed && input.SinceDrain is { } shown ? Math.Min(shown.BitsPerSecond, _before) : 0;

    // For longer than a drain takes the queue has not lost a quarter of its length.
    private bool IsStalled(Instant now, TimeSpan queue)
    {
        if (queue < _stalledQueue * StallShare)
        {
            (_stalledQueue, _stalledSince) = (queue, now);
        }

        _stalledQueue = queue > _stalledQueue ? queue : _stalledQueue;
        return queue > LeastQueue && now - _stalledSince > StallTime;
    }

    // On a slow link a packet takes longer than the least there ever was, when the link was faster: for a while that looks like a short queue.
    private static TimeSpan PacketTime(double rate)
    {
        TimeSpan time = TimeSpan.FromSeconds(PacketBits / Math.Max(rate, 1));
        return time < LongestPacket ? time : LongestPacket;
    }

    private void ExtendDrain(Instant now, TimeSpan queue)
    {
        TimeSpan expected = queue * 3; // at the floor it takes 1.5 times the queue
        TimeSpan least = _collapsed ? CollapseHorizon * 2 : LeastDrainTime; // at 1 − queue/horizon it takes the horizon
        _drainUntil = now + (expected > least ? expected : least);
    }

    // A burst of others stretches what arrives for a moment. Only a deep queue says that the last moment is the truth.
    private readonly double? Arriving(in DelayInput input)
    {
        double? recent = (input.Recent ?? input.Acknowledged)?.BitsPerSecond;
        if (input.Queue > DeepQueue || (_collapsed && input.Wait > DeepQueue)) // a queue judged by groups of packets is late
        {
            // Of a collapsed link few packets pass in the time of one sample, and the least of several samples is less than it carries.
            return _collapsed && input.Passing is { } passing ? Math.Max(passing.BitsPerSecond, (input.SinceDrain ?? Bitrate.Zero).BitsPerSecond) : recent;
        }

        return recent is null ? null : Math.Max(recent.Value, Math.Max((input.Acknowledged ?? Bitrate.Zero).BitsPerSecond, (input.Passing ?? Bitrate.Zero).BitsPerSecond));
    }

    // Beside traffic that fills the queue whatever we do: yield as little and as often as the draft says, and no further.
    private void Share(Instant now, TimeSpan elapsed, in DelayInput input)
    {
        if (input.Queue <= DrainedQueue)
        {
            _tolerantUntil = now; // there is no queue of others any more
        }
        else if (input.Use != LinkUse.Over)
        {
            _rate += PacketBits / (input.RoundTrip + TimeSpan.FromMilliseconds(100)).TotalSeconds * elapsed.TotalSeconds;
            _rate = Math.Min(_rate, MostOf(input));
        }
        else if (now >= _nextBackoff)
        {
            _nextBackoff = now + input.RoundTrip + TimeSpan.FromMilliseconds(300);
            _rate = Math.Min(_rate, Math.Max(_rate * Backoff, Backoff * (input.Acknowledged ?? Rate).BitsPerSecond));
        }
    }

    // The shorter the queue has become, the less is held back: kept down until it is gone, a link would stand idle before we hear of it.
    private void SetDraining(TimeSpan queue)
    {
        double share = Math.Clamp(1 - (queue / (_collapsed ? CollapseHorizon : DrainHorizon)), DrainFloor, Backoff);
        _rate = _full * share;
    }

    private void Increase(Instant now, TimeSpan elapsed, in DelayInput input)
    {
        if (input.Acknowledged is { } known && _capacity.IsAbove(known))
        {
            _capacity.Forget();
        }

        double most = MostOf(input);
        if (most <= _rate)
        {
            return; // as it is most of the time: what is used is less
        }

        if (_rate < _regain * RegainShare && now < _regainUntil)
        {
            double caution = Math.Clamp(1 - (input.Standing / CarefulQueue), 0, 1);
            _rate = Math.Min(_rate * Math.Pow(RegainPerSecond, elapsed.TotalSeconds * caution), most);
            return;
        }

        double grown = _capacity.IsKnown ? _rate + Additive(elapsed, input) : _rate * Math.Pow(GrowthPerSecond, elapsed.TotalSeconds);
        _rate = Math.Min(grown, most);
    }

    // Who sends much less than he may proves nothing, whatever the time: then what the link was seen to carry is the most, until a probe finds more.
    private readonly double MostOf(in DelayInput input)
    {
        if (input.Acknowledged is not { } acknowledged)
        {
            return double.MaxValue;
        }

        double most = (_mostUnproven * acknowledged.BitsPerSecond) + 10_000;
        bool isIdle = _capacity.IsKnown && acknowledged.BitsPerSecond < _rate * UsedShare;
        return Math.Max(_rate, isIdle ? Math.Min(most, _capacity.Mean.BitsPerSecond) : most);
    }

    // About one packet more per response time; the less so the more already waits.
    private static double Additive(TimeSpan elapsed, in DelayInput input)
    {
        double response = (input.RoundTrip + TimeSpan.FromMilliseconds(100)).TotalSeconds;
        double perSecond = Math.Max(PacketBits / response, LeastGrowth.BitsPerSecond);
        double caution = Math.Clamp(1 - (input.Standing / CarefulQueue), 0, 1);
        return perSecond * caution * elapsed.TotalSeconds;
    }
}
