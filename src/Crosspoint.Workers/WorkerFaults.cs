using Crosspoint.Rtc.Peer;
using Crosspoint.Workers.Pipes;

namespace Crosspoint.Workers;

/// <summary>What a worker does when something breaks: it is counted, told, and costs what is broken, never the worker.</summary>
/// <remarks>Owned by one worker thread.</remarks>
/// <param name="index">Which worker.</param>
/// <param name="meters">Where it counts.</param>
/// <param name="report">Told of each.</param>
internal sealed class WorkerFaults(int index, WorkerMeters meters, Action<WorkerIncident> report)
{
    /// <summary>A broken invariant of one peer: its transport is closed.</summary>
    public void Handle(WebRtcTransport transport, Exception exception)
    {
        meters.Counters.TransportFaults++;
        Report($"Transport {transport.Id} failed and was closed.", exception);
        transport.Router.Evict(transport, PeerState.Failed, PeerReason.InternalError);
    }

    /// <summary>A pipe that cannot be read on would fail again: its tracks end here, and whoever wants one of them gets a new pipe.</summary>
    public void Handle(PipeEnd end, Exception exception)
    {
        meters.Counters.PipeFaults++;
        Report("A pipe from another worker failed and was closed.", exception);
        end.Router.Pipes.Break(end);
    }

    /// <summary>Left alive it would fail at every turn, or never be woken again: its room is told by the end of its notifications, or of what it lost.</summary>
    public void Handle(HostedRouter router, Exception exception)
    {
        meters.Counters.RouterFaults++;
        Report("A router failed and was closed.", exception);
        router.Worker.CloseRouter(router);
    }

    /// <summary>A bug outside any of them: the turn is lost.</summary>
    public void HandleLostTurn(Exception exception)
    {
        meters.Counters.TurnFaults++;
        Report("A turn failed.", exception);
    }

    /// <summary>Something rare that an operator should read about.</summary>
    public void Report(string what, Exception? exception) => report(new WorkerIncident(index, what, exception));
}
