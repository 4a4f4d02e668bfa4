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
    public WebRtcTransport? Find(Instant now, in ReceivedDatagram datagram)
    {
        meters.Counters.DatagramsReceived++;
        if (transports.Find(datagram.Source) is { } known)
        {
            return neighbours is not null && datagram.Class == PacketClass.Stun && neighbours.NamedBy(datagram.Bytes) is { } other
                ? HandOver(other, datagram)
                : FindAmongKnown(now, known, datagram);
        }

        return neighbours is null ? MeetStranger(now, datagram) : MeetStranger(now, neighbours, datagram);
    }

    /// <summary>One UDP datagram that another worker handed over; it goes no further.</summary>
    public WebRtcTransport? FindHandedOver(Instant now, in ReceivedDatagram datagram)
    {
        meters.Counters.ReceivedByHandover++;
        return transports.Find(datagram.Source) is { } known ? FindAmongKnown(now, known, datagram) : MeetStranger(now, datagram);
    }

    /// <summary>One TCP frame; null when it goes nowhere.</summary>
    public WebRtcTransport? Find(Instant now, TcpRoute route, in ReceivedDatagram frame)
    {
        meters.Counters.DatagramsReceived++;
        if (route.Transport is { } transport)
        {
            return transport.Session.IsValidated(frame.Local, frame.Source) || MayEnter(now, frame.Source) ? transport : null;
        }

        // After our close there may be frames left in the mailbox; they must not adopt the connection again.
        WebRtcTransport? named = route.Connection.CloseReason == TcpCloseReason.None ? MeetStranger(now, frame) : Drop(WorkerDropReason.UnknownSource);
        if (named is null)
        {
            route.Connection.Close(TcpCloseReason.NoOwner);
            return null;
        }

        tcp.Adopt(route, named);
        return named;
    }

    /// <summary>Hands a UDP datagram over; its address is remembered when ICE has validated it.</summary>
    public void Deliver(Instant now, WebRtcTransport transport, in ReceivedDatagram datagram)
    {
        if (Take(now, transport, datagram, PayloadTraits.Stays) == PeerInput.Consumed && transport.Session.IsValidated(datagram.Local, datagram.Source))
        {
            transports.Bind(datagram.Local, datagram.Source, transport);
        }
    }

    /// <summary>Hands a TCP frame over; a connection that never says anything right is closed.</summary>
    public void Deliver(Instant now, WebRtcTransport transport, TcpRoute route, in ReceivedDatagram frame)
    {
        if (Take(now, transport, frame, PayloadTraits.None) == PeerInput.Dropped && !transport.Session.IsValidated(frame.Local, frame.Source) && ++route.Refusals >= MaxRefusals)
        {
            route.Connection.Close(TcpCloseReason.NoOwner);
        }
    }

    /// <summary>Hands media over that a transport's validated path brought.</summary>
    public void DeliverMedia(Instant now, WebRtcTransport transport, in ReceivedDatagram datagram, PayloadTraits traits) => Take(now, transport, datagram, traits);

    private PeerInput Take(Instant now, WebRtcTransport transport, in ReceivedDatagram datagram, PayloadTraits traits)
    {
        PeerInput input = transport.Session.Handle(now, datagram.Local, datagram.Source, datagram.Class, datagram.Bytes, out int length);
        switch (input)
        {
            case PeerInput.Rtp:
                meters.Counters.RtpReceived++;
                transport.Router.Router.HandleRtp(now, transport.Port, datagram.Bytes[..length], traits);
                agenda.Mark(transport.Router);
                break;
            case PeerInput.Rtcp:
                meters.Counters.RtcpReceived++;
                transport.Router.Router.HandleRtcp(now, transport.Port, datagram.Bytes[..length]);
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
    private WebRtcTransport? FindAmongKnown(Instant now, WebRtcTransport known, in ReceivedDatagram datagram)
    {
        if (datagram.Class != PacketClass.Stun || transports.FindByUsername(datagram.Bytes) is not { } named || ReferenceEquals(named, known))
        {
            return known;
        }

        return MayEnter(now, datagram.Source) ? named : null;
    }

    // RFC 8445 §7.3: before ICE has validated an address, only a check that names one of our transports is looked at.
    private WebRtcTransport? MeetStranger(Instant now, in ReceivedDatagram datagram)
    {
        if (datagram.Class != PacketClass.Stun)
        {
            return Drop(WorkerDropReason.UnknownSource);
        }

        return MayEnter(now, datagram.Source) ? transports.FindByUsername(datagram.Bytes) ?? Drop(WorkerDropReason.UnknownUsernameFragment) : null;
    }

    // On a shared port it may be another worker's: one that it names, or else that has validated its address.
    private WebRtcTransport? MeetStranger(Instant now, Neighbours others, in ReceivedDatagram datagram)
    {
        Worker? owner = others.OwnerOf(datagram.Source);
        if (datagram.Class != PacketClass.Stun)
        {
            return owner is null ? Drop(WorkerDropReason.UnknownSource) : HandOver(owner, datagram);
        }

        if (owner is null && !MayEnter(now, datagram.Source))
        {
            return null;
        }

        if (transports.FindByUsername(datagram.Bytes) is { } named)
        {
            return named;
        }

        owner = others.NamedBy(datagram.Bytes) ?? owner;
        return owner is null ? Drop(WorkerDropReason.UnknownUsernameFragment) : HandOver(owner, datagram);
    }

    private WebRtcTransport? HandOver(Worker owner, in ReceivedDatagram datagram)
    {
        neighbours!.HandOver(owner, datagram);
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
