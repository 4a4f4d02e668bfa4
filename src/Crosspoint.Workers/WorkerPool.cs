using System.Threading.Channels;
using Crosspoint.Media.Negotiation;
using Crosspoint.Rtc.Srtp;
using Crosspoint.Workers.Load;
using Crosspoint.Workers.SharedPort;

namespace Crosspoint.Workers;

/// <summary>All media workers of a node. Any thread.</summary>
public sealed class WorkerPool : IAsyncDisposable
{
    private readonly Worker[] _workers;
    private readonly TcpGateway? _tcp;
    private readonly SharedUdpPort? _port;
    private readonly WorkerPoolOptions _options;
    private readonly Admission _admission;

    private long _notificationsDropped;

    private WorkerPool(Worker[] workers, TcpGateway? tcp, SharedUdpPort? port, MonotonicClock clock, WorkerPoolOptions options, SrtpEngineChoice srtp)
    {
        SrtpEngine = srtp;
        _workers = workers;
        _tcp = tcp;
        _port = port;
        _options = options;
        _admission = new Admission(workers, clock, options.SpreadAbove);
    }

    /// <summary>For tests that stop one.</summary>
    internal IReadOnlyList<Worker> Workers => _workers;

    /// <summary>Binds every port and starts every thread; on any failure nothing is left open.</summary>
    /// <param name="options">What the operator says.</param>
    /// <param name="report">Gets rare incidents, on any thread; must not block.</param>
    /// <exception cref="System.Net.Sockets.SocketException">No free port in the range, or the address is not ours.</exception>
    public static async Task<WorkerPool> StartAsync(WorkerPoolOptions options, Action<WorkerIncident> report)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(report);
        MonotonicClock clock = new();
        SrtpEngineChoice srtp = SrtpEngineChoice.Of(options.SrtpEngine); // loads and tests the library before a packet needs it
        FragmentDirectory directory = new();
        SharedUdpPort? port = options.SharedUdpPort == 0 ? null : new SharedUdpPort(directory);
        List<Worker> workers = [];
        TcpGateway? tcp = null;
        try
        {
            for (int index = 0; index < options.WorkerCount; index++)
            {
                workers.Add(new Worker(index, options, clock, directory, port, report));
            }

            Steer(port, workers, options, report);
            tcp = options.EnableTcp ? TcpGateway.Open(options, directory) : null;
            foreach (Worker worker in workers)
            {
                worker.Start(tcp?.LocalAddress ?? default);
            }

            return new WorkerPool([.. workers], tcp, port, clock, options, srtp);
        }
        catch
        {
            if (tcp is not null)
            {
                await tcp.DisposeAsync();
            }

            workers.ForEach(worker => worker.Dispose());
            port?.Dispose();
            throw;
        }
    }

    // A machine that refuses still works, only less well; the operator reads it once.
    private static void Steer(SharedUdpPort? port, List<Worker> workers, WorkerPoolOptions options, Action<WorkerIncident> report)
    {
        int peers = Math.Min(MostPeersSteered, workers.Count * options.MaxTransportsPerWorker);
        if (port is not null && options.SteerSharedPort && port.Steer([.. workers.Select(worker => worker.Socket)], peers) is { } refusal)
        {
            report(new WorkerIncident(0, $"The kernel does not steer peers on UDP port {options.SharedUdpPort}: {refusal}. Workers hand datagrams over instead.", null));
        }
    }

    /// <summary>Whose ciphers protect media, and why.</summary>
    public SrtpEngineChoice SrtpEngine { get; }

    /// <summary>How many workers there are.</summary>
    public int WorkerCount => _workers.Length;

    /// <summary>True while every worker's thread runs; a worker that died takes its rooms with it, so the node is no longer healthy.</summary>
    public bool IsHealthy => Array.TrueForAll(_workers, worker => worker.IsAlive);

    /// <summary>The UDP ports in use, and the TCP port if there is one (0 otherwise): what a firewall must let in.</summary>
    public (IReadOnlyList<int> Udp, int Tcp) Ports => ([.. _workers.Select(worker => (int)worker.UdpPort).Distinct()], _tcp?.LocalAddress.Port ?? 0);

    /// <summary>Whether the workers share one UDP port, and how well.</summary>
    public SharedPortState SharedPort => _port?.State ?? SharedPortState.NotShared;

    /// <summary>True while no worker takes anything new: they are all busy, or gone.</summary>
    public bool IsOverloaded => !_admission.HasRoom;

    /// <summary>Rooms and transports that were refused since the start.</summary>
    public AdmissionRefusals Refusals => _admission.Refusals;

    /// <summary>Notifications that rooms did not read in time; the oldest go first.</summary>
    public long NotificationsDropped => Interlocked.Read(ref _notificationsDropped);

    /// <summary>Makes a router on the worker with the least load.</summary>
    /// <exception cref="RouterException"><see cref="RouterError.Overloaded"/>.</exception>
    /// <exception cref="WorkerStoppedException">No worker runs.</exception>
    public async Task<RouterHandle> CreateRouterAsync(CodecPolicy codecs)
    {
        Worker worker = _admission.PlaceRoom();
        Channel<RouterNotification> channel = Channel.CreateBounded<RouterNotification>(
            new BoundedChannelOptions(NotificationBacklog) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _notificationsDropped));
        RoomNotifications notifications = new(channel.Writer, _workers.Length, _options.Routers.Speakers.MaxSpeakers);
        RouterPlan plan = new(new RtpNegotiator(codecs), notifications, _options.PipeBytes);
        HostedRouter home = await worker.CallAsync(owner => owner.OpenRouter(plan, isBranch: false));
        return new RouterHandle(new RoomBranches(home, plan, _workers.Length), plan.Negotiator.Capabilities, channel.Reader, _admission);
    }

    /// <summary>What each worker last said of itself, at most about a second old; never waits.</summary>
    public IReadOnlyList<WorkerSnapshot> Snapshots() => [.. _workers.Select(worker => worker.LastSnapshot)];

    /// <summary>Counters of the shared ICE-TCP listener; null without one.</summary>
    public Net.Tcp.TcpListenerStatistics? TcpStatistics => _tcp?.Statistics;

    /// <summary>Closes every transport (peers are told by close_notify) and stops every thread.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (Worker worker in _workers)
        {
            worker.Dispose();
        }

        if (_tcp is not null)
        {
            await _tcp.DisposeAsync();
        }

        _port?.Dispose();
    }

    // 100 bytes of kernel memory each; whom the kernel forgets is handed over.
    private const int MostPeersSteered = 1 << 18;

    // A reader that stalls for this many events has lost touch anyway; the oldest go first and it can ask for the state.
    private const int NotificationBacklog = 4096;
}
