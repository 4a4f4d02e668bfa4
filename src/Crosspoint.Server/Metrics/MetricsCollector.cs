using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Crosspoint.Contracts.Metrics;

namespace Crosspoint.Server.Metrics;

/// <summary>Listens to the instruments of chosen meters and writes them as Prometheus or OpenMetrics text.</summary>
/// <remarks>Recording is safe from any thread; writing is serialised. Instruments are recorded per request, never per packet: packets are counted by workers and observed.</remarks>
public sealed class MetricsCollector : IDisposable
{
    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Func<Meter, bool> _chosen;
    private readonly int _maxSeries;

    private readonly MeterListener _listener = new();
    private readonly Lock _collecting = new();

    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private long _collection;
    private long _failures;

    /// <summary>Starts listening.</summary>
    /// <param name="chosen">Which meters; those named Crosspoint… when null.</param>
    /// <param name="maxSeries">Series a family may have before further ones are counted as <c>other</c>. 200 keeps a scrape small whatever a label carries.</param>
    public MetricsCollector(Func<Meter, bool>? chosen = null, int maxSeries = 200)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSeries, 1);
        _chosen = chosen ?? (meter => meter.Name.StartsWith(MetricNames.MeterPrefix, StringComparison.Ordinal));
        _maxSeries = maxSeries;
        _listener.InstrumentPublished = Publish;
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, state) => Record(state, (double)value, tags));
        _listener.Start();
    }

    /// <summary>Reads the observed instruments and writes everything, in order of names.</summary>
    /// <param name="format">Prometheus text or OpenMetrics.</param>
    public string Write(MetricsFormat format)
    {
        lock (_collecting)
        {
            _collection++;
            Observe();
            var text = new StringBuilder();
            foreach (var (_, family) in _families.OrderBy(f => f.Key, StringComparer.Ordinal))
            {
                family.ForgetUnseen(_collection);
                MetricsTextWriter.Write(text, family, format == MetricsFormat.OpenMetrics);
            }

            return format == MetricsFormat.OpenMetrics ? text.Append("# EOF\n").ToString() : text.ToString();
        }
    }

    /// <summary>Observed instruments that failed when they were asked.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Stops listening.</summary>
    public void Dispose() => _listener.Dispose();

    // One that fails, perhaps because what it observes is just going, costs its own figures and no others.
    private void Observe()
    {
        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (AggregateException exception)
        {
            Interlocked.Add(ref _failures, exception.InnerExceptions.Count);
        }
    }

    private void Publish(Instrument instrument, MeterListener listener)
    {
        if (!_chosen(instrument.Meter))
        {
            return;
        }

        var made = Family(instrument);
        var family = _families.GetOrAdd(made.Name, made);
        if (family.Type == made.Type && family.Observed == made.Observed)
        {
            listener.EnableMeasurementEvents(instrument, family);
        }
    }

    private MetricFamily Family(Instrument instrument)
    {
        var definition = instrument.GetType().GetGenericTypeDefinition();
        var histogram = definition == typeof(Histogram<>);
        var counter = definition == typeof(Counter<>) || definition == typeof(ObservableCounter<>);
        var type = histogram ? MetricType.Histogram : counter ? MetricType.Counter : MetricType.Gauge;
        var name = MetricText.Name(instrument.Name);
        if (counter && name.EndsWith("_total", StringComparison.Ordinal))
        {
            name = name[..^"_total".Length];
        }

        return new MetricFamily(name, type, instrument.IsObservable, definition == typeof(UpDownCounter<>), instrument.Description ?? name, UnitOf(instrument.Unit, name), histogram ? BoundsOf(instrument) : [], _maxSeries);
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Order()],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Order().Select(b => (double)b)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Order().Select(b => (double)b)],
        _ => DefaultBounds,
    };

    // OpenMetrics lets a family have a unit only if its name ends with it.
    private static string UnitOf(string? unit, string name)
    {
        var word = unit switch { "s" => "seconds", "By" => "bytes", "1" => "ratio", _ => unit ?? string.Empty };
        return word.Length > 0 && name.EndsWith("_" + word, StringComparison.Ordinal) ? word : string.Empty;
    }

    private void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var family = (MetricFamily)state!;
        var series = family.SeriesOf(tags);
        if (family.Type == MetricType.Histogram)
        {
            series.Observe(value);
        }
        else if (!family.Observed && family.Type == MetricType.Counter)
        {
            series.Add(value);
        }
        else
        {
            RecordGauge(family, series, value);
        }
    }

    private void RecordGauge(MetricFamily family, MetricSeries series, double value)
    {
        if (family is { Observed: false, Additive: true })
        {
            series.Add(value);
            return;
        }

        // Observations that share a series within one collection, such as those beyond the limit, add up.
        if (family.Observed && series.Seen == _collection)
        {
            series.Add(value);
        }
        else
        {
            series.Set(value);
        }

        series.Seen = _collection;
    }
}
