using System.Text.Json;
using Crosspoint.Calls.Sessions;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Door;

/// <summary>One request on its way through the door.</summary>
internal sealed class Request(Connection connection, ClientFrame frame)
{
    /// <summary>Where it came in and where its answers go.</summary>
    internal Connection Connection { get; } = connection;

    internal string Type { get; } = frame.Type;

    internal JsonElement Payload { get; } = frame.Payload;

    /// <summary>The session when the request came in; not null for anything but HELLO, AUTH and PING.</summary>
    internal Session? Session { get; } = connection.Session;
}
