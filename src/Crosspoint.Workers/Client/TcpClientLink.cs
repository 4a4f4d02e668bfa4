using System.Collections.Concurrent;
using Crosspoint.Net.Tcp;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Ice;

namespace Crosspoint.Workers.Client;

/// <summary>One connection to the server's passive TCP candidate (RFC 6544): ours is the active one.</summary>
internal sealed class TcpClientLink(TransportAddress server) : ClientLink, ITcpFrameOwner
{
    // A built-in peer that falls behind by this many frames has stalled; more would only hide it.
    private const int MaxWaiting = 4096;

    private readonly ConcurrentQueue<byte[]> _incoming = new();
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly byte[] _outgoing = new byte[2048];
    private TcpFramedConnection? _connection;

    public override bool IsClosed => _connection is { CloseReason: not TcpCloseReason.None };

    public override IceCandidate Open()
    {
        // The peer's own thread: it has nothing else to do yet.
        _connection = TcpFramedConnection.ConnectAsync(server, this).AsTask().GetAwaiter().GetResult();
        return IceCandidate.HostTcpActive(_connection.LocalAddress);
    }

    public override void Wake() => _wake.Set();

    public override void Wait(TimeSpan timeout)
    {
        if (_incoming.IsEmpty)
        {
            _wake.WaitOne(timeout);
        }
    }

    public override bool TryReceive(out TransportAddress source, out Span<byte> datagram)
    {
        source = server;
        bool some = _incoming.TryDequeue(out byte[]? frame);
        datagram = frame;
        return some;
    }

    public override Span<byte> Reserve(int bytes) => _outgoing.AsSpan(0, bytes);

    public override void Commit(int length, in TransportAddress remote) => _connection!.TrySend(_outgoing.AsSpan(0, length));

    public override void Flush()
    {
    }

    public void OnFrame(TcpFramedConnection connection, ReadOnlySpan<byte> frame)
    {
        if (_incoming.Count < MaxWaiting)
        {
            _incoming.Enqueue(frame.ToArray());
            _wake.Set();
        }
    }

    public void OnClosed(TcpFramedConnection connection, TcpCloseReason reason) => _wake.Set();

    public override void Dispose()
    {
        // The event stays: a late frame may still set it.
        _connection?.Dispose();
    }
}
