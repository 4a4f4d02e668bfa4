using System.Diagnostics.Metrics;
using Crosspoint.Contracts.Metrics;
using Crosspoint.Server.Metrics;

namespace Crosspoint.Server.Tests.Metrics;

public sealed class PromtoolTests
{
    [Fact]
    public async Task Promtool_has_nothing_to_say_about_any_metric_of_the_catalogue()
    {
        using var meter = new Meter("Tests.Catalogue");
        using var collector = new MetricsCollector(chosen => ReferenceEquals(chosen, meter));
        foreach (var metric in MetricCatalogue.All)
        {
            Record(meter, metric);
        }

        var text = collector.Write(MetricsFormat.PrometheusText);
        Assert.All(MetricCatalogue.All, metric => Assert.Contains($"# TYPE {metric.Name} ", text, StringComparison.Ordinal));
        var (exit, said) = await Promtool.CheckAsync(text);
        Assert.True(exit == 0 && said.Length == 0, $"promtool check metrics: exit {exit}\n{said}");
    }

    [Fact]
    public async Task Promtool_does_object_to_what_is_wrong()
    {
        var (exit, _) = await Promtool.CheckAsync("# TYPE x counter\nx{a=\"1} 1\n");
        Assert.NotEqual(0, exit);
    }

    private static void Record(Meter meter, MetricDescriptor metric)
    {
        var tags = metric.Labels.Select(label => new KeyValuePair<string, object?>(label, "a \"b\" \\ c\nd")).ToArray();
        switch (metric.Type)
        {
            case MetricType.Counter: meter.CreateCounter<long>(metric.Name, metric.Unit, metric.Meaning).Add(1, tags); break;
            case MetricType.Gauge: meter.CreateObservableGauge(metric.Name, () => new Measurement<double>(1, tags), metric.Unit, metric.Meaning); break;
            default: meter.CreateHistogram<double>(metric.Name, metric.Unit, metric.Meaning).Record(0.2, tags); break;
        }
    }
}
