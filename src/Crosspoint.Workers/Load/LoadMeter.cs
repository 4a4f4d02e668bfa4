using Crosspoint.Primitives;

namespace Crosspoint.Workers.Load;

/// <summary>
/// How busy a worker is, as placement and admission see it: sampled ten times a second and smoothed over about a second.
/// A sample is the larger of two shares: of time outside waiting, which includes what neighbours took of the core,
/// and of processor time, which includes what waiting itself costs. Handshakes are left out: they are paced, they end by themselves,
/// and a storm of joins must not be taken for media that leaves no room.
/// </summary>
/// <remarks>Written by one worker thread; <see cref="Ratio"/> and <see cref="IsOverloaded"/> are for any thread.</remarks>
/// <param name="maxLoad">From here on the worker is overloaded, 0 to 1; above 1 it never is.</param>
/// <param name="processorTime">The worker thread's own time so far; always zero where the system does not tell.</param>
internal sealed class LoadMeter(double maxLoad, Func<TimeSpan> processorTime)
{
    private static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SmoothedOver = TimeSpan.FromSeconds(1);

    // A storm of joins keeps a worker busy with commands for a second or two and is over; media does not end by itself.
    private static readonly TimeSpan OverloadedAfter = TimeSpan.FromSeconds(2);

    // Admission begins again well below the limit, or it would swing with every join.
    private const double Hysteresis = 0.1;

    private Instant _sampledAt = Instant.Zero;
    private Instant _aboveSince = Instant.Never;
    private TimeSpan _busy;
    private TimeSpan _handshakes;
    private TimeSpan _processorBefore;
    private double _ratio;
    private volatile bool _isOverloaded;

    /// <summary>0 (idle) to 1 (saturated). Any thread.</summary>
    public double Ratio => Volatile.Read(ref _ratio);

    /// <summary>True from two seconds above the limit until it is a tenth below. Any thread.</summary>
    public bool IsOverloaded => _isOverloaded;

    /// <summary>Begins measuring, on the worker's thread.</summary>
    public void Start(Instant now)
    {
        _sampledAt = now;
        _processorBefore = processorTime();
    }

    /// <summary>So much of this turn went into handshakes.</summary>
    public void CountHandshakes(TimeSpan time) => _handshakes += time;

    /// <summary>A turn ended after so much time outside waiting.</summary>
    public void CountTurn(Instant now, TimeSpan busy)
    {
        _busy += busy;
        TimeSpan passed = now - _sampledAt;
        if (passed >= SampleEvery)
        {
            Sample(now, passed);
        }
    }

    private void Sample(Instant now, TimeSpan passed)
    {
        TimeSpan processor = processorTime();
        TimeSpan used = TimeSpan.FromTicks(Math.Max(_busy.Ticks, (processor - _processorBefore).Ticks));
        double sample = Math.Clamp((used - _handshakes) / passed, 0, 1);
        double ratio = _ratio + ((sample - _ratio) * (1 - Math.Exp(-(passed / SmoothedOver))));
        Volatile.Write(ref _ratio, ratio);
        (_busy, _handshakes, _processorBefore, _sampledAt) = (TimeSpan.Zero, TimeSpan.Zero, processor, now);
        Judge(now, ratio);
    }

    private void Judge(Instant now, double ratio)
    {
        if (ratio < maxLoad)
        {
            _aboveSince = Instant.Never;
            _isOverloaded &= ratio >= maxLoad - Hysteresis;
            return;
        }

        _aboveSince = Instant.Min(_aboveSince, now);
        _isOverloaded |= now - _aboveSince >= OverloadedAfter;
    }
}
