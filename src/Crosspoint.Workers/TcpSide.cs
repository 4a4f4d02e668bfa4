using Crosspoint.Primitives;

namespace Crosspoint.Workers;

/// <summary>The TCP connections of a worker: each belongs to the transport its first check named, and goes with it.</summary>
/// <remarks>Owned by one worker thread.</remarks>
internal sealed class TcpSide
{
    // A client opens one for each of our TCP candidates, and again when its network changes. The oldest that carries nothing goes first.
    private const int MaxPerTransport = 8;

    // Made by me.
    private readonly Dictionary<TransportAddress, TcpRoute> _routes = [];

    /// <summary>How many connections there are.</summary>
    public int Count => _routes.Count;

    /// <summary>From now on the connection belongs to the transport.</summary>
    public void Adopt(TcpRoute route, WebRtcTransport transport)
    {
        if (_routes.TryGetValue(route.Connection.RemoteAddress, out TcpRoute? before))
        {
            // The kernel gave the peer's port away again before we heard that its last connection had ended.
            Release(before);
        }

        if (transport.Connections.Count >= MaxPerTransport)
        {
            CloseOldest(transport);
        }

        route.Transport = transport;
        transport.Connections.Add(route);
        _routes.Add(route.Connection.RemoteAddress, route);
    }

    /// <summary>The connection has ended; answers whose it was, if anybody's.</summary>
    public WebRtcTransport? Release(TcpRoute route)
    {
        WebRtcTransport? transport = route.Transport;
        if (transport is not null)
        {
            route.Transport = null;
            transport.Connections.Remove(route);
            _routes.Remove(route.Connection.RemoteAddress);
        }

        return transport;
    }

    /// <summary>Closes all connections of a transport that is going.</summary>
    public void CloseAll(WebRtcTransport transport)
    {
        while (transport.Connections.Count > 0)
        {
            Close(transport.Connections[^1]);
        }
    }

    /// <summary>Queues one frame; false when the connection is gone or its peer reads too slowly.</summary>
    public bool TrySend(in TransportAddress remote, ReadOnlySpan<byte> frame) =>
        _routes.TryGetValue(remote, out TcpRoute? route) && route.Connection.TrySend(frame);

    private void CloseOldest(WebRtcTransport transport)
    {
        _ = transport.Session.TryGetPath(out _, out TransportAddress selected);
        Close(transport.Connections.Find(route => route.Connection.RemoteAddress != selected)!);
    }

    private void Close(TcpRoute route)
    {
        Release(route);
        route.Connection.Close();
    }
}
