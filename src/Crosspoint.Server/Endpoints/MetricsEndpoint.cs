using Crosspoint.Contracts.Calls;
using Crosspoint.Server.Metrics;

namespace Crosspoint.Server.Endpoints;

/// <summary>GET /metrics: the JSON object of the contract, or Prometheus and OpenMetrics text for those who ask for it.</summary>
internal static class MetricsEndpoint
{
    internal static void Map(WebApplication app)
    {
        NodeStatus status = app.Services.GetRequiredService<NodeStatus>();
        MetricsCollector collector = app.Services.GetRequiredService<MetricsCollector>();
        app.MapGet("/metrics", context => AnswerAsync(context, status, collector));
    }

    private static Task AnswerAsync(HttpContext context, NodeStatus status, MetricsCollector collector)
    {
        MetricsFormat format = MetricsNegotiation.Choose(context.Request.Headers.Accept);
        context.Response.Headers.CacheControl = "no-store";
        if (format == MetricsFormat.Json)
        {
            return context.Response.WriteAsJsonAsync(status.Figures(), CallsJson.Default.MetricsBody);
        }

        context.Response.ContentType = MetricsNegotiation.ContentType(format);
        return context.Response.WriteAsync(collector.Write(format));
    }
}
