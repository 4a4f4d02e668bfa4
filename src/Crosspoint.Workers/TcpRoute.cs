using System.Buffers;
using Crosspoint.Net.Tcp;

namespace Crosspoint.Workers;

/// <summary>The way from one TCP connection into its worker: frames are copied and posted, a bounded number at a time.</summary>
/// <remarks>The frame calls come from the thread pool; what is marked so belongs to the worker.</remarks>
internal sealed class TcpRoute(Worker worker, TcpFramedConnection connection) : ITcpFrameOwner
{
    // Frames of one connection that may wait in the mailbox: 256 are 100 ms of a busy call. Media beyond that is dropped, as UDP would.
    private const int MaxWaiting = 256;
    private int _waiting;

    /// <summary>The connection.</summary>
    public TcpFramedConnection Connection => connection;

    /// <summary>Whose it is; null before the first check was read, and after the end. Worker thread only.</summary>
    public WebRtcTransport? Transport { get; set; }

    /// <summary>Frames thrown away before ICE validated the connection. Worker thread only.</summary>
    public int Refusals { get; set; }

    public void OnFrame(TcpFramedConnection from, ReadOnlySpan<byte> frame)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            worker.Meters.CountTcpOverflow();
            return;
        }

        byte[] copy = ArrayPool<byte>.Shared.Rent(frame.Length);
        frame.CopyTo(copy);
        worker.Post(new Frame(this, copy, frame.Length));
    }

    public void OnClosed(TcpFramedConnection from, TcpCloseReason reason) => worker.Post(new Closed(this));

    private sealed class Frame(TcpRoute route, byte[] buffer, int length) : WorkerCommand
    {
        public override bool IsFrame => true;

        public override void Execute(Worker worker)
        {
            try
            {
                worker.ReceiveFrame(route, buffer.AsSpan(0, length));
            }
            finally
            {
                Abandon();
            }
        }

        public override void Abandon()
        {
            ArrayPool<byte>.Shared.Return(buffer);
            Interlocked.Decrement(ref route._waiting);
        }
    }

    private sealed class Closed(TcpRoute route) : WorkerCommand
    {
        // In order behind the connection's frames.
        public override bool IsFrame => true;

        public override void Execute(Worker worker) => worker.ForgetTcp(route);

        public override void Abandon()
        {
        }
    }
}
