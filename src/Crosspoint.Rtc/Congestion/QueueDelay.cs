using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>
/// How long packets wait in queues: their delay above the least seen lately. It sees a queue that stands still, which a
/// trend does not, and says when one has drained.
/// </summary>
/// <remarks>The least is of the last one to two windows, so clocks that drift and a longer route that nothing showed are forgotten in time.</remarks>
internal struct QueueDelay
{
    // Two windows at most: 20 to 40 s. Clocks drift apart 1 ms in that time (50 ppm).
    private static readonly TimeSpan BaseWindow = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StandingWindow = TimeSpan.FromMilliseconds(150);

    private bool _started;
    private Instant _windowBegan;
    private TimeSpan _base;
    private TimeSpan _nextBase;
    private Instant _standingBegan;
    private TimeSpan _standingLast;
    private TimeSpan _standingNow;

    /// <summary>The least delay seen lately, on two clocks; none before the first group.</summary>
    public readonly TimeSpan? Least => _started ? _base : null;

    /// <summary>Of the newest group.</summary>
    public TimeSpan Current { get; private set; }

    /// <summary>The least of the last 150 to 300 ms: what jitter and single bursts do not explain.</summary>
    public readonly TimeSpan Standing => _standingLast < _standingNow ? _standingLast : _standingNow;

    /// <summary>The mean of the last dozen groups.</summary>
    public TimeSpan Usual { get; private set; }

    /// <summary>What a delay contains beyond the least; none before the first group.</summary>
    public readonly TimeSpan? WaitOf(TimeSpan delay) => _started ? delay - _base : null;

    /// <summary>Takes a group.</summary>
    public void Add(in DelaySample sample)
    {
        if (!_started)
        {
            _started = true;
            _windowBegan = sample.SentAt;
            _base = sample.Delay;
            _nextBase = sample.Delay;
        }

        if (sample.SentAt - _windowBegan > BaseWindow)
        {
            _windowBegan = sample.SentAt;
            _base = _nextBase;
            _nextBase = sample.Delay;
        }

        _nextBase = sample.Delay < _nextBase ? sample.Delay : _nextBase;
        _base = sample.Delay < _base ? sample.Delay : _base;
        Current = sample.Delay - _base;
        Usual += (Current - Usual) / 12;
        AddStanding(sample.SentAt);
    }

    /// <summary>The way has become longer: what packets waited for some time is the least from here on.</summary>
    public void Rebase()
    {
        TimeSpan longer = Standing;
        _base += longer;
        _nextBase = _base;
        Current -= longer;
        (_standingLast, _standingNow) = (_standingLast - longer, _standingNow - longer);
    }

    /// <summary>Begins anew.</summary>
    public void Restart() => this = default;

    private void AddStanding(Instant sentAt)
    {
        if (sentAt - _standingBegan > StandingWindow)
        {
            bool gap = sentAt - _standingBegan > StandingWindow * 2;
            _standingLast = gap ? Current : _standingNow;
            _standingNow = Current;
            _standingBegan = sentAt;
        }

        _standingNow = Current < _standingNow ? Current : _standingNow;
    }
}
