using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>The way of one packet from its arrival to the delay-based rate: groups, trend, threshold, queue, rate.</summary>
/// <remarks>One owner. Arrivals are added as feedback tells of them; then <see cref="Update"/> decides once.</remarks>
internal sealed class DelayBasedEstimator(Bitrate start, double mostUnproven = 1.5)
{
    /// <summary>Over which what arrives is averaged for growing.</summary>
    public static readonly TimeSpan AcknowledgedWindow = TimeSpan.FromMilliseconds(500);

    // What arrived while the queue stood: short, so that what came before a link got slower does not count.
    private static readonly TimeSpan RecentWindow = TimeSpan.FromMilliseconds(150);

    // Without a pause for so long: a few packets of a slow link.
    private static readonly TimeSpan BusyWindow = TimeSpan.FromMilliseconds(80);

    // What a probe leaves in a queue is gone after this time.
    private static readonly TimeSpan ProbeEcho = TimeSpan.FromMilliseconds(300);

    // Less of a drain says nothing of what arrives in it.
    private static readonly TimeSpan LeastDrain = TimeSpan.FromMilliseconds(100);

    private const int UnreportedParts = 8;

    private DelayGroups _groups;
    private Trendline _trend;
    private OveruseDetector _detector;
    private QueueDelay _queue;
    private BusyRun _busy;
    private AcknowledgedRate _acknowledged;
    private DelayRate _rate = new(start, mostUnproven);
    private Instant _newestSent;
    private Instant _lastProbe = Instant.FromMilliseconds(-10_000);
    private Instant _lastArrival;

    /// <summary>The rate.</summary>
    public Bitrate Rate => _rate.Rate;

    /// <summary>The rate that will hold once a queue has drained.</summary>
    public Bitrate Sustained => _rate.Sustained;

    /// <summary>What the link carries as far as is known.</summary>
    public Bitrate Carried => _rate.Carried;

    /// <summary>True while the queue drains that was left when the link fell to a fraction of what was sent.</summary>
    public bool HasCollapsed => _rate.HasCollapsed;

    /// <summary>What it is doing.</summary>
    public DelayRateState State => _rate.State;

    /// <summary>What the link was seen to carry; zero while unknown.</summary>
    public Bitrate Capacity => _rate.Capacity;

    /// <summary>How long the newest packets waited.</summary>
    public TimeSpan Queue => _queue.Current;

    /// <summary>How long packets have waited at least, for some time.</summary>
    public TimeSpan Standing => _queue.Standing;

    /// <summary>What arrives.</summary>
    public Bitrate? Acknowledged => _acknowledged.Over(AcknowledgedWindow);

    /// <summary>What passes, while the link is never idle; none where it was.</summary>
    private Bitrate? Passing => _busy.Length >= BusyWindow ? _acknowledged.Between(BusyWindow) : null;

    /// <summary>Bytes of which no feedback will tell, because it was lost: they count as arrived evenly until the next that did.</summary>
    public void AddUnreported(Instant until, long bytes)
    {
        TimeSpan gap = until - _lastArrival;
        for (int part = 1; part <= UnreportedParts; part++)
        {
            _acknowledged.Add(_lastArrival + (gap * part / UnreportedParts), (int)Math.Min(bytes / UnreportedParts, int.MaxValue));
        }
    }

    /// <summary>Takes one packet that arrived, in the order of sending.</summary>
    public void Add(Instant sentAt, Instant receivedAt, int bytes, bool isProbe)
    {
        _acknowledged.Add(receivedAt, bytes);
        _newestSent = Instant.Max(_newestSent, sentAt);
        _lastArrival = receivedAt;
        _lastProbe = isProbe ? sentAt : _lastProbe;
        if (_queue.Least is { } least)
        {
            _busy.Add(sentAt, receivedAt, least);
        }

        // A probe is faster than the link by intention: the queue it makes is no sign of overuse.
        if (!isProbe && _groups.Add(sentAt, receivedAt, out DelaySample sample))
        {
            _queue.Add(sample);
            _trend.Add(sample);
            _detector.Detect(sample.ReceivedAt, _trend.Trend);
        }
    }

    /// <summary>Decides anew, after all packets of one feedback were added.</summary>
    public void Update(Instant now, TimeSpan roundTrip)
    {
        DelayRateState before = _rate.State;
        bool probed = _newestSent - _lastProbe < ProbeEcho;
        _rate.Update(now, new DelayInput(_detector.Use, _queue.Current, _queue.Standing, Acknowledged, _acknowledged.Over(RecentWindow), roundTrip, _newestSent, probed)
        {
            Passing = Passing,
            Wait = _busy.Wait,
            Growth = _busy.Growth,
            SinceDrain = now - _rate.DrainBegan is var drained && drained >= LeastDrain ? _acknowledged.Over(drained) : null,
        });
        if (_rate.IsRouteLonger)
        {
            _queue.Rebase();
            _busy.Restart();
        }

        if (before == DelayRateState.Drain && _rate.State == DelayRateState.Increase)
        {
            // What was learned while draining is about the drain.
            _trend.Restart();
            _detector.Restart();
        }
    }

    /// <summary>How long packets wait in the mean, over the last dozen groups.</summary>
    public TimeSpan UsualWait => _queue.Usual;

    /// <summary>How long a packet took beyond the least; none while that is unknown.</summary>
    public TimeSpan? WaitOf(Instant sentAt, Instant receivedAt) => _queue.WaitOf(receivedAt - sentAt);

    /// <summary>A probe found that the link carries this.</summary>
    public void HandleProbe(Bitrate found) => _rate.HandleProbe(found);

    /// <summary>The rate cannot be outside these.</summary>
    public void Clamp(Bitrate least, Bitrate most) => _rate.Clamp(least, most);

    /// <summary>Arrival times before and after do not compare.</summary>
    public void RestartClock()
    {
        _groups.Restart();
        _trend.Restart();
        _detector.Restart();
        _queue.Restart();
        _acknowledged.Restart();
        _busy.Restart();
    }
}
