using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>Unwraps the arrival times of transport-wide feedback: 24 bits of 64 ms turn over every 12.4 days.</summary>
internal struct ReporterClock
{
    private const long WrapTicks = (1L << 24) * 64 * TimeSpan.TicksPerMillisecond;

    // Further than this from where our own clock says it should be, the reporter has begun a new clock (a restart, a lie).
    private static readonly TimeSpan MaxJump = TimeSpan.FromSeconds(10);

    private bool _started;
    private long _offset;
    private Instant _lastArrival;
    private Instant _lastNow;

    /// <summary>Places an arrival on one endless line; false when the clock has jumped, and then a new line begins with it.</summary>
    public bool TryUnwrap(Instant now, TimeSpan receivedAt, out Instant arrival)
    {
        long ticks = receivedAt.Ticks + _offset;
        long expected = _lastArrival.Ticks + (now - _lastNow).Ticks;
        if (_started)
        {
            ticks = Nearest(ticks, expected);
        }

        bool sound = !_started || Math.Abs(ticks - expected) <= MaxJump.Ticks;
        _started = true;
        _offset = ticks - receivedAt.Ticks;
        _lastArrival = new Instant(ticks);
        _lastNow = now;
        arrival = _lastArrival;
        return sound;
    }

    // The nearest turn around the circle; nearly always the same one.
    private static long Nearest(long ticks, long expected) => Math.Abs(expected - ticks) < WrapTicks / 2
        ? ticks
        : ticks + ((long)Math.Round((expected - ticks) / (double)WrapTicks) * WrapTicks);
}
