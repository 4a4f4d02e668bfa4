using Crosspoint.Net.Udp;
using Crosspoint.Primitives;
using Crosspoint.Rtc;

namespace Crosspoint.Workers;

/// <summary>What a worker sends: UDP gathers in a batch until the turn ends, TCP goes into its connection's backlog.</summary>
/// <remarks>Owned by one worker thread.</remarks>
internal sealed class Egress(UdpSocket socket, TcpSide tcp, WorkerMeters meters)
{
    // Made by me.
    private readonly SendBatch _batch = new();
    private readonly byte[] _scratch = GC.AllocateUninitializedArray<byte>(2048, pinned: true);

    /// <summary>Room for the next datagram; sends what is there when it is full.</summary>
    public Span<byte> Reserve(int bytes)
    {
        Span<byte> room = _batch.Reserve(bytes);
        if (room.IsEmpty)
        {
            Flush();
            room = _batch.Reserve(bytes);
        }

        return room;
    }

    /// <summary>Completes what <see cref="Reserve"/> began: the first <paramref name="length"/> bytes go from <paramref name="local"/> to <paramref name="remote"/>.</summary>
    public bool Commit(ReadOnlySpan<byte> room, int length, in TransportAddress local, in TransportAddress remote)
    {
        if (remote.Protocol == TransportProtocol.Udp)
        {
            _batch.Commit(length, remote, local);
            return true;
        }

        if (tcp.TrySend(remote, room[..length]))
        {
            return true;
        }

        meters.Counters.Drops.Add(WorkerDropReason.TcpBacklogFull);
        return false;
    }

    /// <summary>Sends the STUN and DTLS datagrams a transport has ready.</summary>
    public void SendProtocol(Instant now, WebRtcTransport transport)
    {
        while (transport.Session.TryTransmit(now, _scratch, out Transmit transmit))
        {
            Span<byte> room = Reserve(transmit.Length);
            _scratch.AsSpan(0, transmit.Length).CopyTo(room);
            Commit(room, transmit.Length, transmit.Local, transmit.Remote);
        }
    }

    /// <summary>Hands the batch to the kernel.</summary>
    public void Flush()
    {
        if (!_batch.IsEmpty)
        {
            meters.Counters.DatagramsSent += socket.Send(_batch);
        }
    }
}
