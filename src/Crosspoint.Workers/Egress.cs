using Crosspoint.Media;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Workers;

/// <summary>
/// What a worker sends. Media gathers in a <see cref="Flight"/> until the turn ends, then is protected straight into the send batch,
/// peer by peer; STUN, DTLS and RTCP are written into the batch at once. TCP goes into its connection's backlog.
/// </summary>
/// <remarks>Owned by one worker thread.</remarks>
/// <param name="socket">The worker's.</param>
/// <param name="tcp">The worker's TCP connections.</param>
/// <param name="meters">Where it counts.</param>
/// <param name="fault">Told when a transport breaks; the others still get theirs.</param>
internal sealed class Egress(UdpSocket socket, TcpSide tcp, WorkerMeters meters, Action<WebRtcTransport, Exception> fault)
{
    private const int MaxDatagram = 2048;

    // Made by me.
    private readonly Flight _flight = new();
    private readonly SendBatch _batch = new();
    private readonly byte[] _scratch = GC.AllocateUninitializedArray<byte>(MaxDatagram, pinned: true);

    /// <summary>Takes a media packet; it leaves when the turn ends.</summary>
    public void SendRtp(WebRtcTransport transport, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, PayloadLifetime lifetime)
    {
        if (_flight.TryAdd(transport, header, payload, lifetime))
        {
            return;
        }

        Depart();
        _flight.TryAdd(transport, header, payload, lifetime);
    }

    /// <summary>Protects an RTCP packet and sends it with the next batch.</summary>
    public void SendRtcp(WebRtcTransport transport, ReadOnlySpan<byte> packet)
    {
        if (!TryGetPath(transport, out TransportAddress local, out TransportAddress remote))
        {
            meters.Counters.Drops.Add(WorkerDropReason.NoPath);
            return;
        }

        Span<byte> room = Reserve(packet.Length + SrtpProfileParameters.MaxRtcpExpansion);
        Commit(room, transport.Session.ProtectRtcp(packet, room), local, remote);
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

    /// <summary>The turn ends: everything goes to the kernel.</summary>
    public void Flush()
    {
        if (!_flight.IsEmpty)
        {
            Depart();
        }

        SendBatch();
    }

    // ---- media, peer by peer

    private void Depart()
    {
        foreach (WebRtcTransport transport in _flight.Transports)
        {
            try
            {
                Depart(transport);
            }
            catch (Exception exception)
            {
                fault(transport, exception);
            }
        }

        // Payloads lie in memory that is the next turn's.
        _flight.Clear();
    }

    private void Depart(WebRtcTransport transport)
    {
        int next = transport.Departing.First;
        if (!TryGetPath(transport, out TransportAddress local, out TransportAddress remote))
        {
            for (; next >= 0; next = _flight[next].Next)
            {
                meters.Counters.Drops.Add(WorkerDropReason.NoPath);
            }
        }
        else
        {
            for (; next >= 0; next = _flight[next].Next)
            {
                Depart(transport, _flight[next], local, remote);
            }
        }
    }

    private void Depart(WebRtcTransport transport, in Flight.Packet packet, in TransportAddress local, in TransportAddress remote)
    {
        Span<byte> room = Reserve(packet.Length + SrtpProfileParameters.MaxRtpExpansion);
        if (Commit(room, transport.Session.ProtectRtp(packet.Header, packet.Payload, room), local, remote))
        {
            meters.Counters.RtpSent++;
        }
    }

    // ---- the batch

    private static bool TryGetPath(WebRtcTransport transport, out TransportAddress local, out TransportAddress remote)
    {
        (local, remote) = (default, default);
        return transport.Session.CanSendMedia && transport.Session.TryGetPath(out local, out remote);
    }

    private Span<byte> Reserve(int bytes)
    {
        Span<byte> room = _batch.Reserve(bytes);
        if (room.IsEmpty)
        {
            SendBatch();
            room = _batch.Reserve(bytes);
        }

        return room;
    }

    private bool Commit(ReadOnlySpan<byte> room, int length, in TransportAddress local, in TransportAddress remote)
    {
        if (length <= 0)
        {
            meters.Counters.Drops.Add(WorkerDropReason.ProtectFailed);
            return false;
        }

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

    private void SendBatch()
    {
        if (!_batch.IsEmpty)
        {
            meters.Counters.DatagramsSent += socket.Send(_batch);
        }
    }
}
