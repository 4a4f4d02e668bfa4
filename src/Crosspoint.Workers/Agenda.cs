using Crosspoint.Primitives;

namespace Crosspoint.Workers;

/// <summary>What a worker has to come back to: who is drained at the end of this turn, and who wants to be woken when.</summary>
/// <remarks>Owned by one worker thread.</remarks>
internal sealed class Agenda
{
    // Made by me.
    private readonly DeadlineHeap<WebRtcTransport> _transportDeadlines = new();
    private readonly DeadlineHeap<HostedRouter> _routerDeadlines = new();
    private readonly Queue<WebRtcTransport> _markedTransports = new();
    private readonly Queue<HostedRouter> _markedRouters = new();

    /// <summary>The earliest deadline.</summary>
    public Instant Next => Instant.Min(_transportDeadlines.Next, _routerDeadlines.Next);

    /// <summary>The transport is drained at the end of this turn.</summary>
    public void Mark(WebRtcTransport transport)
    {
        if (!transport.IsMarked)
        {
            transport.IsMarked = true;
            _markedTransports.Enqueue(transport);
        }
    }

    /// <summary>The router is drained at the end of this turn.</summary>
    public void Mark(HostedRouter router)
    {
        if (!router.IsMarked)
        {
            router.IsMarked = true;
            _markedRouters.Enqueue(router);
        }
    }

    /// <summary>The next marked transport; closed ones are passed over.</summary>
    public bool TryTakeMarked(out WebRtcTransport transport)
    {
        while (_markedTransports.TryDequeue(out transport!))
        {
            transport.IsMarked = false;
            if (!transport.IsClosed)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The next marked router; closed ones are passed over.</summary>
    public bool TryTakeMarked(out HostedRouter router)
    {
        while (_markedRouters.TryDequeue(out router!))
        {
            router.IsMarked = false;
            if (!router.IsClosed)
            {
                return true;
            }
        }

        return false;
    }

    public void SetDeadline(WebRtcTransport transport) => _transportDeadlines.Set(transport, transport.NextTimeout);

    public void SetDeadline(HostedRouter router) => _routerDeadlines.Set(router, router.Router.NextTimeout);

    /// <summary>The next transport that is due. It has no deadline until it is drained.</summary>
    public bool TryWake(Instant now, out WebRtcTransport transport) => _transportDeadlines.TryPop(now, out transport);

    /// <summary>The next router that is due. It has no deadline until it is drained.</summary>
    public bool TryWake(Instant now, out HostedRouter router) => _routerDeadlines.TryPop(now, out router);

    public void Forget(WebRtcTransport transport) => _transportDeadlines.Remove(transport);

    public void Forget(HostedRouter router) => _routerDeadlines.Remove(router);
}
