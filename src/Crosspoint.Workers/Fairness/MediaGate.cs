using Crosspoint.Media;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Demux;
using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Workers.Fairness;

/// <summary>
/// Lets every router have its share of a turn: media goes straight on while there is room, and otherwise waits in the <see cref="MediaBacklog"/>.
/// STUN and DTLS do not come by here, nor do commands: the control plane has its own bounds.
/// </summary>
/// <remarks>Owned by one worker thread.</remarks>
/// <param name="ingress">Where media goes.</param>
/// <param name="egress">Tells what it caused.</param>
/// <param name="budget">The turn's.</param>
/// <param name="backlog">Where it waits.</param>
/// <param name="faults">Told when a transport breaks; the others still get theirs.</param>
internal sealed class MediaGate(Ingress ingress, Egress egress, TurnBudget budget, MediaBacklog backlog, WorkerFaults faults)
{
    /// <summary>True when something waits.</summary>
    public bool HasWork => backlog.HasWork;

    /// <summary>To be given to <see cref="Charge"/> when a packet is done with.</summary>
    public long Mark => egress.Taken;

    /// <summary>What the turn before took from the backlog has left.</summary>
    public void BeginTurn() => backlog.Release();

    /// <summary>True while a router may have more of this turn.</summary>
    public bool HasRoomFor(RouterShare router) => budget.HasRoomFor(router);

    /// <summary>A packet of a router is done with; it caused all that was sent since <paramref name="mark"/>.</summary>
    public void Charge(Instant now, RouterShare router, long mark) => budget.Charge(now, router, Cost(mark));

    /// <summary>RTP or RTCP of a transport: routed now or later.</summary>
    public void Deliver(Instant now, WebRtcTransport transport, in ReceivedDatagram datagram, PayloadTraits traits)
    {
        RouterShare router = transport.Share;
        if (!router.IsListed && budget.HasRoomFor(router))
        {
            DeliverNow(now, transport, datagram, traits);
            return;
        }

        // Audio and RTCP wait only behind each other.
        bool isUrgent = IsUrgent(transport, datagram);
        if (isUrgent && router.Urgent.IsEmpty && budget.HasRoom)
        {
            DeliverNow(now, transport, datagram, traits);
        }
        else
        {
            backlog.Add(now, transport, datagram, isUrgent);
        }
    }

    /// <summary>Routes what waits, for as long as the turn has room, and half a turn's worth if it has not: newcomers must not starve those who wait.</summary>
    public void ServeBacklog(Instant now)
    {
        int served = 0;
        while ((budget.HasRoom || served < budget.Total / 2) && backlog.TryTake(now, out MediaBacklog.Waiting waiting))
        {
            RouterShare router = waiting.Transport.Share;
            int cost = DeliverNow(now, waiting.Transport, waiting.Datagram, PayloadTraits.Stays);
            MediaBacklog.Charge(router, cost);
            served += cost;
        }
    }

    private int DeliverNow(Instant now, WebRtcTransport transport, in ReceivedDatagram datagram, PayloadTraits traits)
    {
        long mark = egress.Taken;
        try
        {
            ingress.DeliverMedia(now, transport, datagram, traits);
        }
        catch (Exception exception)
        {
            faults.Handle(transport, exception);
        }

        int cost = Cost(mark);
        budget.Charge(now, transport.Share, cost);
        return cost;
    }

    // What was received counts as well: most of it goes to nobody when everybody has paused.
    private int Cost(long mark) => 1 + (int)(egress.Taken - mark);

    private static bool IsUrgent(WebRtcTransport transport, in ReceivedDatagram datagram) =>
        datagram.Class == PacketClass.Rtcp || (RtpPacket.TryParseHeader(datagram.Bytes, out RtpPacket packet) && transport.Port.SendsAudio(packet.Ssrc));
}
