using System.Net;
using Crosspoint.Media;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Dtls;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Peer;
using Crosspoint.Rtc.Srtp;
using Crosspoint.Rtc.Streams;
using Crosspoint.Workers.Load;
using Crosspoint.Workers.Pipes;
using Crosspoint.Workers.SharedPort;
using Crosspoint.Workers.Threads;

namespace Crosspoint.Workers;

/// <summary>
/// One media thread: it owns a UDP port, the transports that use it and the routers behind them.
/// A turn is: receive a batch, route it, take commands, wake what is due, drain what all this caused, send a batch.
/// </summary>
/// <remarks>Everything here belongs to the worker's own thread, except <see cref="Post"/>, <see cref="CallAsync{T}"/>, <see cref="LastSnapshot"/> and <see cref="Dispose"/>.</remarks>
internal sealed class Worker : IDisposable
{
    // A turn carries out this many commands at most, about a millisecond of them, so that a storm of joins cannot hold up media …
    private const int CommandsPerTurn = 16;

    // … this many TCP frames …
    private const int FramesPerTurn = 64;

    // … and this many timers, of transports and of routers.
    private const int DuePerTurn = 256;

    // And at this many datagrams of other workers, as it does of its own.
    private const int HandoversPerTurn = 512;

    // Payloads stay where they were received until the turn ends, so each receive of a turn has a batch of its own.
    private const int ReceivesPerTurn = 4;

    // Packets to send, from which one more system call is little.
    private const int WorthLookingAgain = 8;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    // The loop turns every LongestWait at the latest; silent for this long, it hangs.
    private static readonly TimeSpan HangAfter = TimeSpan.FromSeconds(5);

    // A snapshot looks at every transport and holds up media meanwhile: once a second, and never more than a thousandth of the time.
    private static readonly TimeSpan SnapshotInterval = TimeSpan.FromSeconds(1);
    private const int SnapshotShare = 1000;

    // Given to me.
    private readonly WorkerPoolOptions _options;
    private readonly MonotonicClock _clock;
    private readonly Action<WorkerIncident> _report;

    // Made by me.
    private readonly UdpSocket _socket;
    private readonly TransportAddress _udpLocal;
    private readonly DatagramBatch[] _incoming;
    private readonly HandoverQueue? _handover;
    private readonly Neighbours? _neighbours;
    private readonly Mailbox _mailbox;
    private readonly Agenda _agenda = new();
    private readonly TcpSide _tcp = new();
    private readonly TransportTable _transports;
    private readonly Ingress _ingress;
    private readonly Egress _egress;
    private readonly HashSet<HostedRouter> _routers = [];
    private readonly PacketBlockPool _packets = new();
    private readonly PeerSessionOptions _peers;
    private readonly LoadMeter _load;
    private readonly HandshakeBacklog _handshakes;
    private readonly Thread _thread;

    // State.
    private volatile bool _stopping;
    private WorkerSnapshot _snapshot;
    private long _turnedAt;
    private Instant _snapshotAt;
    private TimeSpan _snapshotInterval = SnapshotInterval;
    private Reachability _reachability = null!;
    private TransportAddress _tcpLocal;
    private int? _core;
    private bool _isBeforeOthers;

    /// <summary>Binds the port and makes the certificate; <see cref="Start"/> starts the thread.</summary>
    public Worker(int index, WorkerPoolOptions options, MonotonicClock clock, FragmentDirectory directory, SharedUdpPort? port, Action<WorkerIncident> report)
    {
        Index = index;
        _options = options;
        _clock = clock;
        _report = report;
        _socket = UdpSocket.Open(new UdpSocketOptions
        {
            Address = options.ListenAddress,
            MinPort = port is null ? options.MinPort : options.SharedUdpPort,
            MaxPort = port is null ? options.MaxPort : options.SharedUdpPort,
            SharePort = port is not null,
            IsFirstOnPort = index == 0,
            ReceiveBufferBytes = options.ReceiveBufferBytes,
            SendBufferBytes = options.SendBufferBytes,
            Offload = options.UdpOffload,
            Implementation = options.UdpImplementation,
        });
        _udpLocal = _socket.LocalAddress;
        _incoming = [.. Enumerable.Range(0, ReceivesPerTurn).Select(_ => DatagramBatch.For(_socket))];
        _mailbox = new Mailbox(_socket.Wake);
        _transports = new TransportTable(this, directory, port);
        _handover = port is null ? null : new HandoverQueue(options.HandoverQueueDatagrams);
        _neighbours = port is null ? null : new Neighbours(this, port, Meters);
        FloodGate gate = new(options.StrangerDatagramsPerSecond, options.AllStrangersDatagramsPerSecond);
        _ingress = new Ingress(_transports, _tcp, gate, _agenda, Meters, _neighbours);
        _egress = new Egress(_socket, _tcp, Meters, Fault);
        _handshakes = new HandshakeBacklog(Meters);
        Pipes = new PipeSide(_socket.Wake, _agenda, Fault);
        _load = new LoadMeter(options.MaxLoad, ThreadTime.Read);
        _snapshot = TakeSnapshot();
        Identity = DtlsIdentity.Create(clock.Epoch);
        _peers = PeerSessionOptions.Server with { Srtp = new SrtpOptions { Engine = options.SrtpEngine } };
        _thread = new Thread(Run) { Name = $"media-{index}", IsBackground = true };
    }

    /// <summary>Which worker, from 0.</summary>
    public int Index { get; }

    /// <summary>The UDP port, on all listening addresses.</summary>
    public ushort UdpPort => _udpLocal.Port;

    /// <summary>The certificate of all its transports.</summary>
    public DtlsIdentity Identity { get; }

    /// <summary>Our candidates as a client reads them.</summary>
    public IReadOnlyList<Contracts.Rtp.IceCandidate> Candidates => _reachability.Described;

    /// <summary>False when the thread has ended.</summary>
    public bool IsAlive => _thread.IsAlive;

    /// <summary>The pipes of its routers to those of other workers.</summary>
    public PipeSide Pipes { get; }

    /// <summary>What it counts.</summary>
    public WorkerMeters Meters { get; } = new();

    /// <summary>The worker's time, read once a turn. Worker thread only.</summary>
    public Instant Now { get; private set; }

    /// <summary>What admission and placement go by. Any thread.</summary>
    public WorkerLoad Load => new(_thread.IsAlive, IsResponsive ? _load.Ratio : double.MaxValue, _load.IsOverloaded);

    // The loop publishes once a second. One that does not may only be starved: it gets nothing as long as another can take it, and is not refused.
    private bool IsResponsive => _thread.IsAlive && _clock.Now - new Instant(Volatile.Read(ref _turnedAt)) < HangAfter;

    /// <summary>What this worker last said of itself; not alive when its thread ended or has said nothing for too long. Any thread.</summary>
    public WorkerSnapshot LastSnapshot
    {
        get
        {
            WorkerSnapshot last = Volatile.Read(ref _snapshot);
            return last with
            {
                IsAlive = IsResponsive,
                Load = _load.Ratio,
                IsOverloaded = _load.IsOverloaded,
                MailboxDepth = _mailbox.Depth,
                TcpOverflows = Meters.TcpOverflows,
            };
        }
    }

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
        _reachability = new Reachability(announced, _udpLocal, tcpLocal);
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

    /// <summary>The socket, for what its port has to be told before the start.</summary>
    public UdpSocket Socket => _socket;

    /// <summary>Takes a datagram that another worker of the port received, to be looked at after <see cref="Wake()"/>; false when there is no room. Any thread.</summary>
    public bool TryHandOver(in TransportAddress local, in TransportAddress source, ReadOnlySpan<byte> datagram) =>
        _handover is not null && _handover.TryAdd(local, source, datagram);

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

    /// <summary>Makes a router; all routers of a worker keep packets for retransmission in one pool.</summary>
    public HostedRouter OpenRouter(RouterPlan plan, bool isBranch)
    {
        Router engine = new(_options.Routers, SystemRandomSource.Instance, _packets);
        HostedRouter router = new(this, engine, plan, isBranch);
        _routers.Add(router);
        return router;
    }

    /// <summary>Closes a router with all that is in it.</summary>
    public bool CloseRouter(HostedRouter router)
    {
        router.CloseAll();
        _agenda.Forget(router);
        return _routers.Remove(router);
    }

    /// <summary>Opens a transport for a router.</summary>
    public WebRtcTransport OpenTransport(HostedRouter router, string id)
    {
        if (_transports.Count >= _options.MaxTransportsPerWorker)
        {
            Meters.Counters.TransportsRefused++;
            throw new RouterException(RouterError.LimitReached, "The worker holds as many transports as it may.");
        }

        PeerSession session = new(_peers, Identity, IceCredentials.Create(SystemRandomSource.Instance), SystemRandomSource.Instance);
        _reachability.AddCandidatesTo(session.Ice);
        WebRtcTransport transport = new(Now, _options, _egress, router, id, session);
        _transports.Add(transport);
        _agenda.Mark(transport);
        return transport;
    }

    /// <summary>New credentials; the old ones go on being answered until the next restart, because media still uses their path.</summary>
    public void RestartIce(WebRtcTransport transport)
    {
        _transports.RestartIce(Now, transport);
        _agenda.Mark(transport);
    }

    /// <summary>Says goodbye on a transport and forgets it.</summary>
    public void CloseTransport(WebRtcTransport transport)
    {
        if (transport.IsClosed)
        {
            return;
        }

        transport.Session.Close(Now);
        _egress.SendProtocol(Now, transport);
        Meters.Keep(transport);
        _agenda.Forget(transport);
        _tcp.CloseAll(transport);
        _transports.Remove(transport);
        transport.Dispose();
    }

    /// <summary>Another worker of the port has validated the address since.</summary>
    public void LoseSource(in TransportAddress source) => _transports.LoseSource(source);

    /// <summary>From now on the transport is drained at the end of this turn.</summary>
    public void Mark(WebRtcTransport transport) => _agenda.Mark(transport);

    /// <summary>Looks again when the router wants to be woken, and passes on what it has to say.</summary>
    public void Schedule(HostedRouter router)
    {
        router.DrainEvents();
        _agenda.SetDeadline(router);
    }

    // ---- what comes in

    /// <summary>One frame of a TCP connection that named one of our transports.</summary>
    public void ReceiveFrame(TcpRoute route, Span<byte> frame)
    {
        if (_ingress.Find(Now, _tcpLocal, route, frame) is not { } transport)
        {
            return;
        }

        try
        {
            _ingress.Deliver(Now, transport, _tcpLocal, route, frame);
        }
        catch (Exception exception)
        {
            Fault(transport, exception);
        }
    }

    /// <summary>The connection is gone; so is the path over it.</summary>
    public void ForgetTcp(TcpRoute route)
    {
        if (_tcp.Release(route) is { } transport)
        {
            transport.Session.HandlePathClosed(Now, _tcpLocal, route.Connection.RemoteAddress);
            _agenda.Mark(transport);
        }
    }

    private void ReceiveDatagrams()
    {
        _handshakes.BeginTurn();
        DeliverWhatWaited();
        foreach (DatagramBatch batch in _incoming)
        {
            if (!TryReceive(batch))
            {
                break;
            }
        }

        _neighbours?.WakeOwners();
        if (_handover is not null)
        {
            ReceiveHandedOver(_handover);
        }
    }

    // False when there is no reason to look again. While a packet is routed to many, the rest of its frame arrives:
    // what is taken now leaves together with it.
    private bool TryReceive(DatagramBatch batch)
    {
        int count = _socket.Receive(batch);
        for (int i = 0; i < count; i++)
        {
            TransportAddress local = batch.Local(i);
            TransportAddress source = batch.Source(i);
            Span<byte> datagram = batch.Datagram(i);
            Deliver(_ingress.Find(Now, local, source, datagram), local, source, datagram);
        }

        return count > 0 && _egress.Gathered >= WorthLookingAgain;
    }

    // What other workers of the port received for us. The slots of the turn before are free: its packets have left.
    private void ReceiveHandedOver(HandoverQueue queue)
    {
        queue.Release();
        for (int i = 0; i < HandoversPerTurn && queue.TryTake(out TransportAddress local, out TransportAddress source, out Span<byte> datagram); i++)
        {
            Deliver(_ingress.FindHandedOver(Now, source, datagram), local, source, datagram);
        }
    }

    private void Deliver(WebRtcTransport? transport, in TransportAddress local, in TransportAddress source, Span<byte> datagram)
    {
        if (transport is null)
        {
            return;
        }

        if (!HandshakeBacklog.Concerns(datagram))
        {
            DeliverNow(transport, local, source, datagram);
        }
        else if (_handshakes.MayPass(transport, local, source, datagram))
        {
            DeliverHandshake(transport, local, source, datagram);
        }
    }

    private void DeliverWhatWaited()
    {
        while (_handshakes.TryTake(out HandshakeBacklog.Waiting waiting))
        {
            DeliverHandshake(waiting.Transport, waiting.Local, waiting.Source, waiting.Datagram);
            HandshakeBacklog.Done(waiting);
        }
    }

    private void DeliverHandshake(WebRtcTransport transport, in TransportAddress local, in TransportAddress source, Span<byte> datagram)
    {
        Instant begun = _clock.Now;
        DeliverNow(transport, local, source, datagram);
        _load.CountHandshakes(_clock.Now - begun);
    }

    private void DeliverNow(WebRtcTransport transport, in TransportAddress local, in TransportAddress source, Span<byte> datagram)
    {
        try
        {
            _ingress.Deliver(Now, transport, local, source, datagram);
        }
        catch (Exception exception)
        {
            Fault(transport, exception);
        }
    }

    // ---- the turn

    private void Run()
    {
        Pin();
        _isBeforeOthers = _options.RaisePriority && MediaPriority.TryRaise();
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
                // A bug outside any transport: the turn is lost, the worker is not.
                Meters.Counters.TurnFaults++;
                _egress.Discard();
                _report(new WorkerIncident(Index, "A turn failed.", exception));
            }
        }

        CloseEverything();
    }

    /// <summary>One turn without waiting, for a test that is the worker's thread: the worker was not started.</summary>
    internal void RunOnce()
    {
        Now = _clock.Now;
        Turn();
    }

    private void Pin()
    {
        if (!_options.PinWorkers)
        {
            return;
        }

        IReadOnlyList<int> cores = CoreAffinity.Allowed();
        if (cores.Count > 0 && CoreAffinity.TryPin(cores[Index % cores.Count]))
        {
            _core = cores[Index % cores.Count];
            return;
        }

        _report(new WorkerIncident(Index, "The thread could not be pinned to a core and runs where the system puts it.", null));
    }

    private void WaitForWork()
    {
        Instant now = _clock.Now;
        Meters.CountTurn(now - Now);
        _load.CountTurn(now, now - Now);
        Instant next = _agenda.Next;
        TimeSpan wait = _mailbox.HasWork || _handshakes.HasWork || _handover is { HasWork: true } || next <= now ? TimeSpan.Zero : next.IsNever || next - now > LongestWait ? LongestWait : next - now;
        if (_socket.Wait(wait).HasFlag(WaitResult.Readable))
        {
            Gather();
        }

        Now = _clock.Now;
    }

    // Under load, and then no longer than since the last turn began: a worker that is behind already has them gathered.
    private void Gather()
    {
        if (_load.Ratio < _options.GatherAboveLoad || _mailbox.HasWork)
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
        ReceiveDatagrams();
        Pipes.Receive(Now);
        TakeCommands();
        WakeWhatIsDue();
        DrainMarked();
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

    private void WakeWhatIsDue()
    {
        for (int i = 0; i < DuePerTurn && _agenda.TryWake(Now, out WebRtcTransport transport); i++)
        {
            Wake(transport);
        }

        for (int i = 0; i < DuePerTurn && _agenda.TryWake(Now, out HostedRouter router); i++)
        {
            try
            {
                router.Router.HandleTimeout(Now);
                _agenda.Mark(router);
            }
            catch (Exception exception)
            {
                Fault(router, exception);
            }
        }
    }

    private void Wake(WebRtcTransport transport)
    {
        try
        {
            if (transport.GiveUpAt <= Now)
            {
                Meters.Counters.TransportsAbandoned++;
                transport.Router.Evict(transport, PeerState.Closed, PeerReason.Abandoned);
                return;
            }

            transport.Session.HandleTimeout(Now);
            _agenda.Mark(transport);
        }
        catch (Exception exception)
        {
            Fault(transport, exception);
        }
    }

    private void DrainMarked()
    {
        while (_agenda.TryTakeMarked(out WebRtcTransport transport))
        {
            try
            {
                Drain(transport);
            }
            catch (Exception exception)
            {
                Fault(transport, exception);
            }
        }

        while (_agenda.TryTakeMarked(out HostedRouter router))
        {
            try
            {
                Schedule(router);
            }
            catch (Exception exception)
            {
                Fault(router, exception);
            }
        }
    }

    private void Drain(WebRtcTransport transport)
    {
        _egress.SendProtocol(Now, transport);
        while (transport.Session.TryDequeue(out PeerEvent peerEvent))
        {
            Pass(transport, peerEvent);
        }

        _agenda.SetDeadline(transport);
    }

    private void Pass(WebRtcTransport transport, PeerEvent peerEvent)
    {
        if (peerEvent.Kind != PeerEventKind.StateChanged)
        {
            return;
        }

        transport.Note(Now, peerEvent.State);
        if (peerEvent.State == PeerState.Connected)
        {
            transport.Router.BeginMedia(transport);
            _agenda.Mark(transport.Router);
        }

        transport.Router.Notify(new RouterNotification.TransportChanged(transport.Id, peerEvent.State, peerEvent.Reason, transport.TakeHandshakeTime()));
    }

    // ---- when something breaks

    // A broken invariant costs one transport, never the worker.
    private void Fault(WebRtcTransport transport, Exception exception)
    {
        Meters.Counters.TransportFaults++;
        _report(new WorkerIncident(Index, $"Transport {transport.Id} failed and was closed.", exception));
        transport.Router.Evict(transport, PeerState.Failed, PeerReason.InternalError);
    }

    // A pipe that cannot be read on would fail again: its tracks end here, and whoever wants one of them gets a new pipe.
    private void Fault(PipeEnd end, Exception exception)
    {
        Meters.Counters.PipeFaults++;
        _report(new WorkerIncident(Index, "A pipe from another worker failed and was closed.", exception));
        end.Router.Pipes.Break(end);
    }

    /// <summary>Left alive it would fail at every turn, or never be woken again: its room is told by the end of its notifications, or of what it lost.</summary>
    public void Fault(HostedRouter router, Exception exception)
    {
        Meters.Counters.RouterFaults++;
        _report(new WorkerIncident(Index, "A router failed and was closed.", exception));
        CloseRouter(router);
    }

    private void CloseEverything()
    {
        foreach (HostedRouter router in _routers.ToArray())
        {
            CloseRouter(router);
        }

        _egress.Flush();
    }

    // ---- what others may know

    // Once a second: one small object for readers on other threads, so that they never wait for the worker nor it for them.
    private void PublishSnapshot()
    {
        Volatile.Write(ref _turnedAt, Now.Ticks);
        if (Now - _snapshotAt < _snapshotInterval)
        {
            return;
        }

        Volatile.Write(ref _snapshot, TakeSnapshot());
        Meters.BeginInterval();
        _snapshotAt = Now;
        TimeSpan cost = _clock.Now - Now;
        _snapshotInterval = cost * SnapshotShare > SnapshotInterval ? cost * SnapshotShare : SnapshotInterval;
    }

    /// <summary>The worker at this moment. Worker thread only.</summary>
    public WorkerSnapshot TakeSnapshot()
    {
        TransportTotals transports = Meters.Sum(_transports.All);
        MediaTotals media = Meters.ClosedMedia;
        foreach (HostedRouter router in _routers)
        {
            router.AddTo(ref media);
        }

        media.KeepLossFrom(_snapshot is null ? default : _snapshot.Media);
        return new WorkerSnapshot
        {
            Index = Index,
            IsAlive = true,
            UdpPort = UdpPort,
            Core = _core,
            IsBeforeOthers = _isBeforeOthers,
            Routers = _routers.Count(router => !router.IsBranch),
            Branches = _routers.Count(router => router.IsBranch),
            Pipes = _routers.Sum(router => router.Pipes.Count),
            Transports = _transports.Count,
            Producers = _routers.Sum(router => router.ProducerCount),
            Consumers = _routers.Sum(router => router.ConsumerCount),
            AudioConsumers = _routers.Sum(router => router.AudioConsumerCount),
            TransportsByState = transports.ByState,
            BusyRatio = Meters.BusyRatio((Now - _snapshotAt).Ticks),
            LongestTurn = Meters.LongestTurn,
            Media = media,
            TcpOverflows = Meters.TcpOverflows,
            Counters = Meters.Counters,
            Socket = _socket.Statistics,
            Network = _socket.Capabilities,
            PeerDrops = transports.PeerDrops,
            IceDrops = transports.IceDrops,
            Sources = _transports.SourceCount,
            TcpConnections = _tcp.Count,
        };
    }
}
