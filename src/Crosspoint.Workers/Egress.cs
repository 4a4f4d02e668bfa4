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
/// <param name="departures">Tells congestion control when what it noted really left.</param>
/// <param name="meters">Where it counts.</param>
/// <param name="fault">Told when a transport breaks; the others still get theirs.</param>
internal sealed class Egress(UdpSocket socket, TcpSide tcp, DepartureClock departures, WorkerMeters meters, Action<WebRtcTransport, Exception> fault) : IDisposable
{
    private const int MaxDatagram = 2048;

    // Made by me.
    private readonly Flight _flight = new();
    private readonly SendBatch _batch = new();
    private readonly byte[] _scratch = GC.AllocateUninitializedArray<byte>(MaxDatagram, pinned: true);

    // State.
    private int _next = -1; // the first packet of the departing transport that is neither in the batch nor dropped
    private int _mediaInBatch;
    private long _departed;
    private int _othersInBatch;

    /// <summary>Packets that wait for their cipher, for a test that breaks it.</summary>
    internal SrtpBatch Ciphers { get; } = new();

    /// <summary>Media packets that leave when the turn ends.</summary>
    public int Gathered => _flight.Count;

    /// <summary>Media packets taken since the beginning.</summary>
    public long Taken => _departed + _flight.Count;

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
        DropBatch();
        ClearFlight();
    }

    /// <inheritdoc/>
    public void Dispose() => Ciphers.Dispose();

    // ---- media, peer by peer

    private void Depart()
    {
        departures.Look();
        foreach (WebRtcTransport transport in _flight.Transports)
        {
            try
            {
                departures.Note(transport);
                Depart(transport);
            }
            catch (Exception exception)
            {
                Recover();
                fault(transport, exception);
            }
        }

        // Payloads lie in memory that is the next turn's: nothing may still wait for its cipher.
        SendBatch();
        ClearFlight();
    }

    private void ClearFlight()
    {
        _departed += _flight.Count;
        _flight.Clear();
    }

    private void Depart(WebRtcTransport transport)
    {
        _next = transport.Departing.First;
        if (!TryGetPath(transport, out TransportAddress local, out TransportAddress remote))
        {
            DropRest(WorkerDropReason.NoPath);
        }
        else if (remote.Protocol == TransportProtocol.Udp)
        {
            while (_next >= 0)
            {
                FlightMessage message = FlightMessage.Take(_flight, _next, transport.Session.RtpExpansion);
                Write(transport, message, local, remote);
                _next = message.End;
            }
        }
        else
        {
            for (; _next >= 0; _next = _flight[_next].Next)
            {
                DepartOverTcp(transport, _flight[_next], local, remote);
            }
        }
    }

    private void DropRest(WorkerDropReason reason)
    {
        for (; _next >= 0; _next = _flight[_next].Next)
        {
            meters.Counters.Drops.Add(reason);
        }
    }

    // A transport broke, perhaps between reserving room and committing it. A cipher may still write there, where the next transport's
    // packets go: then nothing of the batch leaves. Otherwise what was committed is whole.
    private void Recover()
    {
        DropRest(WorkerDropReason.ProtectFailed);
        if (Ciphers.Pending > 0)
        {
            DropBatch();
        }
    }

    private void Write(WebRtcTransport transport, in FlightMessage message, in TransportAddress local, in TransportAddress remote)
    {
        Span<byte> room = Reserve(message.MaxBytes);
        int length = 0;
        int count = 0;
        for (int index = message.First; index != message.End; index = _flight[index].Next)
        {
            ref readonly Flight.Packet packet = ref _flight[index];
            int padding = packet.Next == message.End ? 0 : message.LargestPacket - packet.Length;
            int written = Protect(transport, packet, padding, room[length..]);
            length += written;
            count += written > 0 ? 1 : 0;
        }

        if (length > 0)
        {
            _batch.Commit(length, message.SegmentBytes, remote, local);
        }

        _mediaInBatch += count;
        meters.Counters.Drops.Add(WorkerDropReason.ProtectFailed, message.Count - count);
    }

    private int Protect(WebRtcTransport transport, in Flight.Packet packet, int padding, Span<byte> into)
    {
        packet.Header.CopyTo(into);
        if (padding == 0 && packet.Prefix.IsEmpty)
        {
            return transport.Session.ProtectRtp(Ciphers, into, packet.Header.Length, packet.Payload);
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

        return transport.Session.ProtectRtp(Ciphers, into, packet.Header.Length, body);
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
            _othersInBatch++;
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

        if (Ciphers.Complete() > 0)
        {
            // A cipher that fails is a broken machine: what it touched does not leave.
            DropBatch();
            return;
        }

        meters.Counters.RtpSent += _mediaInBatch;
        meters.Counters.DatagramsSent += socket.Send(_batch);
        departures.Look();
        (_mediaInBatch, _othersInBatch) = (0, 0);
    }

    // Nothing may still be written where the next packets go.
    private void DropBatch()
    {
        Ciphers.Complete();
        _batch.Clear();
        meters.Counters.Drops.Add(WorkerDropReason.ProtectFailed, _mediaInBatch + _othersInBatch);
        (_mediaInBatch, _othersInBatch) = (0, 0);
    }
}
