using System.Globalization;

namespace Crosspoint.Server.Metrics;

/// <summary>Chooses a format by the <c>Accept</c> header (RFC 9110 §12.5.1). Wildcards mean JSON: text has to be asked for.</summary>
public static class MetricsNegotiation
{
    /// <summary>The content type of a text format.</summary>
    public static string ContentType(MetricsFormat format) => format switch
    {
        MetricsFormat.OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        MetricsFormat.PrometheusText => "text/plain; version=0.0.4; charset=utf-8",
        _ => "application/json; charset=utf-8",
    };

    /// <summary>The format with the highest quality; the earlier one when equal; JSON when none is asked for.</summary>
    /// <param name="accept">The header, or null.</param>
    public static MetricsFormat Choose(string? accept)
    {
        var (best, bestQuality) = (MetricsFormat.Json, 0.0);
        foreach (var range in (accept ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = range.Split(';', StringSplitOptions.TrimEntries);
            if (FormatOf(parts[0]) is { } format && QualityOf(parts) is var quality && quality > bestQuality)
            {
                (best, bestQuality) = (format, quality);
            }
        }

        return best;
    }

    private static MetricsFormat? FormatOf(string mediaRange) => mediaRange.ToLowerInvariant() switch
    {
        "application/openmetrics-text" => MetricsFormat.OpenMetrics,
        "text/plain" or "text/*" => MetricsFormat.PrometheusText,
        "application/json" or "application/*" or "*/*" => MetricsFormat.Json,
        _ => null,
    };

    private static double QualityOf(string[] parts)
    {
        foreach (var part in parts.Skip(1))
        {
            if (part.StartsWith("q=", StringComparison.OrdinalIgnoreCase))
            {
                return double.TryParse(part.AsSpan(2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q) ? Math.Min(q, 1) : 0;
            }
        }

        return 1;
    }
}
