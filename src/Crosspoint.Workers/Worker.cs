using System.Net;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Dtls;
using Crosspoint.Workers.Fairness;
using Crosspoint.Workers.Load;
using Crosspoint.Workers.Pipes;
using Crosspoint.Workers.SharedPort;
using Crosspoint.Workers.Threads;

namespace Crosspoint.Workers;

/// <summary>
/// One media thread: it owns a UDP port, the transports that use it and the routers behind them.
/// A turn is: receive a batch, route it, take commands, serve those who had to wait, wake what is due, drain what all this caused, send a batch.
/// </summary>
/// <remarks>Everything here belongs to the worker's own thread, except <see cref="Post"/>, <see cref="CallAsync{T}"/>, <see cref="LastSnapshot"/> and <see cref="Dispose"/>.</remarks>
internal sealed class Worker : IDisposable
{
    // A turn carries out this many commands at most, about a millisecond of them, so that a storm of joins cannot hold up media …
    private const int CommandsPerTurn = 16;

    // … and this many TCP frames.
    private const int FramesPerTurn = 64;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    // The loop turns every LongestWait at the latest; silent for this long, it hangs.
    private static readonly TimeSpan HangAfter = TimeSpan.FromSeconds(5);

    // Given to me.
    private readonly WorkerPoolOptions _options;
    private readonly MonotonicClock _clock;

    // Made by me.
    private readonly UdpSocket _socket;
    private readonly HandoverQueue? _handover;
    private readonly Mailbox _mailbox;
    private readonly Agenda _agenda = new();
    private readonly TcpSide _tcp = new();
    private readonly WorkerFaults _faults;
    private readonly TransportTable _transports;
    private readonly TransportKeeper _keeper;
    private readonly RouterList _routers;
    private readonly DepartureClock _departures;
    private readonly Egress _egress;
    private readonly Intake _intake;
    private readonly Attendance _attendance;
    private readonly LoadMeter _load;
    private readonly ThreadPlacement _place = new();
    private readonly WorkerFigures _figures;
    private readonly SnapshotBoard _snapshots = new();
    private readonly Thread _thread;

    // State.
    private volatile bool _stopping;
    private TransportAddress _tcpLocal;

    /// <summary>Binds the port and makes the certificate; <see cref="Start"/> starts the thread.</summary>
    public Worker(int index, WorkerPoolOptions options, MonotonicClock clock, FragmentDirectory directory, SharedUdpPort? port, Action<WorkerIncident> report)
    {
        Index = index;
        _options = options;
        _clock = clock;
        _socket = UdpSocket.Open(SocketOptions(index, options, port is not null));
        Identity = DtlsIdentity.Create(clock.Epoch);
        _faults = new WorkerFaults(index, Meters, report);
        _mailbox = new Mailbox(_socket.Wake);
        _load = new LoadMeter(options.MaxLoad, ThreadTime.Read);
        _transports = new TransportTable(this, directory, port);
        Budget = new TurnBudget(options.TurnTime);
        _routers = new RouterList(this, options.Routers, _agenda, Budget);
        _departures = new DepartureClock(clock);
        _egress = new Egress(_socket, _tcp, _departures, Meters, _faults.Handle);
        _keeper = new TransportKeeper(options, Identity, _transports, _tcp, _egress, _agenda, Meters);
        _attendance = new Attendance(_agenda, _egress, Meters, _faults);
        _handover = port is null ? null : new HandoverQueue(options.HandoverQueueDatagrams);
        Neighbours? neighbours = port is null ? null : new Neighbours(this, port, Meters);
        FloodGate gate = new(options.StrangerDatagramsPerSecond, options.AllStrangersDatagramsPerSecond);
        Ingress ingress = new(_transports, _tcp, gate, _agenda, Meters, neighbours);
        MediaGate media = new(ingress, _egress, Budget, new MediaBacklog(options.BacklogPackets, options.LongestMediaWait, Meters), _faults);
        _intake = new Intake(_socket, clock, ingress, media, _egress, _handover, neighbours, _load, Meters, _faults);
        Pipes = new PipeSide(_socket.Wake, _agenda, media, _faults.Handle);
        _figures = new WorkerFigures(index, _socket, _transports, _tcp, _routers, _place, Meters);
        _snapshots.Put(Now, TakeSnapshot());
        _thread = new Thread(Run) { Name = $"media-{index}", IsBackground = true };
    }

    /// <summary>Which worker, from 0.</summary>
    public int Index { get; }

    /// <summary>The UDP port, on all listening addresses.</summary>
    public ushort UdpPort => _socket.LocalAddress.Port;

    /// <summary>The socket, for what its port has to be told before the start.</summary>
    public UdpSocket Socket => _socket;

    /// <summary>The certificate of all its transports.</summary>
    public DtlsIdentity Identity { get; }

    /// <summary>Our candidates as a client reads them.</summary>
    public IReadOnlyList<Contracts.Rtp.IceCandidate> Candidates => _keeper.Reachability.Described;

    /// <summary>False when the thread has ended.</summary>
    public bool IsAlive => _thread.IsAlive;

    /// <summary>The pipes of its routers to those of other workers.</summary>
    public PipeSide Pipes { get; }

    /// <summary>How much media a turn routes.</summary>
    public TurnBudget Budget { get; }

    /// <summary>What it counts.</summary>
    public WorkerMeters Meters { get; } = new();

    /// <summary>The worker's time, read once a turn. Worker thread only.</summary>
    public Instant Now { get; private set; }

    /// <summary>What admission and placement go by. Any thread.</summary>
    public WorkerLoad Load => new(_thread.IsAlive, IsResponsive ? _load.Ratio : double.MaxValue, _load.IsOverloaded);

    // The loop publishes once a second. One that does not may only be starved: it gets nothing as long as another can take it, and is not refused.
    private bool IsResponsive => _thread.IsAlive && _clock.Now - _snapshots.TurnedAt < HangAfter;

    /// <summary>What this worker last said of itself; not alive when its thread ended or has said nothing for too long. Any thread.</summary>
    public WorkerSnapshot LastSnapshot => _snapshots.Last with
    {
        IsAlive = IsResponsive,
        Load = _load.Ratio,
        IsOverloaded = _load.IsOverloaded,
        MailboxDepth = _mailbox.Depth,
        TcpOverflows = Meters.TcpOverflows,
    };

    /// <summary>Starts the thread; <paramref name="tcpLocal"/> is the shared TCP listener's address, none without one.</summary>
    public void Start(in TransportAddress tcpLocal)
    {
        Open(tcpLocal);
        _thread.Start();
    }

    /// <summary>Learns how peers reach it; <see cref="Start"/> without the thread, for a test that is the thread.</summary>
    internal void Open(in TransportAddress tcpLocal)
    {
        IReadOnlyList<IPAddress> announced = _options.AnnouncedAddresses.Count > 0 ? _options.AnnouncedAddresses : Reachability.HostAddresses();
        _tcpLocal = tcpLocal;
        _keeper.Reachability = new Reachability(announced, _socket.LocalAddress, tcpLocal);
    }

    /// <summary>Stops the thread, closes everything it owns and waits for it. Any thread but the worker's own.</summary>
    public void Dispose()
    {
        _stopping = true;
        _socket.Wake();
        if (!_thread.ThreadState.HasFlag(ThreadState.Unstarted))
        {
            _thread.Join();
        }

        _mailbox.Close();
        Identity.Dispose();
        _egress.Dispose();
        _socket.Dispose();
    }

    // ---- from other threads

    /// <summary>Takes a datagram that another worker of the port received, to be looked at after <see cref="Wake()"/>; false when there is no room. Any thread.</summary>
    public bool TryHandOver(in ReceivedDatagram datagram) => _handover is not null && _handover.TryAdd(datagram.Local, datagram.Source, datagram.Bytes);

    /// <summary>Ends its wait for work. Any thread.</summary>
    public void Wake() => _socket.Wake();

    /// <summary>Queues a command. Any thread.</summary>
    public void Post(WorkerCommand command) => _mailbox.Post(command);

    /// <summary>Runs a body on the worker's thread. Any thread.</summary>
    public Task<T> CallAsync<T>(Func<Worker, T> body)
    {
        WorkerCall<T> call = new(body);
        _mailbox.Post(call);
        return call.Answer;
    }

    // ---- routers and transports

    /// <summary>Makes a router.</summary>
    public HostedRouter OpenRouter(RouterPlan plan, bool isBranch) => _routers.Open(plan, isBranch);

    /// <summary>Closes a router with all that is in it.</summary>
    public bool CloseRouter(HostedRouter router) => _routers.Close(router);

    /// <summary>A router broke: it is closed, and the worker goes on.</summary>
    public void Fault(HostedRouter router, Exception exception) => _faults.Handle(router, exception);

    /// <summary>Looks again when the router wants to be woken, and passes on what it has to say.</summary>
    public void Schedule(HostedRouter router) => _attendance.Drain(router);

    /// <summary>Opens a transport for a router.</summary>
    public WebRtcTransport OpenTransport(HostedRouter router, string id) => _keeper.Open(Now, router, id);

    /// <summary>New credentials; the old ones go on being answered until the next restart, because media still uses their path.</summary>
    public void RestartIce(WebRtcTransport transport) => _keeper.RestartIce(Now, transport);

    /// <summary>Says goodbye on a transport and forgets it.</summary>
    public void CloseTransport(WebRtcTransport transport) => _keeper.Close(Now, transport);

    /// <summary>From now on the transport is drained at the end of this turn.</summary>
    public void Mark(WebRtcTransport transport) => _agenda.Mark(transport);

    /// <summary>Another worker of the port has validated the address since.</summary>
    public void LoseSource(in TransportAddress source) => _transports.LoseSource(source);

    /// <summary>One frame of a TCP connection that named one of our transports.</summary>
    public void ReceiveFrame(TcpRoute route, Span<byte> frame) => _intake.ReceiveFrame(Now, route, _tcpLocal, frame);

    /// <summary>The connection is gone; so is the path over it.</summary>
    public void ForgetTcp(TcpRoute route)
    {
        if (_tcp.Release(route) is { } transport)
        {
            transport.Session.HandlePathClosed(Now, _tcpLocal, route.Connection.RemoteAddress);
            _agenda.Mark(transport);
        }
    }

    /// <summary>The worker at this moment. Worker thread only.</summary>
    public WorkerSnapshot TakeSnapshot() => _figures.Take(Now, _snapshots.TakenAt, _snapshots.Last);

    // ---- the turn

    private void Run()
    {
        _place.Apply(Index, _options, _faults);
        _load.Start(_clock.Now);
        Now = _clock.Now;
        while (!_stopping)
        {
            try
            {
                WaitForWork();
                Turn();
            }
            catch (Exception exception)
            {
                _egress.Discard();
                _faults.HandleLostTurn(exception);
            }
        }

        try
        {
            _routers.CloseAll();
            _egress.Flush();
        }
        catch (Exception exception)
        {
            // On this thread it would end the process, in the middle of an orderly stop.
            _faults.HandleLostTurn(exception);
        }
    }

    /// <summary>One turn without waiting, for a test that is the worker's thread: the worker was not started.</summary>
    internal void RunOnce()
    {
        Now = _clock.Now;
        Turn();
    }

    private void WaitForWork()
    {
        Instant now = _clock.Now;
        Meters.CountTurn(now - Now);
        _load.CountTurn(now, now - Now);
        Budget.End(now - Now);
        Instant next = _agenda.Next;
        TimeSpan wait = _mailbox.HasWork || _intake.HasWork || next <= now ? TimeSpan.Zero : next.IsNever || next - now > LongestWait ? LongestWait : next - now;
        if (_socket.Wait(wait).HasFlag(WaitResult.Readable))
        {
            Gather();
        }

        Now = _clock.Now;
    }

    // Under load, and then no longer than since the last turn began: a worker that is behind already has them gathered.
    private void Gather()
    {
        if (_load.Ratio < _options.GatherAboveLoad || _mailbox.HasWork || _intake.HasWork)
        {
            return;
        }

        TimeSpan rest = Now + _options.GatherTime - _clock.Now;
        if (rest > TimeSpan.Zero)
        {
            Meters.Counters.Rests++;
            _socket.Rest(rest);
        }
    }

    private void Turn()
    {
        PublishSnapshot();
        Budget.Begin(Now);
        _departures.BeginTurn(Now);
        _intake.Receive(Now);
        Pipes.Receive(Now);
        TakeCommands();
        ServeBacklog();
        _attendance.WakeWhatIsDue(Now);
        _attendance.DrainMarked(Now);
        Pipes.Publish();
        _egress.Flush();
        Pipes.Release();
    }

    private void TakeCommands()
    {
        _mailbox.BeginDrain();
        for (int i = 0; i < FramesPerTurn && _mailbox.TryTakeFrame(out WorkerCommand frame); i++)
        {
            Meters.Counters.Commands++;
            frame.Execute(this);
        }

        for (int i = 0; i < CommandsPerTurn && _mailbox.TryTake(out WorkerCommand command); i++)
        {
            Meters.Counters.Commands++;
            command.Execute(this);
        }
    }

    // Those who kept within their share need not wait until the others' packets are protected.
    private void ServeBacklog()
    {
        if (_intake.HasBacklog)
        {
            _egress.Flush();
            _intake.ServeBacklog(Now);
        }
    }

    private void PublishSnapshot()
    {
        if (!_snapshots.IsDue(Now))
        {
            return;
        }

        _snapshots.Put(Now, TakeSnapshot());
        Meters.BeginInterval();
        _snapshots.Charge(_clock.Now - Now);
    }

    private static UdpSocketOptions SocketOptions(int index, WorkerPoolOptions options, bool isShared) => new()
    {
        Address = options.ListenAddress,
        MinPort = isShared ? options.SharedUdpPort : options.MinPort,
        MaxPort = isShared ? options.SharedUdpPort : options.MaxPort,
        SharePort = isShared,
        IsFirstOnPort = index == 0,
        ReceiveBufferBytes = options.ReceiveBufferBytes,
        SendBufferBytes = options.SendBufferBytes,
        Offload = options.UdpOffload,
        Implementation = options.UdpImplementation,
    };
}
