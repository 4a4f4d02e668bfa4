using Crosspoint.Media;
using Crosspoint.Net.Tcp;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Demux;
using Crosspoint.Rtc.Peer;
using Crosspoint.Workers.SharedPort;

namespace Crosspoint.Workers;

/// <summary>
/// Takes each datagram to its transport: by address where ICE validated it, otherwise by the check that names one, through the flood gate.
/// Whatever goes nowhere is a counted drop.
/// </summary>
/// <remarks>Owned by one worker thread.</remarks>
internal sealed class Ingress(TransportTable transports, TcpSide tcp, FloodGate gate, Agenda agenda, WorkerMeters meters, Neighbours? neighbours)
{
    // A client may send a few checks before one is right (a role conflict, a restart under way); more is not a client.
    private const int MaxRefusals = 16;

    /// <summary>One UDP datagram; null when it goes nowhere here.</summary>
    public WebRtcTransport? Find(Instant now, in TransportAddress local, in TransportAddress source, ReadOnlySpan<byte> datagram)
    {
        meters.Counters.DatagramsReceived++;
        if (transports.Find(source) is { } known)
        {
            return neighbours is not null && PacketClassifier.Classify(datagram) == PacketClass.Stun && neighbours.NamedBy(datagram) is { } other
                ? HandOver(other, local, source, datagram)
                : FindAmongKnown(now, known, source, datagram);
        }

        return neighbours is null ? MeetStranger(now, source, datagram) : MeetStranger(now, neighbours, local, source, datagram);
    }

    /// <summary>One UDP datagram that another worker handed over; it goes no further.</summary>
    public WebRtcTransport? FindHandedOver(Instant now, in TransportAddress source, ReadOnlySpan<byte> datagram)
    {
        meters.Counters.ReceivedByHandover++;
        return transports.Find(source) is { } known ? FindAmongKnown(now, known, source, datagram) : MeetStranger(now, source, datagram);
    }

    /// <summary>One TCP frame; null when it goes nowhere.</summary>
    public WebRtcTransport? Find(Instant now, in TransportAddress local, TcpRoute route, ReadOnlySpan<byte> frame)
    {
        meters.Counters.DatagramsReceived++;
        TransportAddress source = route.Connection.RemoteAddress;
        if (route.Transport is { } transport)
        {
            return transport.Session.IsValidated(local, source) || MayEnter(now, source) ? transport : null;
        }

        // After our close there may be frames left in the mailbox; they must not adopt the connection again.
        WebRtcTransport? named = route.Connection.CloseReason == TcpCloseReason.None ? MeetStranger(now, source, frame) : Drop(WorkerDropReason.UnknownSource);
        if (named is null)
        {
            route.Connection.Close(TcpCloseReason.NoOwner);
            return null;
        }

        tcp.Adopt(route, named);
        return named;
    }

    /// <summary>Hands a UDP datagram over; its address is remembered when ICE has validated it.</summary>
    public void Deliver(Instant now, WebRtcTransport transport, in TransportAddress local, in TransportAddress source, Span<byte> datagram)
    {
        if (Take(now, transport, local, source, datagram, PayloadTraits.Stays) == PeerInput.Consumed && transport.Session.IsValidated(local, source))
        {
            transports.Bind(local, source, transport);
        }
    }

    /// <summary>Hands a TCP frame over; a connection that never says anything right is closed.</summary>
    public void Deliver(Instant now, WebRtcTransport transport, in TransportAddress local, TcpRoute route, Span<byte> frame)
    {
        TransportAddress source = route.Connection.RemoteAddress;
        if (Take(now, transport, local, source, frame, PayloadTraits.None) == PeerInput.Dropped && !transport.Session.IsValidated(local, source) && ++route.Refusals >= MaxRefusals)
        {
            route.Connection.Close(TcpCloseReason.NoOwner);
        }
    }

    private PeerInput Take(Instant now, WebRtcTransport transport, in TransportAddress local, in TransportAddress source, Span<byte> datagram, PayloadTraits traits)
    {
        PeerInput input = transport.Session.Handle(now, local, source, datagram, out int length);
        switch (input)
        {
            case PeerInput.Rtp:
                meters.Counters.RtpReceived++;
                transport.Router.Router.HandleRtp(now, transport.Port, datagram[..length], traits);
                agenda.Mark(transport.Router);
                break;
            case PeerInput.Rtcp:
                meters.Counters.RtcpReceived++;
                transport.Router.Router.HandleRtcp(now, transport.Port, datagram[..length]);
                agenda.Mark(transport.Router);
                break;
            case PeerInput.Consumed:
                meters.Counters.ProtocolReceived++;
                agenda.Mark(transport);
                break;
            default:
                // A refused check may be owed an error response.
                agenda.Mark(transport);
                break;
        }

        return input;
    }

    // A check that names another transport goes there: the peer's port may have had another owner before, or serve several transports.
    private WebRtcTransport? FindAmongKnown(Instant now, WebRtcTransport known, in TransportAddress source, ReadOnlySpan<byte> datagram)
    {
        if (PacketClassifier.Classify(datagram) != PacketClass.Stun || transports.FindByUsername(datagram) is not { } named || ReferenceEquals(named, known))
        {
            return known;
        }

        return MayEnter(now, source) ? named : null;
    }

    // RFC 8445 §7.3: before ICE has validated an address, only a check that names one of our transports is looked at.
    private WebRtcTransport? MeetStranger(Instant now, in TransportAddress source, ReadOnlySpan<byte> datagram)
    {
        if (PacketClassifier.Classify(datagram) != PacketClass.Stun)
        {
            return Drop(WorkerDropReason.UnknownSource);
        }

        return MayEnter(now, source) ? transports.FindByUsername(datagram) ?? Drop(WorkerDropReason.UnknownUsernameFragment) : null;
    }

    // On a shared port it may be another worker's: one that it names, or else that has validated its address.
    private WebRtcTransport? MeetStranger(Instant now, Neighbours others, in TransportAddress local, in TransportAddress source, ReadOnlySpan<byte> datagram)
    {
        Worker? owner = others.OwnerOf(source);
        if (PacketClassifier.Classify(datagram) != PacketClass.Stun)
        {
            return owner is null ? Drop(WorkerDropReason.UnknownSource) : HandOver(owner, local, source, datagram);
        }

        if (owner is null && !MayEnter(now, source))
        {
            return null;
        }

        if (transports.FindByUsername(datagram) is { } named)
        {
            return named;
        }

        owner = others.NamedBy(datagram) ?? owner;
        return owner is null ? Drop(WorkerDropReason.UnknownUsernameFragment) : HandOver(owner, local, source, datagram);
    }

    private WebRtcTransport? HandOver(Worker owner, in TransportAddress local, in TransportAddress source, ReadOnlySpan<byte> datagram)
    {
        neighbours!.HandOver(owner, local, source, datagram);
        return null;
    }

    private bool MayEnter(Instant now, in TransportAddress source)
    {
        bool may = gate.TryEnter(now, source);
        if (!may)
        {
            Drop(WorkerDropReason.Flood);
        }

        return may;
    }

    private WebRtcTransport? Drop(WorkerDropReason reason)
    {
        meters.Counters.Drops.Add(reason);
        return null;
    }
}
