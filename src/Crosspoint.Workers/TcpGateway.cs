using System.Buffers;
using Crosspoint.Net.Tcp;
using Crosspoint.Primitives;

namespace Crosspoint.Workers;

/// <summary>
/// The TCP port that all workers share (RFC 6544): the user name of the first check says which worker a connection belongs to;
/// from then on its frames go into that worker's mailbox, and the worker sends through the connection's backlog.
/// </summary>
/// <remarks>Any thread.</remarks>
internal sealed class TcpGateway : IAsyncDisposable
{
    private readonly TcpListenerHost _listener;

    private TcpGateway(TcpListenerHost listener) => _listener = listener;

    /// <summary>The listener's own address.</summary>
    public TransportAddress LocalAddress => _listener.LocalAddress;

    /// <summary>Counters of the listener.</summary>
    public TcpListenerStatistics Statistics => _listener.Statistics;

    /// <summary>Binds a port of the workers' range and accepts.</summary>
    public static TcpGateway Open(WorkerPoolOptions options, FragmentDirectory directory) => new(TcpListenerHost.Start(
        new TcpListenerOptions { Address = options.ListenAddress, MinPort = options.MinPort, MaxPort = options.MaxPort },
        (connection, firstFrame) => directory.Find(firstFrame) is { } worker ? new TcpRoute(worker, connection.LocalAddress) : null));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _listener.DisposeAsync();
}

/// <summary>The way from one TCP connection into its worker.</summary>
internal sealed class TcpRoute(Worker worker, TransportAddress local) : ITcpFrameOwner
{
    // Frames of one connection that may wait in the mailbox: 256 are 100 ms of a busy call. Media beyond that is dropped, as UDP would.
    private const int MaxWaiting = 256;
    private int _waiting;

    /// <summary>Our end of the connection, without the interface: what ICE knows as the base of the TCP candidate.</summary>
    public TransportAddress Local => local;

    public void OnFrame(TcpFramedConnection connection, ReadOnlySpan<byte> frame)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            worker.CountTcpOverflow();
            return;
        }

        byte[] copy = ArrayPool<byte>.Shared.Rent(frame.Length);
        frame.CopyTo(copy);
        worker.Post(new Frame(this, connection, copy, frame.Length));
    }

    public void OnClosed(TcpFramedConnection connection, TcpCloseReason reason) => worker.Post(new Closed(connection));

    private sealed class Frame(TcpRoute route, TcpFramedConnection connection, byte[] buffer, int length) : WorkerCommand
    {
        public override void Execute(Worker worker)
        {
            worker.ReceiveTcp(connection, buffer.AsSpan(0, length));
            Abandon();
        }

        public override void Abandon()
        {
            ArrayPool<byte>.Shared.Return(buffer);
            Interlocked.Decrement(ref route._waiting);
        }
    }

    private sealed class Closed(TcpFramedConnection connection) : WorkerCommand
    {
        public override void Execute(Worker worker) => worker.ForgetTcp(connection);

        public override void Abandon()
        {
        }
    }
}
