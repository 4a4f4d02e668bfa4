namespace Crosspoint.Workers.Threads;

/// <summary>Where a worker's thread runs, and before whom: what the operator asked for and the system gave.</summary>
/// <remarks>Written once by the thread itself when it begins.</remarks>
internal sealed class ThreadPlacement
{
    /// <summary>The core it is pinned to; null when it is not.</summary>
    public int? Core { get; private set; }

    /// <summary>True when it runs before the rest of the process.</summary>
    public bool IsBeforeOthers { get; private set; }

    /// <summary>Places the calling thread. A system that refuses is no reason not to run.</summary>
    public void Apply(int worker, WorkerPoolOptions options, WorkerFaults faults)
    {
        if (options.PinWorkers && !TryPin(worker))
        {
            faults.Report("The thread could not be pinned to a core and runs where the system puts it.", null);
        }

        IsBeforeOthers = options.RaisePriority && MediaPriority.TryRaise();
    }

    private bool TryPin(int worker)
    {
        IReadOnlyList<int> cores = CoreAffinity.Allowed();
        if (cores.Count == 0 || !CoreAffinity.TryPin(cores[worker % cores.Count]))
        {
            return false;
        }

        Core = cores[worker % cores.Count];
        return true;
    }
}
