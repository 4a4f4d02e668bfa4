using Crosspoint.Calls.Options;

namespace Crosspoint.Server.Endpoints;

/// <summary>GET /api/config: what the page needs to know about its server.</summary>
internal static class ConfigEndpoint
{
    internal static void Map(WebApplication app, CallsOptions options)
    {
        PageConfig config = new()
        {
            WsPath = SocketEndpoint.Path,
            DevLogin = options.Auth.DevInsecure,
            Region = options.Node.Region,
            NodeId = options.Node.NodeId,
            E2eeRequired = options.E2ee.Required,
        };
        app.MapGet("/api/config", context =>
        {
            context.Response.Headers.CacheControl = "no-store";
            return context.Response.WriteAsJsonAsync(config, ServerJson.Default.PageConfig);
        });
    }
}
