namespace Crosspoint.Server.Metrics;

/// <summary>How <c>/metrics</c> answers.</summary>
public enum MetricsFormat
{
    /// <summary>The JSON object of the calls contract; the default.</summary>
    Json,

    /// <summary>Prometheus text 0.0.4.</summary>
    PrometheusText,

    /// <summary>OpenMetrics 1.0.0.</summary>
    OpenMetrics,
}
