namespace Crosspoint.Server.Metrics;

/// <summary>One set of labels of a family, with its value.</summary>
/// <remarks>Written by any thread, under its own lock.</remarks>
internal sealed class MetricSeries(string labels, double[] bounds)
{
    private readonly Lock _lock = new();
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _value;
    private long _count;

    /// <summary>As they are written between the braces; empty for none.</summary>
    public string Labels { get; } = labels;

    /// <summary>The collection that last saw it; observed instruments only.</summary>
    public long Seen { get; set; }

    public void Add(double value)
    {
        lock (_lock)
        {
            _value += value;
        }
    }

    public void Set(double value)
    {
        lock (_lock)
        {
            _value = value;
        }
    }

    public void Observe(double value)
    {
        // A bound is inclusive (le); what is above all of them falls into the last slot.
        var slot = Array.FindIndex(bounds, bound => value <= bound);
        lock (_lock)
        {
            _counts[slot < 0 ? bounds.Length : slot]++;
            _count++;
            _value += value;
        }
    }

    public (double Value, long Count, long[] Counts) Read()
    {
        lock (_lock)
        {
            return (_value, _count, (long[])_counts.Clone());
        }
    }
}
