using System.Net;
using System.Net.Sockets;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Tcp;

/// <summary>
/// The shared TCP port: accepts connections within limits, reads frames of RFC 4571, lets the first frame decide
/// who owns a connection, and from then on delivers its frames there.
/// </summary>
/// <remarks>Thread-safe. Works on the thread pool; owners hand frames on to their worker.</remarks>
public sealed class TcpListenerHost : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterAcceptError = TimeSpan.FromMilliseconds(100);

    private readonly TcpListenerOptions _options;
    private readonly TcpOwnerSelector _selector;

    private readonly Socket _listener;
    private readonly ITimer _sweeper;
    private readonly Task _accepting;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();

    private readonly HashSet<TcpFramedConnection> _connections = [];
    private readonly ConnectionLimiter _limiter;
    private readonly long[] _closed = new long[Enum.GetValues<TcpCloseReason>().Length];
    private long _accepted;
    private long _acceptErrors;

    private TcpListenerHost(TcpListenerOptions options, TcpOwnerSelector selector, Socket listener)
    {
        _options = options;
        _selector = selector;
        _listener = listener;
        _limiter = new ConnectionLimiter(options.MaxConnections, options.MaxConnectionsPerAddress);
        LocalAddress = TransportAddress.From((IPEndPoint)listener.LocalEndPoint!, TransportProtocol.Tcp);
        _sweeper = options.TimeProvider.CreateTimer(static state => ((TcpListenerHost)state!).Sweep(), this, options.SweepInterval, options.SweepInterval);
        _accepting = AcceptAsync();
    }

    /// <summary>The bound address; the IP is unspecified when it listens on every interface.</summary>
    public TransportAddress LocalAddress { get; }

    /// <summary>The counters at this moment.</summary>
    public TcpListenerStatistics Statistics
    {
        get
        {
            lock (_lock)
            {
                return new TcpListenerStatistics(_accepted, _acceptErrors, _limiter.Total, [.. _closed]);
            }
        }
    }

    /// <summary>Binds and begins to accept.</summary>
    /// <exception cref="SocketException">No port of the range is free, or the address is not ours.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static TcpListenerHost Start(TcpListenerOptions options, TcpOwnerSelector selector)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(selector);
        options.Validate();
        // On some systems only listen finds a port taken, so it is part of trying one.
        Socket listener = BoundSocket.Open(options.Address, options.MinPort, options.MaxPort, SocketType.Stream, ProtocolType.Tcp, bound: socket => socket.Listen(options.AcceptBacklog));
        return new TcpListenerHost(options, selector, listener);
    }

    /// <summary>Stops accepting, closes every connection with <see cref="TcpCloseReason.HostStopped"/> and waits until the owners know.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _sweeper.DisposeAsync();
        await _accepting;
        TcpFramedConnection[] open = Snapshot();
        foreach (TcpFramedConnection connection in open)
        {
            connection.Close(TcpCloseReason.HostStopped);
        }

        await Task.WhenAll(open.Select(c => c.Closed));
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Admit(await _listener.AcceptAsync(_stop.Token));
            }
            catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
            catch (SocketException)
            {
                await PauseAsync();
            }
        }
    }

    // Out of descriptors or memory: trying again at once would only burn a core.
    private async Task PauseAsync()
    {
        lock (_lock)
        {
            _acceptErrors++;
        }

        await Task.Delay(PauseAfterAcceptError, _options.TimeProvider, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Admit(Socket socket)
    {
        TcpFramedConnection connection;
        try
        {
            connection = new TcpFramedConnection(socket, _options, _selector, owner: null);
        }
        catch (SocketException)
        {
            // Reset between the handshake and here.
            socket.Dispose();
            Refuse(TcpCloseReason.PeerReset);
            return;
        }

        TcpCloseReason refusal;
        lock (_lock)
        {
            refusal = _limiter.Enter(connection.RemoteAddress);
            if (refusal == TcpCloseReason.None)
            {
                _accepted++;
                _connections.Add(connection);
            }
        }

        if (refusal == TcpCloseReason.None)
        {
            _ = ServeAsync(connection);
        }
        else
        {
            connection.Close(refusal);
            Refuse(refusal);
        }
    }

    private void Refuse(TcpCloseReason reason)
    {
        lock (_lock)
        {
            _accepted++;
            _closed[(int)reason]++;
        }
    }

    private async Task ServeAsync(TcpFramedConnection connection)
    {
        connection.Finishing = Forget;
        await connection.ReceiveAsync();
    }

    private void Forget(TcpFramedConnection connection)
    {
        lock (_lock)
        {
            _connections.Remove(connection);
            _limiter.Leave(connection.RemoteAddress);
            _closed[(int)connection.CloseReason]++;
        }
    }

    private TcpFramedConnection[] Snapshot()
    {
        lock (_lock)
        {
            return [.. _connections];
        }
    }

    private void Sweep()
    {
        foreach (TcpFramedConnection connection in Snapshot())
        {
            connection.Sweep();
        }
    }
}
