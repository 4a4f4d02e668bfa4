using Crosspoint.Contracts.Metrics;

namespace Crosspoint.Server.Tests.Metrics;

public sealed class MetricsDocumentationTests
{
    [Fact]
    public void The_operations_page_lists_every_metric_as_the_catalogue_has_it()
    {
        var lines = File.ReadAllLines(Path.Combine(Root(), "docs/operations/metrics.md")).Where(line => line.StartsWith("| `c", StringComparison.Ordinal));
        Assert.Equal(MetricCatalogue.All.Select(Row), lines);
    }

    private static string Row(MetricDescriptor metric)
    {
        var labels = metric.Labels.Count == 0 ? "–" : string.Join(", ", metric.Labels.Select(label => $"`{label}`"));
        return $"| `{metric.Name}` | {metric.Type.ToString().ToLowerInvariant()} | {(metric.Unit.Length == 0 ? "–" : metric.Unit)} | {labels} | {metric.Meaning} |";
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "Crosspoint.slnx")))
        {
            directory = directory.Parent;
        }

        return directory.FullName;
    }
}
