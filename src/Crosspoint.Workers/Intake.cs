using Crosspoint.Media;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Demux;
using Crosspoint.Workers.Fairness;
using Crosspoint.Workers.Load;
using Crosspoint.Workers.SharedPort;

namespace Crosspoint.Workers;

/// <summary>The receiving part of a worker's turn: from the socket, the other workers of the port and TCP connections to the transport each datagram is for.</summary>
/// <remarks>Owned by one worker thread.</remarks>
internal sealed class Intake
{
    // As many datagrams of other workers as it takes of its own.
    private const int HandoversPerTurn = 512;

    // Payloads stay where they were received until the turn ends, so each receive of a turn has a batch of its own.
    private const int ReceivesPerTurn = 4;

    // Packets to send, from which one more system call is little.
    private const int WorthLookingAgain = 8;

    // Given to me.
    private readonly UdpSocket _socket;
    private readonly MonotonicClock _clock;
    private readonly Ingress _ingress;
    private readonly MediaGate _media;
    private readonly Egress _egress;
    private readonly HandoverQueue? _handover;
    private readonly Neighbours? _neighbours;
    private readonly LoadMeter _load;
    private readonly WorkerFaults _faults;

    // Made by me.
    private readonly DatagramBatch[] _batches;
    private readonly HandshakeBacklog _handshakes;

    /// <param name="socket">The worker's.</param>
    /// <param name="clock">What handshakes are timed by.</param>
    /// <param name="ingress">Knows whose a datagram is.</param>
    /// <param name="media">Lets each router have its share of the turn.</param>
    /// <param name="egress">Tells how much there is to send.</param>
    /// <param name="handover">What other workers of the port received for us; null with a port of our own.</param>
    /// <param name="neighbours">Those others; null likewise.</param>
    /// <param name="load">Told what handshakes cost.</param>
    /// <param name="meters">Where it counts.</param>
    /// <param name="faults">Told when a transport breaks; the others still get theirs.</param>
    public Intake(
        UdpSocket socket,
        MonotonicClock clock,
        Ingress ingress,
        MediaGate media,
        Egress egress,
        HandoverQueue? handover,
        Neighbours? neighbours,
        LoadMeter load,
        WorkerMeters meters,
        WorkerFaults faults)
    {
        _socket = socket;
        _clock = clock;
        _ingress = ingress;
        _media = media;
        _egress = egress;
        _handover = handover;
        _neighbours = neighbours;
        _load = load;
        _faults = faults;
        _batches = [.. Enumerable.Range(0, ReceivesPerTurn).Select(_ => DatagramBatch.For(socket))];
        _handshakes = new HandshakeBacklog(meters);
    }

    /// <summary>True when there is something that no wait for the socket would tell of.</summary>
    public bool HasWork => _handshakes.HasWork || _media.HasWork || _handover is { HasWork: true };

    /// <summary>True when media waits for <see cref="ServeBacklog"/>.</summary>
    public bool HasBacklog => _media.HasWork;

    /// <summary>Takes what there is over UDP, a bounded number of datagrams.</summary>
    public void Receive(Instant now)
    {
        _media.BeginTurn();
        _handshakes.BeginTurn();
        DeliverWhatWaited(now);
        foreach (DatagramBatch batch in _batches)
        {
            if (!TryReceive(now, batch))
            {
                break;
            }
        }

        _neighbours?.WakeOwners();
        if (_handover is not null)
        {
            ReceiveHandedOver(now, _handover);
        }
    }

    /// <summary>Routes media that had to wait for its router's share.</summary>
    public void ServeBacklog(Instant now) => _media.ServeBacklog(now);

    /// <summary>One frame of a TCP connection that named one of our transports.</summary>
    public void ReceiveFrame(Instant now, TcpRoute route, in TransportAddress local, Span<byte> frame)
    {
        ReceivedDatagram datagram = new(local, route.Connection.RemoteAddress, frame);
        if (_ingress.Find(now, route, datagram) is not { } transport)
        {
            return;
        }

        if (datagram.Class is PacketClass.Rtp or PacketClass.Rtcp && transport.Session.IsValidated(datagram.Local, datagram.Source))
        {
            _media.Deliver(now, transport, datagram, PayloadTraits.None);
            return;
        }

        try
        {
            _ingress.Deliver(now, transport, route, datagram);
        }
        catch (Exception exception)
        {
            _faults.Handle(transport, exception);
        }
    }

    // False when there is no reason to look again. While a packet is routed to many, the rest of its frame arrives:
    // what is taken now leaves together with it.
    private bool TryReceive(Instant now, DatagramBatch batch)
    {
        int count = _socket.Receive(batch);
        for (int i = 0; i < count; i++)
        {
            ReceivedDatagram datagram = new(batch.Local(i), batch.Source(i), batch.Datagram(i));
            Deliver(now, _ingress.Find(now, datagram), datagram);
        }

        return count > 0 && (_egress.Gathered >= WorthLookingAgain || _media.HasWork);
    }

    // The slots of the turn before are free: its packets have left.
    private void ReceiveHandedOver(Instant now, HandoverQueue queue)
    {
        queue.Release();
        for (int i = 0; i < HandoversPerTurn && queue.TryTake(out TransportAddress local, out TransportAddress source, out Span<byte> bytes); i++)
        {
            ReceivedDatagram datagram = new(local, source, bytes);
            Deliver(now, _ingress.FindHandedOver(now, datagram), datagram);
        }
    }

    private void Deliver(Instant now, WebRtcTransport? transport, in ReceivedDatagram datagram)
    {
        if (transport is null)
        {
            return;
        }

        if (datagram.Class is PacketClass.Rtp or PacketClass.Rtcp)
        {
            _media.Deliver(now, transport, datagram, PayloadTraits.Stays);
        }
        else if (datagram.Class != PacketClass.Dtls)
        {
            DeliverNow(now, transport, datagram);
        }
        else if (_handshakes.MayPass(transport, datagram))
        {
            DeliverHandshake(now, transport, datagram);
        }
    }

    private void DeliverWhatWaited(Instant now)
    {
        while (_handshakes.TryTake(out HandshakeBacklog.Waiting waiting))
        {
            DeliverHandshake(now, waiting.Transport, waiting.Datagram);
            HandshakeBacklog.Done(waiting);
        }
    }

    private void DeliverHandshake(Instant now, WebRtcTransport transport, in ReceivedDatagram datagram)
    {
        Instant begun = _clock.Now;
        DeliverNow(now, transport, datagram);
        _load.CountHandshakes(_clock.Now - begun);
    }

    private void DeliverNow(Instant now, WebRtcTransport transport, in ReceivedDatagram datagram)
    {
        try
        {
            _ingress.Deliver(now, transport, datagram);
        }
        catch (Exception exception)
        {
            _faults.Handle(transport, exception);
        }
    }
}
