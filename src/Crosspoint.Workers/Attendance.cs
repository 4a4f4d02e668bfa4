using Crosspoint.Primitives;
using Crosspoint.Rtc.Peer;

namespace Crosspoint.Workers;

/// <summary>Does what the <see cref="Agenda"/> says: wakes what is due, and drains what was touched in a turn.</summary>
/// <remarks>Owned by one worker thread.</remarks>
internal sealed class Attendance(Agenda agenda, Egress egress, WorkerMeters meters, WorkerFaults faults)
{
    // Timers a turn, of transports and of routers.
    private const int DuePerTurn = 256;

    /// <summary>Wakes transports and routers whose time has come, a bounded number of each.</summary>
    public void WakeWhatIsDue(Instant now)
    {
        for (int i = 0; i < DuePerTurn && agenda.TryWake(now, out WebRtcTransport transport); i++)
        {
            Wake(now, transport);
        }

        for (int i = 0; i < DuePerTurn && agenda.TryWake(now, out HostedRouter router); i++)
        {
            Wake(now, router);
        }
    }

    /// <summary>Drains all that is marked.</summary>
    public void DrainMarked(Instant now)
    {
        while (agenda.TryTakeMarked(out WebRtcTransport transport))
        {
            try
            {
                Drain(now, transport);
            }
            catch (Exception exception)
            {
                faults.Handle(transport, exception);
            }
        }

        while (agenda.TryTakeMarked(out HostedRouter router))
        {
            try
            {
                Drain(router);
            }
            catch (Exception exception)
            {
                faults.Handle(router, exception);
            }
        }
    }

    /// <summary>Looks again when the router wants to be woken, and passes on what it has to say.</summary>
    public void Drain(HostedRouter router)
    {
        router.DrainEvents();
        agenda.SetDeadline(router);
    }

    private void Wake(Instant now, WebRtcTransport transport)
    {
        try
        {
            if (transport.GiveUpAt <= now)
            {
                meters.Counters.TransportsAbandoned++;
                transport.Router.Evict(transport, PeerState.Closed, PeerReason.Abandoned);
                return;
            }

            transport.Session.HandleTimeout(now);
            agenda.Mark(transport);
        }
        catch (Exception exception)
        {
            faults.Handle(transport, exception);
        }
    }

    private void Wake(Instant now, HostedRouter router)
    {
        try
        {
            router.Router.HandleTimeout(now);
            agenda.Mark(router);
        }
        catch (Exception exception)
        {
            faults.Handle(router, exception);
        }
    }

    private void Drain(Instant now, WebRtcTransport transport)
    {
        egress.SendProtocol(now, transport);
        while (transport.Session.TryDequeue(out PeerEvent peerEvent))
        {
            Pass(now, transport, peerEvent);
        }

        agenda.SetDeadline(transport);
    }

    private void Pass(Instant now, WebRtcTransport transport, PeerEvent peerEvent)
    {
        if (peerEvent.Kind != PeerEventKind.StateChanged)
        {
            return;
        }

        transport.Note(now, peerEvent.State);
        if (peerEvent.State == PeerState.Connected)
        {
            transport.Router.BeginMedia(transport);
            agenda.Mark(transport.Router);
        }

        transport.Router.Notify(new RouterNotification.TransportChanged(transport.Id, peerEvent.State, peerEvent.Reason, transport.TakeHandshakeTime()));
    }
}
