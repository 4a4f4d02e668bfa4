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

    // In the query of a client that has a resume token: it goes before newcomers. It is not proof of anything and gives nothing else.
    private const string ReturningMark = "returning";

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
        // Nothing is answered while it waits: an open socket without a HELLO would run into the deadlines of both sides.
        (Connection? connection, CloseRequest? refusal) = await door.OpenAsync(origin, context.Request.Query.ContainsKey(ReturningMark), context.RequestAborted);
        if (refusal == CloseRequest.ClientClosed)
        {
            return;
        }

        using WebSocket? socket = await AcceptAsync(context, door, connection);
        if (socket is null)
        {
            return;
        }

        await (connection is null
            ? SocketPump.RefuseAsync(socket, refusal!)
            : new SocketPump(socket, connection, door).RunAsync());
    }

    // Null when the client left meanwhile. Whatever goes wrong here, the door gets its place back.
    private static async Task<WebSocket?> AcceptAsync(HttpContext context, CallsDoor door, Connection? connection)
    {
        try
        {
            return await context.WebSockets.AcceptWebSocketAsync();
        }
        catch
        {
            if (connection is not null)
            {
                door.OnClosed(connection, clientCode: null);
            }

            if (context.RequestAborted.IsCancellationRequested)
            {
                return null;
            }

            throw;
        }
    }
}
