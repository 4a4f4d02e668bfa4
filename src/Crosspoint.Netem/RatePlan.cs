using Crosspoint.Primitives;

namespace Crosspoint.Netem;

/// <summary>From <paramref name="At"/> on, counted from the link's beginning, it carries <paramref name="Rate"/>.</summary>
/// <param name="At">Since the beginning of the link.</param>
/// <param name="Rate">Zero is an outage: nothing moves, the queue fills.</param>
public readonly record struct RateStep(TimeSpan At, Bitrate Rate);

/// <summary>What a link carries over time: steps, or a trace that begins again after its period. Immutable, any thread.</summary>
public sealed class RatePlan
{
    private readonly RateStep[] _steps;
    private readonly long _period;

    /// <summary>A rate that changes at each step.</summary>
    /// <param name="steps">In ascending order, the first at zero.</param>
    /// <param name="period">After which it begins again; null for never.</param>
    /// <exception cref="ArgumentException">No steps, not ascending, not from zero, or a step after the period.</exception>
    public RatePlan(IReadOnlyList<RateStep> steps, TimeSpan? period = null)
    {
        ArgumentNullException.ThrowIfNull(steps);
        _steps = [.. steps];
        _period = period?.Ticks ?? long.MaxValue;
        if (_steps.Length == 0 || _steps[0].At != TimeSpan.Zero || _steps[^1].At.Ticks >= _period)
        {
            throw new ArgumentException("A rate plan begins at zero and ends before its period.", nameof(steps));
        }

        for (int i = 1; i < _steps.Length; i++)
        {
            if (_steps[i].At <= _steps[i - 1].At)
            {
                throw new ArgumentException("Steps of a rate plan ascend.", nameof(steps));
            }
        }
    }

    /// <summary>The steps.</summary>
    public IReadOnlyList<RateStep> Steps => _steps;

    /// <summary>After which the steps begin again; null for never.</summary>
    public TimeSpan? Period => _period == long.MaxValue ? null : new TimeSpan(_period);

    /// <summary>One rate for ever.</summary>
    public static RatePlan Steady(Bitrate rate) => new([new RateStep(TimeSpan.Zero, rate)]);

    /// <summary>One rate for ever, in kbit/s.</summary>
    public static RatePlan Steady(double kilobits) => Steady(Bitrate.FromKilobits(kilobits));

    /// <summary>The rate at a time since the beginning.</summary>
    public Bitrate At(TimeSpan since) => _steps[Find(since.Ticks, out _)].Rate;

    /// <summary>When the last bit of <paramref name="bytes"/> is out that begin to leave at <paramref name="start"/>; never, when it is out for good.</summary>
    /// <remarks>Exact to the tick, rounded up: what does not fit before a step goes on at the next rate.</remarks>
    public Instant Finish(Instant origin, Instant start, int bytes)
    {
        long at = Math.Max(0, start.Ticks - origin.Ticks);
        Int128 left = (Int128)bytes * 8 * TimeSpan.TicksPerSecond;
        for (int rounds = 0; rounds <= _steps.Length * 2; rounds++)
        {
            int index = Find(at, out long until);
            long rate = _steps[index].Rate.BitsPerSecond;
            Int128 room = until == long.MaxValue ? (rate == 0 ? 0 : Int128.MaxValue) : (Int128)rate * (until - at);
            if (left <= room)
            {
                return new Instant(origin.Ticks + at + (long)((left + rate - 1) / Math.Max(1, rate)));
            }

            if (until == long.MaxValue)
            {
                return Instant.Never;
            }

            left -= room;
            at = until;
        }

        return Instant.Never; // A period in which nothing at all is carried.
    }

    /// <summary>Bytes that can pass between two times since the beginning.</summary>
    public long Capacity(TimeSpan from, TimeSpan to)
    {
        Int128 sum = 0;
        long at = from.Ticks;
        while (at < to.Ticks)
        {
            int index = Find(at, out long until);
            long end = Math.Min(until, to.Ticks);
            sum += (Int128)_steps[index].Rate.BitsPerSecond * (end - at);
            at = end;
        }

        return (long)(sum / (8 * TimeSpan.TicksPerSecond));
    }

    private int Find(long at, out long until)
    {
        long rounds = _period == long.MaxValue ? 0 : at / _period;
        long inside = at - (rounds == 0 ? 0 : rounds * _period);
        int low = 0;
        int high = _steps.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = _steps[middle].At.Ticks <= inside ? (middle, high) : (low, middle - 1);
        }

        bool last = low == _steps.Length - 1;
        until = last && _period == long.MaxValue ? long.MaxValue : at - inside + (last ? _period : _steps[low + 1].At.Ticks);
        return low;
    }
}
