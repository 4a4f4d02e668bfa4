namespace Crosspoint.Workers.Load;

/// <summary>The way in: every new room and transport gets its worker here, or is refused. What is in already is never touched.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class Admission(IReadOnlyList<Worker> workers, MonotonicClock clock, double spreadAbove)
{
    // Smoothing and hysteresis keep a busy worker busy for about this long.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly Placement _placement = new(workers.Count, index => workers[index].Load, spreadAbove);

    private long _roomsRefused;
    private long _transportsRefused;

    /// <summary>True when some worker takes new things.</summary>
    public bool HasRoom => workers.Any(worker => worker.Load.HasRoom);

    /// <summary>What was refused.</summary>
    public AdmissionRefusals Refusals => new(Interlocked.Read(ref _roomsRefused), Interlocked.Read(ref _transportsRefused));

    /// <summary>The worker for a new room.</summary>
    public Worker PlaceRoom()
    {
        int index = _placement.PlaceRoom(clock.Now);
        return index >= 0 ? workers[index] : throw Refusal(workers, ref _roomsRefused);
    }

    /// <summary>The room is no more.</summary>
    public void ForgetRoom(Worker home) => _placement.ForgetRoom(home.Index);

    /// <summary>The worker for a new transport of a room.</summary>
    public Worker PlaceTransport(RoomBranches room)
    {
        Span<int> transports = stackalloc int[workers.Count];
        transports.Clear();
        room.CountTransports(transports);
        Worker home = room.Home.Worker;
        int index = _placement.PlaceTransport(clock.Now, home.Index, transports);
        return index >= 0 ? workers[index] : throw Refusal(home.IsAlive ? workers : [home], ref _transportsRefused);
    }

    // Busy passes, death does not.
    private static Exception Refusal(IReadOnlyList<Worker> asked, ref long counter)
    {
        if (!asked.Any(worker => worker.Load.IsAlive))
        {
            return new WorkerStoppedException();
        }

        Interlocked.Increment(ref counter);
        return new RouterException(RouterError.Overloaded, "The media workers are busy.") { RetryAfter = RetryAfter };
    }
}
