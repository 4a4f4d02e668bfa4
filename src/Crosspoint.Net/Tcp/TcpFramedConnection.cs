using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Tcp;

/// <summary>One TCP connection that carries frames of RFC 4571, accepted by a <see cref="TcpListenerHost"/> or opened by <see cref="ConnectAsync"/>.</summary>
/// <remarks>
/// <see cref="TrySend"/> and <see cref="Close"/> may be called by any thread. Frames are read by one task;
/// a second one runs only while frames wait to be sent.
/// </remarks>
public sealed class TcpFramedConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly TcpConnectionOptions _options;
    private readonly TcpOwnerSelector? _selector;

    private readonly SendBacklog _backlog;
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<TcpCloseReason> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _openedAt;

    private ITcpFrameOwner? _owner;
    private ITimer? _ownTimer;
    private bool _sending;
    private long _lastFrameAt;
    private long _frameBegunAt;
    private int _closeReason;
    private long _framesReceived;
    private long _framesSent;

    internal TcpFramedConnection(Socket socket, TcpConnectionOptions options, TcpOwnerSelector? selector, ITcpFrameOwner? owner)
    {
        _socket = socket;
        _options = options;
        _selector = selector;
        _owner = owner;
        _backlog = new SendBacklog(options.MaxBacklogBytes);
        _openedAt = _lastFrameAt = options.TimeProvider.GetTimestamp();
        socket.NoDelay = true;
        socket.SendBufferSize = options.SendBufferBytes;
        LocalAddress = TransportAddress.From((IPEndPoint)socket.LocalEndPoint!, TransportProtocol.Tcp);
        RemoteAddress = TransportAddress.From((IPEndPoint)socket.RemoteEndPoint!, TransportProtocol.Tcp);
    }

    /// <summary>Our end.</summary>
    public TransportAddress LocalAddress { get; }

    /// <summary>The peer's end.</summary>
    public TransportAddress RemoteAddress { get; }

    /// <summary><see cref="TcpCloseReason.None"/> while it is open.</summary>
    public TcpCloseReason CloseReason => (TcpCloseReason)Volatile.Read(ref _closeReason);

    /// <summary>Frames received that were not empty.</summary>
    public long FramesReceived => Interlocked.Read(ref _framesReceived);

    /// <summary>Frames taken for sending.</summary>
    public long FramesSent => Interlocked.Read(ref _framesSent);

    /// <summary>What its host does at the end, before the owner is told.</summary>
    internal Action<TcpFramedConnection>? Finishing { get; set; }

    /// <summary>Ends with the reason when the connection is closed and its owner has been told.</summary>
    public Task<TcpCloseReason> Closed => _closed.Task;

    /// <summary>Opens a connection to a passive TCP candidate (RFC 6544) and delivers its frames to <paramref name="owner"/>.</summary>
    /// <exception cref="SocketException">The peer cannot be reached, or refuses.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public static async ValueTask<TcpFramedConnection> ConnectAsync(TransportAddress remote, ITcpFrameOwner owner, TcpConnectionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(owner);
        options ??= new TcpConnectionOptions();
        options.Validate();
        IPEndPoint endpoint = remote.ToIPEndPoint();
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            var connection = new TcpFramedConnection(socket, options, selector: null, owner);
            connection.SweepByItself();
            _ = connection.ReceiveAsync();
            return connection;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Queues one frame. False when the connection is closed, or is closed by this call because the peer reads too slowly.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The frame is empty or longer than <see cref="TcpConnectionOptions.MaxFrameBytes"/>.</exception>
    public bool TrySend(ReadOnlySpan<byte> frame)
    {
        ArgumentOutOfRangeException.ThrowIfZero(frame.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frame.Length, _options.MaxFrameBytes);
        bool start;
        lock (_lock)
        {
            if (CloseReason != TcpCloseReason.None)
            {
                return false;
            }

            if (!_backlog.TryAdd(frame))
            {
                CloseWith(TcpCloseReason.BacklogFull);
                return false;
            }

            start = !_sending;
            _sending = true;
        }

        Interlocked.Increment(ref _framesSent);
        if (start)
        {
            _ = SendQueuedAsync();
        }

        return true;
    }

    /// <summary>Closes for <paramref name="reason"/>; the first reason stands. What waits to be sent is given up.</summary>
    public void Close(TcpCloseReason reason = TcpCloseReason.Requested)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((int)reason, (int)TcpCloseReason.None);
        CloseWith(reason);
    }

    /// <summary>Closes as requested by our side.</summary>
    public void Dispose() => CloseWith(TcpCloseReason.Requested);

    /// <summary>Looks at the deadlines; called every <see cref="TcpConnectionOptions.SweepInterval"/>.</summary>
    internal void Sweep()
    {
        TimeProvider clock = _options.TimeProvider;
        long begun = Volatile.Read(ref _frameBegunAt);
        if (Volatile.Read(ref _owner) is null && clock.GetElapsedTime(_openedAt) >= _options.FirstFrameDeadline)
        {
            CloseWith(TcpCloseReason.FirstFrameDeadline);
        }
        else if (begun != 0 && clock.GetElapsedTime(begun - 1) >= _options.FrameDeadline)
        {
            CloseWith(TcpCloseReason.FrameDeadline);
        }
        else if (clock.GetElapsedTime(Volatile.Read(ref _lastFrameAt)) >= _options.IdleLimit)
        {
            CloseWith(TcpCloseReason.Idle);
        }
    }

    /// <summary>Reads until the end, then tells the owner. Never throws.</summary>
    internal async Task ReceiveAsync()
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(2 * _options.MaxFrameBytes);
        try
        {
            await ReceiveIntoAsync(buffer);
        }
        catch (Exception e)
        {
            CloseWith(e is SocketException or ObjectDisposedException ? TcpCloseReason.PeerReset : TcpCloseReason.OwnerFailed);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            Finish();
        }
    }

    // One half of the buffer is for the socket, the other for a frame in fragments.
    private async Task ReceiveIntoAsync(byte[] buffer)
    {
        int half = _options.MaxFrameBytes;
        var reader = new FrameReader(buffer.AsMemory(half, half));
        while (CloseReason == TcpCloseReason.None)
        {
            int count = await _socket.ReceiveAsync(buffer.AsMemory(0, half), SocketFlags.None);
            if (count == 0)
            {
                CloseWith(TcpCloseReason.PeerClosed);
                return;
            }

            Deliver(ref reader, buffer.AsSpan(0, count));
        }
    }

    private void Deliver(ref FrameReader reader, ReadOnlySpan<byte> bytes)
    {
        long now = _options.TimeProvider.GetTimestamp();
        while (CloseReason == TcpCloseReason.None)
        {
            switch (reader.Read(ref bytes, out ReadOnlySpan<byte> frame))
            {
                case FrameReadResult.Frame:
                    Volatile.Write(ref _frameBegunAt, 0);
                    Volatile.Write(ref _lastFrameAt, now);
                    DeliverFrame(frame);
                    break;
                case FrameReadResult.TooLong:
                    CloseWith(TcpCloseReason.FrameTooLong);
                    break;
                default:
                    // One later, so that zero means "not inside a frame" on any clock.
                    if (reader.IsInsideFrame && _frameBegunAt == 0)
                    {
                        Volatile.Write(ref _frameBegunAt, now + 1);
                    }

                    return;
            }
        }
    }

    private void DeliverFrame(ReadOnlySpan<byte> frame)
    {
        // An empty frame is legal and means nothing; it does not count as the first one either.
        if (frame.IsEmpty)
        {
            return;
        }

        Interlocked.Increment(ref _framesReceived);
        ITcpFrameOwner? owner = _owner ?? _selector!(this, frame);
        if (owner is null)
        {
            CloseWith(TcpCloseReason.NoOwner);
            return;
        }

        Volatile.Write(ref _owner, owner);
        owner.OnFrame(this, frame);
    }

    private async Task SendQueuedAsync()
    {
        try
        {
            while (true)
            {
                ReadOnlyMemory<byte> bytes;
                lock (_lock)
                {
                    bytes = _backlog.TakeForSending();
                    if (bytes.IsEmpty || CloseReason != TcpCloseReason.None)
                    {
                        EndSending();
                        return;
                    }
                }

                await SendAllAsync(bytes);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            CloseWith(TcpCloseReason.PeerReset);
            lock (_lock)
            {
                EndSending();
            }
        }
    }

    private async ValueTask SendAllAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int sent = await _socket.SendAsync(bytes, SocketFlags.None);
            bytes = bytes[sent..];
        }
    }

    // Under the lock. The buffers go back only here or when nothing is being sent: never under a send.
    private void EndSending()
    {
        _sending = false;
        if (CloseReason != TcpCloseReason.None)
        {
            _backlog.Release();
        }
    }

    private void CloseWith(TcpCloseReason reason)
    {
        if (Interlocked.CompareExchange(ref _closeReason, (int)reason, (int)TcpCloseReason.None) != (int)TcpCloseReason.None)
        {
            return;
        }

        try
        {
            if (reason is not (TcpCloseReason.Requested or TcpCloseReason.PeerClosed))
            {
                // A reset frees the kernel's buffers at once, which is the point of most of these reasons.
                _socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Already gone.
        }

        _socket.Dispose();
    }

    private void Finish()
    {
        lock (_lock)
        {
            if (!_sending)
            {
                _backlog.Release();
            }
        }

        _ownTimer?.Dispose();
        Finishing?.Invoke(this);
        TcpCloseReason reason = CloseReason;
        try
        {
            Volatile.Read(ref _owner)?.OnClosed(this, reason);
        }
        catch (Exception)
        {
            // An owner that fails here has lost its last word; the connection is over all the same.
        }

        _closed.SetResult(reason);
    }

    private void SweepByItself() =>
        _ownTimer = _options.TimeProvider.CreateTimer(static state => ((TcpFramedConnection)state!).Sweep(), this, _options.SweepInterval, _options.SweepInterval);
}
