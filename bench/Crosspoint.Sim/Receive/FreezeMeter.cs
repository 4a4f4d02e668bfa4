using Crosspoint.Primitives;

namespace Crosspoint.Sim.Receive;

/// <summary>
/// Freezes as W3C webrtc-stats defines them (freezeCount, totalFreezesDuration): the time since the last picture is at least three times
/// the mean of the last thirty, or that mean and 150 ms, whichever is longer. Gaps above half a second are counted besides.
/// </summary>
internal sealed class FreezeMeter
{
    private const int Window = 30;

    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(500);

    private readonly Queue<TimeSpan> _recent = new();
    private TimeSpan _sum;
    private Instant _last = Instant.Never;

    /// <summary>Pictures shown.</summary>
    public int Shown { get; private set; }

    /// <summary>W3C freezeCount.</summary>
    public int Freezes { get; private set; }

    /// <summary>W3C totalFreezesDuration.</summary>
    public TimeSpan Frozen { get; private set; }

    /// <summary>Gaps above 500 ms, whatever the mean: when each ended, and its length.</summary>
    public List<(Instant At, TimeSpan Length)> Gaps { get; } = [];

    /// <summary>What made up <see cref="Frozen"/>: when each ended, and its length.</summary>
    public List<(Instant At, TimeSpan Length)> Frozens { get; } = [];

    /// <summary>The longest gap.</summary>
    public TimeSpan LongestGap { get; private set; }

    /// <summary>Time from picture to picture, all together.</summary>
    public TimeSpan Watched { get; private set; }

    /// <summary>A picture is shown.</summary>
    public void Show(Instant now)
    {
        Shown++;
        if (!_last.IsNever)
        {
            TimeSpan gap = now - _last;
            Note(now, gap);
            Remember(gap);
        }

        _last = now;
    }

    /// <summary>Counts anew; what is being waited for is waited for on.</summary>
    public void Forget()
    {
        (Shown, Freezes, Frozen, Watched, LongestGap) = (0, 0, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        Gaps.Clear();
        Frozens.Clear();
    }

    /// <summary>Pictures are due from now on, though none has come yet.</summary>
    public void Start(Instant now) => _last = now;

    /// <summary>The simulation ends, or the sender pauses: what has been waited so far counts.</summary>
    public void Stop(Instant now)
    {
        if (!_last.IsNever)
        {
            Note(now, now - _last);
        }

        _last = Instant.Never;
        _recent.Clear();
        _sum = TimeSpan.Zero;
    }

    private void Note(Instant now, TimeSpan gap)
    {
        Watched += gap;
        TimeSpan mean = _recent.Count == 0 ? TimeSpan.FromMilliseconds(33) : _sum / _recent.Count;
        TimeSpan bound = TimeSpan.FromTicks(Math.Max(mean.Ticks * 3, (mean + TimeSpan.FromMilliseconds(150)).Ticks));
        if (gap >= bound)
        {
            Freezes++;
            Frozen += gap;
            Frozens.Add((now, gap));
        }

        if (gap > Long)
        {
            Gaps.Add((now, gap));
        }

        LongestGap = gap > LongestGap ? gap : LongestGap;
    }

    private void Remember(TimeSpan gap)
    {
        _recent.Enqueue(gap);
        _sum += gap;
        if (_recent.Count > Window)
        {
            _sum -= _recent.Dequeue();
        }
    }
}
