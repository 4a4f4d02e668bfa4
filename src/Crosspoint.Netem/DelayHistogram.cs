namespace Crosspoint.Netem;

/// <summary>How often each delay occurred, in classes of a millisecond up to ten seconds; whatever is longer counts as ten seconds.</summary>
public sealed class DelayHistogram
{
    private const int Classes = 10_001;

    private readonly long[] _counts = new long[Classes];

    /// <summary>How many were added.</summary>
    public long Count { get; private set; }

    /// <summary>Adds one; a negative one counts as none.</summary>
    public void Add(TimeSpan delay)
    {
        _counts[Math.Clamp(delay.Ticks / TimeSpan.TicksPerMillisecond, 0, Classes - 1)]++;
        Count++;
    }

    /// <summary>Adds all of another.</summary>
    public void Add(DelayHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int i = 0; i < Classes; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
    }

    /// <summary>The delay that <paramref name="percent"/> of all did not exceed, to a millisecond, rounded up; zero of none.</summary>
    public TimeSpan Percentile(int percent)
    {
        long rank = ((Count * percent) + 99) / 100;
        long seen = 0;
        for (int i = 0; i < Classes && rank > 0; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                return TimeSpan.FromMilliseconds(i + 1);
            }
        }

        return TimeSpan.Zero;
    }
}
