namespace Crosspoint.Contracts.Metrics;

/// <summary>A row of the metric table.</summary>
/// <param name="Name">As operators see it.</param>
/// <param name="Type">How it counts.</param>
/// <param name="Unit">UCUM: <c>s</c>, <c>By</c>, <c>1</c>; empty for plain counts.</param>
/// <param name="Labels">The labels, each with few values.</param>
/// <param name="Meaning">In one sentence; the HELP text.</param>
public sealed record MetricDescriptor(string Name, MetricType Type, string Unit, IReadOnlyList<string> Labels, string Meaning);

/// <summary>How a metric counts.</summary>
public enum MetricType
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Observations in buckets.</summary>
    Histogram,
}
