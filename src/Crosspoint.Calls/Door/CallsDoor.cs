using System.Collections.Concurrent;
using Crosspoint.Calls.Auth;
using Crosspoint.Calls.Encryption;
using Crosspoint.Calls.Limits;
using Crosspoint.Calls.Media;
using Crosspoint.Calls.Options;
using Crosspoint.Calls.Rooms;
using Crosspoint.Calls.Sessions;
using Crosspoint.Calls.Tokens;
using Crosspoint.Contracts.Calls;
using Microsoft.Extensions.Logging;

namespace Crosspoint.Calls.Door;

/// <summary>The calls door: sockets are opened on it, say something, and go away. What they are made of it does not know.</summary>
/// <remarks>
/// Any thread. Per connection the calls are sequential: Open, then messages one at a time, then Closed once.
/// <code>
///  text ─▶ InputPipeline ─▶ a handler ─▶ Room (mailbox) ─▶ IMediaPlane
///                │                          │
///                └──────── ACK ◀────────────┴─▶ frames into the Outbound of every connection concerned
/// </code>
/// </remarks>
public sealed class CallsDoor : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    // Closing rooms is work of microseconds each; who needs longer hangs.
    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(5);

    // given to me
    private readonly CallsOptions _options;
    private readonly CallsMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    // made by me
    private readonly Frames _frames;
    private readonly RateRule[] _rates;
    private readonly SessionDirectory _sessions;
    private readonly RoomDirectory _rooms;
    private readonly InputPipeline _pipeline;
    private readonly SocketGate _gate;
    private readonly JoinPacer _pacer;
    private readonly ITimer _sweeper;

    // state
    private readonly ConcurrentDictionary<Connection, byte> _connections = new();
    private volatile bool _isDraining;

    /// <summary>Opens the door.</summary>
    public CallsDoor(CallsOptions options, IMediaPlane media, IAccessTokenVerifier verifier, TimeProvider time, CallsMetrics metrics, ILogger<CallsDoor> log)
    {
        (_options, _metrics, _time, _log) = (options, metrics, time, log);
        _frames = new(time);
        _rates = RateRule.Table(options.Limits.Rates);
        _sessions = new(_rates, options.Sessions.Grace, time);
        IEpochStore epochs = options.E2ee.StateFolder is { } folder ? new DurableEpochStore(folder, time.GetUtcNow()) : new MemoryEpochStore();
        _rooms = new(new(options, media, _sessions, _frames, metrics, epochs, time, log));
        RoomAdmission admission = new(options, _rooms, JoinTokens.Create(options, time), time, metrics);
        RequestTable requests = new(
            new SessionHandlers(options, _sessions, verifier, media, _frames, metrics),
            new RoomHandlers(options, _rooms, admission, () => _isDraining),
            new E2eeHandlers(_frames, metrics));
        RequestTypes = [.. requests.Types];
        _pipeline = new(requests, options.Limits.MaxFrameBytes, options.Limits.MaxMalformedFrames, metrics, time, log);
        _gate = new(options.Limits.Sockets, options.Limits.SocketsPerIp);
        _pacer = new(JoinPlan.Of(options.Limits), time, metrics.JoinWaited);
        _sweeper = time.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
        metrics.Observe(Figures);
    }

    /// <summary>Every type the door takes.</summary>
    public IReadOnlyList<string> RequestTypes { get; }

    /// <summary>True once no new sockets are taken.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>How full the house is.</summary>
    public DoorFigures Figures()
    {
        DoorFigures figures = new()
        {
            Sockets = _gate.Count,
            Sessions = _sessions.Count,
            WaitingReturning = _pacer.Waiting(JoinLane.Returning),
            WaitingNewcomers = _pacer.Waiting(JoinLane.Newcomer),
        };
        foreach (Room room in _rooms.All)
        {
            figures = figures with
            {
                Rooms = figures.Rooms + 1,
                Peers = figures.Peers + room.PeerCount,
                Rejoining = figures.Rejoining + room.RejoiningCount,
                Producers = figures.Producers + room.ProducerCount,
                AudioProducers = figures.AudioProducers + room.AudioProducerCount,
            };
        }

        return figures;
    }

    /// <summary>A socket wants in, which may take seconds when many do (SFU_JOIN_RATE).</summary>
    /// <param name="origin">Where it comes from. While it waits it counts among the sockets of its address.</param>
    /// <param name="isReturning">Its client says that it was here a moment ago; it then waits before newcomers.</param>
    /// <param name="gone">Cancelled when it no longer wants in.</param>
    /// <returns>Its connection, or how it is to be closed.</returns>
    public async ValueTask<Opening> OpenAsync(ClientOrigin origin, bool isReturning, CancellationToken gone)
    {
        CloseRequest? refusal = _isDraining ? CloseRequest.ServerShutdown
            : _options.Limits.RequireSecureWebSocket && !origin.IsSecure ? CloseRequest.SecureTransportRequired
            : _gate.Enter(origin.Address) switch
            {
                SocketAdmission.TooManyFromAddress => CloseRequest.TooManyConnections,
                SocketAdmission.NodeFull => CloseRequest.NodeFull,
                _ => null,
            };
        if (refusal is null)
        {
            JoinVerdict verdict = await _pacer.EnterAsync(isReturning ? JoinLane.Returning : JoinLane.Newcomer, gone);
            refusal = verdict == JoinVerdict.Gone ? CloseRequest.ClientClosed
                : verdict == JoinVerdict.Refused ? CloseRequest.JoinQueueFull
                : _isDraining ? CloseRequest.ServerShutdown
                : null;
            if (refusal is not null)
            {
                _gate.Leave(origin.Address);
            }
        }

        _metrics.Connected(refusal is null ? "ok" : refusal == CloseRequest.ClientClosed ? "gone" : refusal.Reason);
        if (refusal is not null)
        {
            return new(null, refusal);
        }

        Connection connection = new(origin.Address, _frames, _options.Limits, _rates, _time);
        _connections.TryAdd(connection, 0);
        return new(connection, null);
    }

    /// <summary>A whole text message came in. Completes when everything it caused is queued.</summary>
    public ValueTask OnTextAsync(Connection connection, ReadOnlyMemory<byte> text)
    {
        _metrics.BytesIn(text.Length);
        return _pipeline.HandleAsync(connection, text);
    }

    /// <summary>A frame left.</summary>
    public void OnSent(Connection connection, int bytes)
    {
        connection.Sent(bytes);
        _metrics.FrameOut(bytes);
    }

    /// <summary>The socket is gone; the last call for its connection.</summary>
    /// <param name="connection">Whose.</param>
    /// <param name="clientCode">The close code the client sent, or null when the socket just broke.</param>
    public void OnClosed(Connection connection, int? clientCode)
    {
        if (!_connections.TryRemove(connection, out _))
        {
            return;
        }

        _gate.Leave(connection.Address);
        connection.Close(CloseRequest.ClientClosed);
        _metrics.Closed(connection.CloseRequested!.Reason);

        // 1001 is a page that is being left: nobody will come back for this session.
        bool forGood = clientCode == CloseCodes.GoingAway;
        if (_sessions.Detach(connection, forGood, LeaveRoom) is not { } detached)
        {
            return;
        }

        if (detached.HasEnded)
        {
            LeaveRoom(detached.Session);
        }
        else if (detached.Session.Stay is { } stay)
        {
            stay.Room.Post(() => stay.Room.OnConnectionLostAsync(stay, connection));
        }
    }

    /// <summary>Takes no more sockets and rooms, and tells every socket to go elsewhere.</summary>
    public void Drain()
    {
        _isDraining = true;
        _log.LogInformation("Draining: {Sockets} sockets are told to go elsewhere, {Rooms} rooms end", _gate.Count, _rooms.Count);
        _pacer.Open();
        foreach (Connection connection in _connections.Keys)
        {
            connection.Close(CloseRequest.ServerShutdown);
        }
    }

    /// <summary>Ends every room while there still are media workers to end it on.</summary>
    public async ValueTask DisposeAsync()
    {
        _isDraining = true;
        _pacer.Dispose();
        await _sweeper.DisposeAsync();
        await _rooms.CloseAllAsync(ClosingTime);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pacer.Dispose();
        _sweeper.Dispose();
    }

    private static void LeaveRoom(Session session)
    {
        if (session.Stay is { } stay)
        {
            stay.Room.Post(() => stay.Room.LeaveAsync(stay, PeerLeftReason.Disconnected));
        }
    }

    private void Sweep()
    {
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (Connection connection in _connections.Keys)
        {
            Session? session = connection.Session;
            if (session is null && connection.Age >= _options.Sessions.AuthDeadline)
            {
                connection.Close(CloseRequest.HandshakeTimeout);
            }
            else if (connection.Silence >= _options.Sessions.Silence)
            {
                connection.Close(CloseRequest.HeartbeatTimeout);
            }
            else if (session is not null && _options.Auth.EnforceExpiry && IsExpired(session, now) && connection.Age >= _options.Sessions.AuthDeadline)
            {
                connection.SendAuthFail(_frames);
                connection.Close(CloseRequest.TokenExpired);
            }
        }
    }

    private bool IsExpired(Session session, long now) =>
        session.TokenExpiresAt != long.MaxValue && now >= session.TokenExpiresAt + (long)_options.Auth.Leeway.TotalMilliseconds;
}

/// <summary>How full the house is.</summary>
public readonly record struct DoorFigures
{
    /// <summary>Rooms.</summary>
    public int Rooms { get; init; }

    /// <summary>Devices in rooms, rejoining ones included.</summary>
    public int Peers { get; init; }

    /// <summary>Devices in rooms whose socket is gone.</summary>
    public int Rejoining { get; init; }

    /// <summary>Published tracks.</summary>
    public int Producers { get; init; }

    /// <summary>Those of them that are audio.</summary>
    public int AudioProducers { get; init; }

    /// <summary>Sockets, those included that wait to be let in.</summary>
    public int Sockets { get; init; }

    /// <summary>Sockets that wait to be let in and say that they were here before.</summary>
    public int WaitingReturning { get; init; }

    /// <summary>Other sockets that wait to be let in.</summary>
    public int WaitingNewcomers { get; init; }

    /// <summary>Sessions, in grace included.</summary>
    public int Sessions { get; init; }
}

/// <summary>What became of a socket that wanted in: exactly one of the two.</summary>
/// <param name="Connection">It is in.</param>
/// <param name="Refusal">It is to be closed so; <see cref="CloseRequest.ClientClosed"/> when it is gone already.</param>
public readonly record struct Opening(Connection? Connection, CloseRequest? Refusal);
