using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Dtls;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Peer;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Workers;

/// <summary>Opens, restarts and closes the transports of one worker: with them go their places in its tables.</summary>
/// <remarks>Owned by one worker thread.</remarks>
internal sealed class TransportKeeper(WorkerPoolOptions options, DtlsIdentity identity, TransportTable transports, TcpSide tcp, Egress egress, Agenda agenda, WorkerMeters meters)
{
    // Made by me.
    private readonly PeerSessionOptions _peers = PeerSessionOptions.Server with { Srtp = new SrtpOptions { Engine = options.SrtpEngine } };

    /// <summary>How peers are told to reach them; before the first is opened.</summary>
    public Reachability Reachability { get; set; } = null!;

    /// <exception cref="RouterException"><see cref="RouterError.LimitReached"/>.</exception>
    public WebRtcTransport Open(Instant now, HostedRouter router, string id)
    {
        if (transports.Count >= options.MaxTransportsPerWorker)
        {
            meters.Counters.TransportsRefused++;
            throw new RouterException(RouterError.LimitReached, "The worker holds as many transports as it may.");
        }

        PeerSession session = new(_peers, identity, IceCredentials.Create(SystemRandomSource.Instance), SystemRandomSource.Instance);
        Reachability.AddCandidatesTo(session.Ice);
        WebRtcTransport transport = new(now, options, egress, router, id, session);
        transports.Add(transport);
        agenda.Mark(transport);
        return transport;
    }

    /// <summary>New credentials; the old ones go on being answered until the next restart, because media still uses their path.</summary>
    public void RestartIce(Instant now, WebRtcTransport transport)
    {
        transports.RestartIce(now, transport);
        agenda.Mark(transport);
    }

    /// <summary>Says goodbye on a transport and forgets it.</summary>
    public void Close(Instant now, WebRtcTransport transport)
    {
        if (transport.IsClosed)
        {
            return;
        }

        transport.Session.Close(now);
        egress.SendProtocol(now, transport);
        meters.Keep(transport);
        agenda.Forget(transport);
        tcp.CloseAll(transport);
        transports.Remove(transport);
        transport.Dispose();
    }
}
