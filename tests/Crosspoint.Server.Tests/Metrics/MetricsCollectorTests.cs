using System.Diagnostics.Metrics;
using Crosspoint.Server.Metrics;

namespace Crosspoint.Server.Tests.Metrics;

public sealed class MetricsCollectorTests : IDisposable
{
    // Not named as ours are: a server that another test runs meanwhile would expose it.
    private readonly Meter _meter = new("Tests.Collector");
    private readonly MetricsCollector _collector;

    public MetricsCollectorTests() => _collector = new MetricsCollector(meter => ReferenceEquals(meter, _meter), maxSeries: 3);

    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void An_instrument_that_fails_takes_no_other_with_it()
    {
        _meter.CreateObservableGauge("broken", () => FailingObservation());
        _meter.CreateObservableGauge("whole", () => 7);

        Assert.Contains("whole 7", _collector.Write(MetricsFormat.PrometheusText), StringComparison.Ordinal);
        Assert.Equal(1, _collector.Failures);

        static int FailingObservation() => throw new ObjectDisposedException("it");
    }

    [Fact]
    public void A_counter_counts_by_label_in_order()
    {
        var counter = _meter.CreateCounter<long>("x_closes_total", description: "Why \"they\"\nclosed \\.");
        counter.Add(1, new KeyValuePair<string, object?>("reason", "b"));
        counter.Add(2, new KeyValuePair<string, object?>("reason", "a"));
        counter.Add(3, new KeyValuePair<string, object?>("reason", "a"));
        Assert.Equal(
            "# HELP x_closes_total Why \"they\"\\nclosed \\\\.\n# TYPE x_closes_total counter\nx_closes_total{reason=\"a\"} 5\nx_closes_total{reason=\"b\"} 1\n",
            _collector.Write(MetricsFormat.PrometheusText));
        Assert.Equal(
            "# HELP x_closes Why \\\"they\\\"\\nclosed \\\\.\n# TYPE x_closes counter\nx_closes_total{reason=\"a\"} 5\nx_closes_total{reason=\"b\"} 1\n# EOF\n",
            _collector.Write(MetricsFormat.OpenMetrics));
    }

    [Fact]
    public void The_order_of_labels_at_the_call_does_not_matter()
    {
        var counter = _meter.CreateCounter<int>("x_total");
        counter.Add(1, new KeyValuePair<string, object?>("b", 1), new KeyValuePair<string, object?>("a", true));
        counter.Add(1, new KeyValuePair<string, object?>("a", true), new KeyValuePair<string, object?>("b", 1));
        Assert.Contains("x_total{a=\"True\",b=\"1\"} 2\n", _collector.Write(MetricsFormat.PrometheusText), StringComparison.Ordinal);
    }

    [Fact]
    public void A_histogram_is_cumulative_and_its_bounds_are_inclusive()
    {
        var histogram = _meter.CreateHistogram("x_duration_seconds", "s", "D.", tags: null, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.25, 1] });
        foreach (var value in new[] { 0.25, 0.5, 1, 7 })
        {
            histogram.Record(value, new KeyValuePair<string, object?>("type", "T"));
        }

        Assert.Equal(
            """
            # HELP x_duration_seconds D.
            # TYPE x_duration_seconds histogram
            # UNIT x_duration_seconds seconds
            x_duration_seconds_bucket{type="T",le="0.25"} 1
            x_duration_seconds_bucket{type="T",le="1.0"} 3
            x_duration_seconds_bucket{type="T",le="+Inf"} 4
            x_duration_seconds_sum{type="T"} 8.75
            x_duration_seconds_count{type="T"} 4
            # EOF

            """,
            _collector.Write(MetricsFormat.OpenMetrics));
    }

    [Fact]
    public void An_up_down_counter_adds_and_a_gauge_replaces()
    {
        var rooms = _meter.CreateUpDownCounter<int>("x_rooms");
        rooms.Add(3);
        rooms.Add(-1);
        var level = _meter.CreateGauge<double>("x_level");
        level.Record(3);
        level.Record(0.5);
        var text = _collector.Write(MetricsFormat.PrometheusText);
        Assert.Contains("# TYPE x_rooms gauge\nx_rooms 2\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE x_level gauge\nx_level 0.5\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Observed_values_are_read_at_collection_and_forgotten_when_no_longer_seen()
    {
        List<Measurement<long>> now = [new(5, new KeyValuePair<string, object?>("worker", 0)), new(6, new KeyValuePair<string, object?>("worker", 1))];
        _meter.CreateObservableCounter("x_packets_total", () => now);
        Assert.Contains("x_packets_total{worker=\"1\"} 6\n", _collector.Write(MetricsFormat.PrometheusText), StringComparison.Ordinal);
        now = [new(9, new KeyValuePair<string, object?>("worker", 0))];
        var text = _collector.Write(MetricsFormat.PrometheusText);
        Assert.Contains("x_packets_total{worker=\"0\"} 9\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("worker=\"1\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_without_end_are_counted_together()
    {
        var counter = _meter.CreateCounter<int>("x_total");
        for (var i = 0; i < 1000; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("peer", i));
        }

        var lines = _collector.Write(MetricsFormat.PrometheusText).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2 + 4, lines.Length);
        Assert.Contains("x_total{peer=\"other\"} 997", lines);
    }

    [Fact]
    public void Label_values_are_escaped_and_bounded_and_names_made_valid()
    {
        var counter = _meter.CreateCounter<int>("1x.y_total");
        counter.Add(1, new KeyValuePair<string, object?>("le", "a\"b\\c\nd"), new KeyValuePair<string, object?>("a-b", new string('z', 500)));
        Assert.Contains(
            $"_1x_y_total{{a_b=\"{new string('z', 128)}\",exported_le=\"a\\\"b\\\\c\\nd\"}} 1\n",
            _collector.Write(MetricsFormat.PrometheusText),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_used_twice_in_different_ways_keeps_its_first_meaning()
    {
        _meter.CreateCounter<int>("x_total").Add(1);
        _meter.CreateUpDownCounter<int>("x").Add(7);
        Assert.Equal("# HELP x_total x\n# TYPE x_total counter\nx_total 1\n", _collector.Write(MetricsFormat.PrometheusText));
    }

    [Fact]
    public void Meters_of_others_are_left_out()
    {
        using var other = new Meter("Other");
        other.CreateCounter<int>("y_total").Add(1);
        Assert.Equal(string.Empty, _collector.Write(MetricsFormat.PrometheusText));
        Assert.Equal("# EOF\n", _collector.Write(MetricsFormat.OpenMetrics));
    }

    [Fact]
    public async Task Recording_from_many_threads_loses_nothing()
    {
        var counter = _meter.CreateCounter<long>("x_total");
        var tasks = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 5000; i++)
            {
                counter.Add(1);
            }
        }));
        await Task.WhenAll(tasks);
        Assert.Contains("x_total 20000\n", _collector.Write(MetricsFormat.PrometheusText), StringComparison.Ordinal);
    }
}
