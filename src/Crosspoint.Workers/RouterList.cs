using Crosspoint.Media;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Streams;
using Crosspoint.Workers.Fairness;

namespace Crosspoint.Workers;

/// <summary>The routers of one worker; all of them keep packets for retransmission in one pool.</summary>
/// <remarks>Owned by one worker thread.</remarks>
internal sealed class RouterList(Worker worker, RouterOptions options, Agenda agenda, TurnBudget budget)
{
    // Made by me.
    private readonly HashSet<HostedRouter> _all = [];
    private readonly PacketBlockPool _packets = new();

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<HostedRouter> All => _all;

    public HostedRouter Open(RouterPlan plan, bool isBranch)
    {
        Router engine = new(options, SystemRandomSource.Instance, _packets);
        HostedRouter router = new(worker, engine, plan, isBranch);
        _all.Add(router);
        return router;
    }

    /// <summary>Closes a router with all that is in it; false when it was closed before.</summary>
    public bool Close(HostedRouter router)
    {
        router.CloseAll();
        agenda.Forget(router);
        budget.Forget(router.Share);
        return _all.Remove(router);
    }

    public void CloseAll()
    {
        foreach (HostedRouter router in _all.ToArray())
        {
            Close(router);
        }
    }
}
