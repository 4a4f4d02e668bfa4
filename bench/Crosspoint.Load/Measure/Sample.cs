namespace Crosspoint.Load.Measure;

/// <summary>What one round of one case measured, by the names of <see cref="Figures"/>; what does not apply is absent.</summary>
internal sealed class Sample
{
    private readonly Dictionary<string, double> _values = new(StringComparer.Ordinal);

    /// <summary>A figure; null when it was not measured.</summary>
    public double? this[string figure]
    {
        get => _values.TryGetValue(figure, out double value) ? value : null;
        set
        {
            if (value is { } measured)
            {
                _values[figure] = measured;
            }
        }
    }

    /// <summary>Takes the delays over, in ms; leaves them out when there are none.</summary>
    public void SetDelays(float[] delays)
    {
        if (delays.Length == 0)
        {
            return;
        }

        Array.Sort(delays);
        this[Figures.DelayP50Ms] = Percentile.Of(delays, 0.5);
        this[Figures.DelayP99Ms] = Percentile.Of(delays, 0.99);
        this[Figures.DelayP999Ms] = Percentile.Of(delays, 0.999);
        this[Figures.DelayMaxMs] = delays[^1];
    }
}
