using System.Net;
using System.Net.WebSockets;
using Crosspoint.Calls.Door;
using Crosspoint.Calls.Limits;
using Crosspoint.Calls.Options;
using Crosspoint.Calls.Sessions;

namespace Crosspoint.Server.Endpoints;

/// <summary>GET /ws, upgraded: one client of the calls door.</summary>
internal static class SocketEndpoint
{
    internal const string Path = "/ws";

    internal static void Map(WebApplication app)
    {
        CallsDoor door = app.Services.GetRequiredService<CallsDoor>();
        CallsOptions options = app.Services.GetRequiredService<CallsOptions>();
        app.MapGet(Path, context => context.WebSockets.IsWebSocketRequest ? ServeAsync(context, door, options) : NotFound.AnswerAsync(context));
    }

    private static async Task ServeAsync(HttpContext context, CallsDoor door, CallsOptions options)
    {
        ClientOrigin origin = ClientOrigin.Resolve(
            context.Connection.RemoteIpAddress ?? IPAddress.None,
            context.Request.IsHttps,
            context.Request.Headers["X-Forwarded-For"],
            context.Request.Headers["X-Forwarded-Proto"],
            options.Limits.TrustedProxies);
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        Connection? connection = door.Open(origin, out CloseRequest? refusal);
        await (connection is null
            ? SocketPump.RefuseAsync(socket, refusal!)
            : new SocketPump(socket, connection, door, options.Limits.MaxFrameBytes).RunAsync());
    }
}
