using Crosspoint.Server.Metrics;

namespace Crosspoint.Server.Tests.Metrics;

public sealed class MetricsNegotiationTests
{
    [Theory]
    [InlineData(null, MetricsFormat.Json)]
    [InlineData("", MetricsFormat.Json)]
    [InlineData("*/*", MetricsFormat.Json)]
    [InlineData("application/json, text/plain, */*", MetricsFormat.Json)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", MetricsFormat.Json)]
    [InlineData("text/plain", MetricsFormat.PrometheusText)]
    [InlineData("text/plain; version=0.0.4", MetricsFormat.PrometheusText)]
    [InlineData("TEXT/PLAIN;q=0.9, application/json;q=0.5", MetricsFormat.PrometheusText)]
    [InlineData("application/openmetrics-text", MetricsFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1", MetricsFormat.OpenMetrics)]
    [InlineData("text/plain;q=0, application/json;q=0.1", MetricsFormat.Json)]
    [InlineData("text/plain;q=nonsense", MetricsFormat.Json)]
    [InlineData(";;;,,,q=", MetricsFormat.Json)]
    public void The_accept_header_chooses(string? accept, MetricsFormat expected) => Assert.Equal(expected, MetricsNegotiation.Choose(accept));

    [Theory]
    [InlineData(MetricsFormat.PrometheusText, "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData(MetricsFormat.OpenMetrics, "application/openmetrics-text; version=1.0.0; charset=utf-8")]
    [InlineData(MetricsFormat.Json, "application/json; charset=utf-8")]
    public void Each_format_has_its_content_type(MetricsFormat format, string expected) => Assert.Equal(expected, MetricsNegotiation.ContentType(format));
}
