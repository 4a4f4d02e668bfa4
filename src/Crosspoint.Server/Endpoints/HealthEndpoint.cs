using Crosspoint.Contracts.Calls;

namespace Crosspoint.Server.Endpoints;

/// <summary>GET /health, /healthz, /ready: 200 when the node can take calls, 503 with the reasons when it cannot.</summary>
internal static class HealthEndpoint
{
    internal static void Map(WebApplication app)
    {
        NodeStatus status = app.Services.GetRequiredService<NodeStatus>();
        foreach (string path in (string[])["/health", "/healthz", "/ready"])
        {
            app.MapGet(path, context => AnswerAsync(context, status));
        }
    }

    private static Task AnswerAsync(HttpContext context, NodeStatus status)
    {
        HealthBody body = status.Health();
        context.Response.StatusCode = body.Ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(body, CallsJson.Default.HealthBody);
    }
}
