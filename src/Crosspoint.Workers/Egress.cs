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
internal sealed class Egress(UdpSocket socket, TcpSide tcp, WorkerMeters meters, Action<WebRtcTransport, Exception> fault) : IDisposable
{
    private const int MaxDatagram = 2048;

    // Made by me.
    private readonly Flight _flight = new();
    private readonly SendBatch _batch = new();
    private readonly SrtpBatch _srtp = new();
    private readonly byte[] _scratch = GC.AllocateUninitializedArray<byte>(MaxDatagram, pinned: true);

    /// <summary>Media packets that leave when the turn ends.</summary>
    public int Gathered => _flight.Count;

    /// <summary>Takes a media packet; it leaves when the turn ends.</summary>
    public void SendRtp(WebRtcTransport transport, ReadOnlySpan<byte> header, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, PayloadTraits traits)
    {
        if (_flight.TryAdd(transport, header, prefix, payload, traits))
        {
            return;
        }

        Depart();
        _flight.TryAdd(transport, header, prefix, payload, traits);
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

    /// <summary>The turn was lost. What it gathered points at memory that the next turn receives into, perhaps another room's packets: it must not leave.</summary>
    public void Discard()
    {
        _srtp.Complete();
        _batch.Clear();
        _flight.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => _srtp.Dispose();

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

        // Payloads lie in memory that is the next turn's: nothing may still wait for its cipher.
        SendBatch();
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
        else if (remote.Protocol == TransportProtocol.Udp)
        {
            while (next >= 0)
            {
                FlightMessage message = FlightMessage.Take(_flight, next, transport.Session.RtpExpansion);
                Write(transport, message, local, remote);
                next = message.End;
            }
        }
        else
        {
            for (; next >= 0; next = _flight[next].Next)
            {
                DepartOverTcp(transport, _flight[next], local, remote);
            }
        }
    }

    private void Write(WebRtcTransport transport, in FlightMessage message, in TransportAddress local, in TransportAddress remote)
    {
        Span<byte> room = Reserve(message.MaxBytes);
        int length = 0;
        for (int index = message.First; index != message.End; index = _flight[index].Next)
        {
            ref readonly Flight.Packet packet = ref _flight[index];
            int padding = packet.Next == message.End ? 0 : message.LargestPacket - packet.Length;
            int written = Protect(transport, packet, padding, room[length..]);
            Count(written);
            length += written;
        }

        if (length > 0)
        {
            _batch.Commit(length, message.SegmentBytes, remote, local);
        }
    }

    private int Protect(WebRtcTransport transport, in Flight.Packet packet, int padding, Span<byte> into)
    {
        packet.Header.CopyTo(into);
        if (padding == 0 && packet.Prefix.IsEmpty)
        {
            return transport.Session.ProtectRtp(_srtp, into, packet.Header.Length, packet.Payload);
        }

        Span<byte> body = into[packet.Header.Length..(packet.Length + padding)];
        packet.CopyBodyTo(body);
        if (padding > 0)
        {
            // RFC 3550 §5.1: the P bit, and the last octet counts all of the padding, itself included.
            body[^padding..].Clear();
            body[^1] = (byte)padding;
            into[0] |= 0x20;
            meters.Counters.PaddingBytesSent += padding;
        }

        return transport.Session.ProtectRtp(_srtp, into, packet.Header.Length, body);
    }

    private void DepartOverTcp(WebRtcTransport transport, in Flight.Packet packet, in TransportAddress local, in TransportAddress remote)
    {
        Span<byte> body = _scratch.AsSpan(packet.Header.Length, packet.Length - packet.Header.Length);
        packet.Header.CopyTo(_scratch);
        packet.CopyBodyTo(body);
        int length = transport.Session.ProtectRtp(_scratch.AsSpan(0, packet.Header.Length), body, _scratch);
        if (Commit(_scratch, length, local, remote))
        {
            meters.Counters.RtpSent++;
        }
    }

    private void Count(int written)
    {
        if (written > 0)
        {
            meters.Counters.RtpSent++;
        }
        else
        {
            meters.Counters.Drops.Add(WorkerDropReason.ProtectFailed);
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
        if (_batch.IsEmpty)
        {
            return;
        }

        int failed = _srtp.Complete();
        if (failed > 0)
        {
            // A cipher that fails is a broken machine: what it touched does not leave.
            meters.Counters.Drops.Add(WorkerDropReason.ProtectFailed);
            _batch.Clear();
            return;
        }

        meters.Counters.DatagramsSent += socket.Send(_batch);
    }
}
