using Crosspoint.Media.Encryption;

namespace Crosspoint.Workers;

/// <summary>The routers of one room: where it began, and one on each other worker it has grown to.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class RoomBranches
{
    // Given to me.
    private readonly RouterPlan _plan;

    // State.
    private readonly Lock _gate = new();
    private readonly Task<HostedRouter>?[] _branches;
    private FrameEpochs? _epochs;
    private bool _isClosed;

    /// <param name="home">Where it began.</param>
    /// <param name="plan">What its routers have in common.</param>
    /// <param name="workers">How many workers there are.</param>
    public RoomBranches(HostedRouter home, RouterPlan plan, int workers)
    {
        Home = home;
        _plan = plan;
        _branches = new Task<HostedRouter>?[workers];
        _branches[home.Worker.Index] = Task.FromResult(home);
    }

    /// <summary>Where the room began; when that closes, the room ends.</summary>
    public HostedRouter Home { get; }

    /// <summary>The router that something lives on by its id; home for ids of nobody, which is then refused there.</summary>
    public HostedRouter Of(string id)
    {
        int worker = HostedId.WorkerOf(id);
        return (uint)worker < (uint)_branches.Length && Living(worker) is { } branch ? branch : Home;
    }

    /// <summary>The room's router on a worker, made when there is none.</summary>
    public Task<HostedRouter> GetAsync(Worker worker)
    {
        lock (_gate)
        {
            ref Task<HostedRouter>? branch = ref _branches[worker.Index];
            if (worker != Home.Worker && (branch is null || branch.IsFaulted || branch is { IsCompletedSuccessfully: true, Result.IsClosed: true }))
            {
                ObjectDisposedException.ThrowIf(_isClosed, this);
                FrameEpochs? epochs = _epochs;
                branch = worker.CallAsync(owner => Open(owner, epochs));
            }

            return branch!;
        }
    }

    /// <summary>The epochs whose frames pass, on every worker there is and will be.</summary>
    public Task SetFrameEpochsAsync(FrameEpochs epochs)
    {
        lock (_gate)
        {
            _epochs = epochs; // a branch that is made from now on begins with it, one that is being made is told below
        }

        return ForAllAsync(router => router.SetFrameEpochs(epochs));
    }

    /// <summary>Has every worker of the room do something; completes when all have. A worker that stopped has nothing left to do it to.</summary>
    public Task ForAllAsync(Action<HostedRouter> body)
    {
        lock (_gate)
        {
            // Posted in the order of the calls: what is ordered first takes effect first.
            return Task.WhenAll(_branches.OfType<Task<HostedRouter>>().Where(branch => !branch.IsFaulted).Select(branch => DoAsync(branch, body)).ToArray());
        }
    }

    /// <summary>Adds how many transports the room has on each worker.</summary>
    public void CountTransports(Span<int> counts)
    {
        for (int worker = 0; worker < _branches.Length; worker++)
        {
            counts[worker] += Living(worker)?.TransportCount ?? 0;
        }
    }

    /// <summary>Closes the room on every worker, first where it began: nobody is told of the rest.</summary>
    public async Task CloseAsync()
    {
        Task<HostedRouter>[] all;
        lock (_gate)
        {
            _isClosed = true;
            all = [.. _branches.OfType<Task<HostedRouter>>()];
        }

        await CloseAsync(Home);
        foreach (Task<HostedRouter> branch in all)
        {
            try
            {
                await CloseAsync(await branch);
            }
            catch (WorkerStoppedException)
            {
                // Then it was never made.
            }
        }
    }

    private HostedRouter Open(Worker owner, FrameEpochs? epochs)
    {
        HostedRouter router = owner.OpenRouter(_plan, isBranch: true);
        if (epochs is { } known)
        {
            router.SetFrameEpochs(known);
        }

        return router;
    }

    private static async Task DoAsync(Task<HostedRouter> branch, Action<HostedRouter> body)
    {
        try
        {
            HostedRouter router = await branch;
            await router.Worker.CallAsync(_ =>
            {
                if (!router.IsClosed)
                {
                    body(router);
                }

                return true;
            });
        }
        catch (WorkerStoppedException)
        {
            // Its tracks are gone.
        }
    }

    private static async Task CloseAsync(HostedRouter router)
    {
        try
        {
            await router.Worker.CallAsync(worker => worker.CloseRouter(router));
        }
        catch (WorkerStoppedException)
        {
            // Then it is closed already.
        }
    }

    private HostedRouter? Living(int worker) =>
        Volatile.Read(ref _branches[worker]) is { IsCompletedSuccessfully: true, Result: { IsClosed: false } branch } ? branch : null;
}
