using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Streams;

/// <summary>How many packets come in a time, over the last fifth of a second; a pause is no slowness.</summary>
/// <remarks>A value; one owner.</remarks>
internal struct ArrivalRate
{
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private Instant _began;
    private Instant _last;
    private int _count;     // since it began, the first not among them
    private double _perTick; // of the last whole window; 0 while unknown

    /// <summary>A packet came.</summary>
    public void Add(Instant now)
    {
        if (_last == default || now - _last > Pause)
        {
            (_began, _last, _count) = (now, now, 0);
            return;
        }

        _last = now;
        _count++;
        TimeSpan span = now - _began;
        if (span >= Window)
        {
            _perTick = _count / (double)span.Ticks;
            (_began, _count) = (now, 0);
        }
    }

    /// <summary>How many come in so long a time; none while unknown.</summary>
    public readonly long? In(TimeSpan time) => _perTick == 0 ? null : (long)Math.Min(_perTick * time.Ticks, int.MaxValue);
}
