using System.Text;
using Crosspoint.Contracts.Metrics;

namespace Crosspoint.Server.Metrics;

/// <summary>Writes one family as Prometheus text 0.0.4 or OpenMetrics 1.0.0.</summary>
internal static class MetricsTextWriter
{
    public static void Write(StringBuilder into, MetricFamily family, bool openMetrics)
    {
        var series = family.Series;
        if (series.Count == 0)
        {
            return;
        }

        // Prometheus text names a counter's family with _total, OpenMetrics without; the samples are the same.
        var sample = family.Type == MetricType.Counter ? family.Name + "_total" : family.Name;
        var title = openMetrics ? family.Name : sample;
        into.Append("# HELP ").Append(title).Append(' ');
        MetricText.Escape(into, family.Help, quotes: openMetrics);
        into.Append("\n# TYPE ").Append(title).Append(' ').Append(family.Type.ToString().ToLowerInvariant()).Append('\n');
        if (openMetrics && family.Unit.Length > 0)
        {
            into.Append("# UNIT ").Append(title).Append(' ').Append(family.Unit).Append('\n');
        }

        foreach (var one in series)
        {
            if (family.Type == MetricType.Histogram)
            {
                Histogram(into, family, one);
            }
            else
            {
                Sample(into, sample, one.Labels, string.Empty, MetricText.Value(one.Read().Value));
            }
        }
    }

    private static void Histogram(StringBuilder into, MetricFamily family, MetricSeries series)
    {
        var (sum, count, counts) = series.Read();
        long upTo = 0;
        for (var i = 0; i < family.Bounds.Length; i++)
        {
            upTo += counts[i];
            Sample(into, family.Name + "_bucket", series.Labels, $"le=\"{MetricText.Bound(family.Bounds[i])}\"", MetricText.Value(upTo));
        }

        Sample(into, family.Name + "_bucket", series.Labels, "le=\"+Inf\"", MetricText.Value(count));
        Sample(into, family.Name + "_sum", series.Labels, string.Empty, MetricText.Value(sum));
        Sample(into, family.Name + "_count", series.Labels, string.Empty, MetricText.Value(count));
    }

    private static void Sample(StringBuilder into, string name, string labels, string more, string value)
    {
        into.Append(name);
        if (labels.Length + more.Length > 0)
        {
            into.Append('{').Append(labels).Append(labels.Length > 0 && more.Length > 0 ? "," : string.Empty).Append(more).Append('}');
        }

        into.Append(' ').Append(value).Append('\n');
    }
}
