using System.Collections.Concurrent;
using Crosspoint.Contracts.Metrics;

namespace Crosspoint.Server.Metrics;

/// <summary>All series of one name.</summary>
internal sealed class MetricFamily(string name, MetricType type, bool observed, bool additive, string help, string unit, double[] bounds, int maxSeries)
{
    private readonly ConcurrentDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);

    /// <summary>Without <c>_total</c>.</summary>
    public string Name { get; } = name;

    public MetricType Type { get; } = type;

    /// <summary>Whether values are read at collection instead of being recorded.</summary>
    public bool Observed { get; } = observed;

    /// <summary>Whether recorded values add up (an up-down counter) instead of replacing each other (a gauge).</summary>
    public bool Additive { get; } = additive;

    public string Help { get; } = help;

    /// <summary>As OpenMetrics says it: <c>seconds</c>, <c>bytes</c>, <c>ratio</c> or empty.</summary>
    public string Unit { get; } = unit;

    public double[] Bounds { get; } = bounds;

    /// <summary>In order of their labels.</summary>
    public IReadOnlyList<MetricSeries> Series => [.. _series.Values.OrderBy(s => s.Labels, StringComparer.Ordinal)];

    /// <summary>The series of <paramref name="tags"/>; beyond the limit, the one where every value is <c>other</c>.</summary>
    public MetricSeries SeriesOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = MetricText.Labels(tags, overflow: false);
        if (_series.TryGetValue(labels, out var known))
        {
            return known;
        }

        if (_series.Count >= maxSeries && tags.Length > 0)
        {
            labels = MetricText.Labels(tags, overflow: true);
        }

        return _series.GetOrAdd(labels, static (key, b) => new MetricSeries(key, b), Bounds);
    }

    /// <summary>Forgets what the last collection did not see.</summary>
    public void ForgetUnseen(long collection)
    {
        foreach (var (labels, series) in _series)
        {
            if (Observed && series.Seen != collection)
            {
                _series.TryRemove(labels, out _);
            }
        }
    }
}
