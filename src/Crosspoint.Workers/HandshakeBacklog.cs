using System.Buffers;
using Crosspoint.Primitives;

namespace Crosspoint.Workers;

/// <summary>
/// DTLS that comes faster than a turn has time for. A handshake costs as much as forwarding hundreds of packets, so in a storm of joins
/// a few datagrams are taken each turn and the others wait here, in order; those who talk already are not held up by those who come.
/// </summary>
/// <remarks>Owned by one worker thread. Nothing here is on a media packet's way.</remarks>
internal sealed class HandshakeBacklog(WorkerMeters meters)
{
    // About 0.3 ms of signatures and key agreement each.
    private const int PerTurn = 4;

    // One second of a worker that does nothing else. Clients repeat what is dropped (RFC 9147 §5.8).
    private const int MaxWaiting = 4096;

    // A client's longest flight, twice: nobody takes the others' places.
    private const int MaxWaitingPerTransport = 32;

    // Made by me.
    private readonly Queue<Waiting> _waiting = new();

    // State.
    private int _taken;

    /// <summary>True when something waits.</summary>
    public bool HasWork => _waiting.Count > 0;

    /// <summary>A new turn: so many datagrams may be taken again.</summary>
    public void BeginTurn() => _taken = 0;

    /// <summary>True when a datagram that just came may be taken at once; otherwise it was kept, or dropped and counted.</summary>
    public bool MayPass(WebRtcTransport transport, in ReceivedDatagram datagram)
    {
        if (_taken < PerTurn && !HasWork)
        {
            _taken++;
            return true;
        }

        if (_waiting.Count >= MaxWaiting || transport.HandshakesWaiting >= MaxWaitingPerTransport)
        {
            meters.Counters.Drops.Add(WorkerDropReason.HandshakeBacklogFull);
            return false;
        }

        byte[] copy = ArrayPool<byte>.Shared.Rent(datagram.Bytes.Length);
        datagram.Bytes.CopyTo(copy);
        transport.HandshakesWaiting++;
        _waiting.Enqueue(new Waiting(transport, datagram.Local, datagram.Source, copy, datagram.Bytes.Length));
        meters.Counters.HandshakesDelayed++;
        return false;
    }

    /// <summary>The next that waited, while the turn has time; give its memory back by <see cref="Done"/>.</summary>
    public bool TryTake(out Waiting waiting)
    {
        while (_taken < PerTurn && _waiting.TryDequeue(out waiting))
        {
            waiting.Transport.HandshakesWaiting--;
            if (!waiting.Transport.IsClosed)
            {
                _taken++;
                return true;
            }

            Done(waiting);
        }

        waiting = default;
        return false;
    }

    /// <summary>It was dealt with.</summary>
    public static void Done(in Waiting waiting) => ArrayPool<byte>.Shared.Return(waiting.Buffer);

    /// <summary>A datagram that waits.</summary>
    public readonly record struct Waiting(WebRtcTransport Transport, TransportAddress Local, TransportAddress Source, byte[] Buffer, int Length)
    {
        /// <summary>As it came.</summary>
        public ReceivedDatagram Datagram => new(Local, Source, Buffer.AsSpan(0, Length));
    }
}
