using Crosspoint.Primitives;

namespace Crosspoint.Sim.Receive;

/// <summary>
/// When a picture is to be shown: its capture time, the least way one has taken of late, and a delay that follows how late pictures have
/// been, up at once and down slowly, as adaptive jitter buffers do.
/// </summary>
internal sealed class PlayoutClock
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HalfWindow = TimeSpan.FromSeconds(5);

    private NumberUnwrapper _timestamps = new(32);
    private long _minimum = long.MaxValue;
    private long _nextMinimum = long.MaxValue;
    private Instant _turn;

    /// <summary>What is waited beyond the fastest way.</summary>
    public TimeSpan Delay { get; private set; } = Least;

    /// <summary>Orders pictures in time.</summary>
    public long Unwrap(uint timestamp) => _timestamps.Unwrap(timestamp);

    /// <summary>A picture is whole.</summary>
    public void Note(Instant now, long timestamp)
    {
        long way = now.Ticks - Capture(timestamp);
        if (now >= _turn)
        {
            (_minimum, _nextMinimum) = (_nextMinimum, long.MaxValue);
            _turn = now + HalfWindow;
        }

        _nextMinimum = Math.Min(_nextMinimum, way);
        _minimum = Math.Min(_minimum, way);
        long late = Math.Clamp(way - _minimum, Least.Ticks, Most.Ticks);

        // Of a surplus, half is left after ten seconds of thirty pictures each.
        Delay = new TimeSpan(late > Delay.Ticks ? late : Delay.Ticks - ((Delay.Ticks - late) / 433));
    }

    /// <summary>When to show it.</summary>
    public Instant Due(long timestamp) => _minimum == long.MaxValue ? Instant.Never : new Instant(Capture(timestamp) + _minimum + Delay.Ticks);

    private static long Capture(long timestamp) => timestamp * 1000 / 9;
}
