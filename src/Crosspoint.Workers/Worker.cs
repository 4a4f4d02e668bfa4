using System.Net;
using System.Threading.Channels;
using Crosspoint.Media;
using Crosspoint.Media.Negotiation;
using Crosspoint.Net.Tcp;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Demux;
using Crosspoint.Rtc.Dtls;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Peer;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Workers;

/// <summary>
/// One media thread: it owns a UDP port, the transports that use it and the routers behind them.
/// A turn is: receive a batch, route it, take commands, wake what is due, drain what all this caused, send a batch.
/// </summary>
/// <remarks>Everything here belongs to the worker's own thread, except <see cref="Post"/>, <see cref="CallAsync{T}"/> and <see cref="Dispose"/>.</remarks>
internal sealed class Worker : IDisposable
{
    // A turn looks at this many commands at most, so that a join storm cannot hold up media.
    private const int CommandsPerTurn = 64;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    // The loop turns every LongestWait at the latest; silent for this long, it hangs.
    private static readonly TimeSpan HangAfter = TimeSpan.FromSeconds(5);

    // Given to me.
    private readonly WorkerPoolOptions _options;
    private readonly MonotonicClock _clock;
    private readonly Action<WorkerIncident> _report;
    private readonly FragmentDirectory _directory;

    // Made by me.
    private readonly UdpSocket _socket;
    private readonly TransportAddress _udpLocal;
    private readonly DatagramBatch _incoming;
    private readonly SendBatch _outgoing;
    private readonly Mailbox _mailbox;
    private readonly Demultiplexer _demultiplexer = new();
    private readonly FloodGate _gate;
    private readonly DeadlineHeap<WebRtcTransport> _transportDeadlines = new();
    private readonly DeadlineHeap<HostedRouter> _routerDeadlines = new();
    private readonly List<WebRtcTransport> _marked = [];
    private readonly List<HostedRouter> _markedRouters = [];
    private readonly HashSet<WebRtcTransport> _transports = [];
    private readonly HashSet<HostedRouter> _routers = [];
    private readonly Dictionary<TransportAddress, TcpFramedConnection> _tcp = [];
    private readonly PacketBlockPool _packets = new();
    private readonly byte[] _scratch = GC.AllocateUninitializedArray<byte>(2048, pinned: true);
    private readonly Thread _thread;

    // State.
    private volatile bool _stopping;
    private WorkerSnapshot _snapshot;
    private long _snapshotAt;
    private WorkerCounters _counters;
    private Reachability _reachability = null!;
    private TransportAddress _tcpLocal;
    private long _tcpOverflows;
    private PeerDropCounters _closedPeerDrops;
    private MediaTotals _closedMedia;
    private TimeSpan _busy;
    private TimeSpan _longestTurn;

    /// <summary>Binds the port and makes the certificate; <see cref="Start"/> starts the thread.</summary>
    public Worker(int index, WorkerPoolOptions options, MonotonicClock clock, FragmentDirectory directory, Action<WorkerIncident> report)
    {
        Index = index;
        _options = options;
        _clock = clock;
        _directory = directory;
        _report = report;
        _gate = new FloodGate(options.StrangerDatagramsPerSecond, options.AllStrangersDatagramsPerSecond);
        _socket = UdpSocket.Open(new UdpSocketOptions
        {
            Address = options.ListenAddress,
            MinPort = options.MinPort,
            MaxPort = options.MaxPort,
            ReceiveBufferBytes = options.ReceiveBufferBytes,
            SendBufferBytes = options.SendBufferBytes,
        });
        _udpLocal = _socket.LocalAddress;
        _incoming = new DatagramBatch();
        _outgoing = new SendBatch();
        _mailbox = new Mailbox(_socket.Wake);
        _snapshot = TakeSnapshot();
        Identity = DtlsIdentity.Create(clock.Epoch);
        _thread = new Thread(Run) { Name = $"media-{index}", IsBackground = true };
    }

    /// <summary>Which worker, from 0.</summary>
    public int Index { get; }

    /// <summary>The UDP port, on all listening addresses.</summary>
    public ushort UdpPort => _socket.LocalAddress.Port;

    /// <summary>The certificate of all its transports.</summary>
    public DtlsIdentity Identity { get; }

    /// <summary>False when the thread has ended.</summary>
    public bool IsAlive => _thread.IsAlive;

    /// <summary>Counters; worker thread only.</summary>
    public ref WorkerCounters Counters => ref _counters;

    /// <summary>What closed tracks and transports counted; worker thread only.</summary>
    public ref MediaTotals ClosedMedia => ref _closedMedia;

    /// <summary>The worker's time, read once a turn. Worker thread only.</summary>
    public Instant Now { get; private set; }

    /// <summary>Unix time of the clock's origin, for sender reports.</summary>
    public DateTimeOffset ClockEpoch => _clock.Epoch;

    /// <summary>Starts the thread; <paramref name="tcpLocal"/> is the shared TCP listener's address, none without one.</summary>
    public void Start(in TransportAddress tcpLocal)
    {
        IReadOnlyList<IPAddress> announced = _options.AnnouncedAddresses.Count > 0 ? _options.AnnouncedAddresses : Reachability.HostAddresses();
        _tcpLocal = tcpLocal;
        _reachability = new Reachability(announced, _udpLocal, tcpLocal);
        _thread.Start();
    }

    /// <summary>Queues a command. Any thread.</summary>
    public void Post(WorkerCommand command) => _mailbox.Post(command);

    /// <summary>Runs a body on the worker's thread. Any thread.</summary>
    public Task<T> CallAsync<T>(Func<Worker, T> body)
    {
        WorkerCall<T> call = new(body);
        _mailbox.Post(call);
        return call.Answer;
    }

    /// <summary>Room in the send batch, at least <paramref name="bytes"/>; sends what is there when it is full.</summary>
    public Span<byte> ReserveOutgoing(int bytes)
    {
        Span<byte> room = _outgoing.Reserve(bytes);
        if (room.IsEmpty)
        {
            Flush();
            room = _outgoing.Reserve(bytes);
        }

        return room;
    }

    /// <summary>Completes what <see cref="ReserveOutgoing"/> began: the first <paramref name="length"/> bytes go from <paramref name="local"/> to <paramref name="remote"/>.</summary>
    public bool CommitOutgoing(ReadOnlySpan<byte> room, int length, in TransportAddress local, in TransportAddress remote)
    {
        if (remote.Protocol == TransportProtocol.Udp)
        {
            _outgoing.Commit(length, remote, local);
            return true;
        }

        if (_tcp.TryGetValue(remote, out TcpFramedConnection? connection) && connection.TrySend(room[..length]))
        {
            return true;
        }

        _counters.Drops.Add(WorkerDropReason.TcpBacklogFull);
        return false;
    }

    /// <summary>Opens a transport for a router.</summary>
    public WebRtcTransport OpenTransport(HostedRouter router, string id)
    {
        if (_transports.Count >= _options.MaxTransportsPerWorker)
        {
            throw new RouterException(RouterError.LimitReached, "The worker holds as many transports as it may.");
        }

        IceCredentials credentials = IceCredentials.Create(SystemRandomSource.Instance);
        PeerSession session = new(PeerSessionOptions.Server, Identity, credentials, SystemRandomSource.Instance);
        _reachability.AddCandidatesTo(session.Ice);
        WebRtcTransport transport = new(this, router, id, session);
        _transports.Add(transport);
        AddFragment(transport, credentials.UsernameFragment);
        Mark(transport);
        return transport;
    }

    /// <summary>New credentials; the old ones go on being answered until the next restart, because media still uses their path.</summary>
    public void RestartIce(WebRtcTransport transport)
    {
        IceCredentials credentials = IceCredentials.Create(SystemRandomSource.Instance);
        transport.Session.RestartIce(Now, credentials);
        if (transport.Fragments.Count > 1)
        {
            RemoveFragment(transport.Fragments[0]);
            transport.Fragments.RemoveAt(0);
        }

        AddFragment(transport, credentials.UsernameFragment);
        Mark(transport);
    }

    /// <summary>Says goodbye on a transport and forgets it.</summary>
    public void CloseTransport(WebRtcTransport transport)
    {
        if (transport.IsClosed)
        {
            return;
        }

        transport.Session.Close(Now);
        SendProtocolDatagrams(transport);
        _closedPeerDrops.AddAll(transport.Session.Statistics.Drops);
        _transportDeadlines.Remove(transport);
        _demultiplexer.UnbindAll(transport);
        foreach (string fragment in transport.Fragments)
        {
            RemoveFragment(fragment);
        }

        _transports.Remove(transport);
        transport.Dispose();
    }

    /// <summary>Makes a router; all routers of a worker keep packets for retransmission in one pool.</summary>
    public HostedRouter OpenRouter(RtpNegotiator negotiator, ChannelWriter<RouterNotification> notifications)
    {
        Router engine = new(_options.Routers, SystemRandomSource.Instance, _packets);
        HostedRouter router = new(this, engine, negotiator, notifications);
        _routers.Add(router);
        return router;
    }

    /// <summary>Closes a router with all that is in it.</summary>
    public bool CloseRouter(HostedRouter router)
    {
        router.CloseAll();
        _routerDeadlines.Remove(router);
        return _routers.Remove(router);
    }

    /// <summary>Our candidates as a client reads them.</summary>
    public IReadOnlyList<Contracts.Rtp.IceCandidate> Candidates => _reachability.Described;

    /// <summary>What this worker last said of itself; not alive when its thread ended or has said nothing for too long. Any thread.</summary>
    public WorkerSnapshot LastSnapshot
    {
        get
        {
            WorkerSnapshot last = Volatile.Read(ref _snapshot);
            return last with
            {
                IsAlive = _thread.IsAlive && _clock.Now - new Instant(Volatile.Read(ref _snapshotAt)) < HangAfter,
                MailboxDepth = _mailbox.Depth,
                TcpOverflows = Interlocked.Read(ref _tcpOverflows),
            };
        }
    }

    // Once a second: one small object for readers on other threads, so that they never wait for the worker nor it for them.
    private void PublishSnapshot()
    {
        if (Now.Ticks - _snapshotAt < TimeSpan.TicksPerSecond)
        {
            return;
        }

        Volatile.Write(ref _snapshot, TakeSnapshot());
        Volatile.Write(ref _snapshotAt, Now.Ticks);
        _busy = TimeSpan.Zero;
        _longestTurn = TimeSpan.Zero;
    }

    private WorkerSnapshot TakeSnapshot()
    {
        PeerDropCounters drops = _closedPeerDrops;
        int[] states = new int[(int)PeerState.Closed + 1];
        foreach (WebRtcTransport transport in _transports)
        {
            drops.AddAll(transport.Session.Statistics.Drops);
            states[(int)transport.Session.State]++;
        }

        MediaTotals media = _closedMedia;
        foreach (HostedRouter router in _routers)
        {
            router.AddTo(ref media);
        }

        media.KeepLossFrom(_snapshot is null ? default : _snapshot.Media);
        long elapsed = Now.Ticks - _snapshotAt;

        return new WorkerSnapshot
        {
            Index = Index,
            IsAlive = true,
            UdpPort = UdpPort,
            Routers = _routers.Count,
            Transports = _transports.Count,
            Producers = _routers.Sum(router => router.ProducerCount),
            Consumers = _routers.Sum(router => router.ConsumerCount),
            AudioConsumers = _routers.Sum(router => router.AudioConsumerCount),
            TransportsByState = states,
            BusyRatio = elapsed <= 0 ? 0 : Math.Clamp(_busy.Ticks / (double)elapsed, 0, 1),
            LongestTurn = _longestTurn,
            Media = media,
            Counters = _counters,
            Socket = _socket.Statistics,
            PeerDrops = drops,
        };
    }

    /// <summary>From now on the transport is drained at the end of this turn.</summary>
    public void Mark(WebRtcTransport transport)
    {
        if (!transport.IsMarked)
        {
            transport.IsMarked = true;
            _marked.Add(transport);
        }
    }

    /// <summary>Looks again when the router wants to be woken, and passes on what it has to say.</summary>
    public void Schedule(HostedRouter router)
    {
        router.DrainEvents();
        _routerDeadlines.Set(router, router.Router.NextTimeout);
    }

    /// <summary>Stops the thread, closes everything it owns and waits for it. Any thread but the worker's own.</summary>
    public void Dispose()
    {
        _stopping = true;
        _socket.Wake();
        if (_thread.ThreadState != ThreadState.Unstarted)
        {
            _thread.Join();
        }

        _mailbox.Close();
        Identity.Dispose();
        _socket.Dispose();
    }

    private void Run()
    {
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
                _counters.TurnFaults++;
                _report(new WorkerIncident(Index, "A turn failed.", exception));
            }
        }

        CloseEverything();
    }

    private void WaitForWork()
    {
        Instant now = _clock.Now;
        CountBusy(now - Now);
        Instant next = Instant.Min(_transportDeadlines.Next, _routerDeadlines.Next);
        TimeSpan wait = _mailbox.HasWork || next <= now ? TimeSpan.Zero : next.IsNever || next - now > LongestWait ? LongestWait : next - now;
        _socket.Wait(wait);
        Now = _clock.Now;
    }

    // The turn that just ended: everything since the last wait.
    private void CountBusy(TimeSpan turn)
    {
        _busy += turn;
        _longestTurn = turn > _longestTurn ? turn : _longestTurn;
    }

    private void Turn()
    {
        _counters.Turns++;
        PublishSnapshot();
        ReceiveDatagrams();
        TakeCommands();
        WakeWhatIsDue();
        DrainMarked();
        Flush();
    }

    private void ReceiveDatagrams()
    {
        int count = _socket.Receive(_incoming);
        for (int i = 0; i < count; i++)
        {
            TransportAddress source = _incoming.Source(i);
            Receive(_incoming.Local(i), source, _incoming.Datagram(i));
        }
    }

    /// <summary>One frame of a TCP connection whose first frame named one of our transports.</summary>
    public void ReceiveTcp(TcpFramedConnection connection, Span<byte> frame)
    {
        _tcp[connection.RemoteAddress] = connection;
        Receive(_tcpLocal, connection.RemoteAddress, frame);
    }

    /// <summary>The connection is gone; so is its address.</summary>
    public void ForgetTcp(TcpFramedConnection connection)
    {
        if (!_tcp.TryGetValue(connection.RemoteAddress, out TcpFramedConnection? known) || !ReferenceEquals(known, connection))
        {
            return;
        }

        _tcp.Remove(connection.RemoteAddress);
        _demultiplexer.Unbind(connection.RemoteAddress);
    }

    /// <summary>A TCP peer sent faster than the worker reads. Any thread.</summary>
    public void CountTcpOverflow() => Interlocked.Increment(ref _tcpOverflows);

    private void Receive(in TransportAddress local, in TransportAddress source, Span<byte> datagram)
    {
        _counters.DatagramsReceived++;
        WebRtcTransport? transport = _demultiplexer.Find(source) ?? MeetStranger(source, datagram);
        if (transport is null)
        {
            return;
        }

        try
        {
            Deliver(transport, local, source, datagram);
        }
        catch (Exception exception)
        {
            Fault(transport, exception);
        }
    }

    private void Deliver(WebRtcTransport transport, in TransportAddress local, in TransportAddress source, Span<byte> datagram)
    {
        switch (transport.Session.Handle(Now, local, source, datagram, out int length))
        {
            case PeerInput.Rtp:
                _counters.RtpReceived++;
                transport.Router.Router.HandleRtp(Now, transport.Port, datagram[..length]);
                MarkRouter(transport.Router);
                break;
            case PeerInput.Rtcp:
                _counters.RtcpReceived++;
                transport.Router.Router.HandleRtcp(Now, transport.Port, datagram[..length]);
                MarkRouter(transport.Router);
                break;
            case PeerInput.Consumed:
                if (transport.Session.IsValidated(local, source))
                {
                    _demultiplexer.Bind(source, transport);
                }

                Mark(transport);
                break;
            default:
                break;
        }
    }

    // RFC 8445 §7.3: before ICE has validated an address, only a check that names one of our transports is looked at.
    private WebRtcTransport? MeetStranger(in TransportAddress source, ReadOnlySpan<byte> datagram)
    {
        if (PacketClassifier.Classify(datagram) != PacketClass.Stun)
        {
            _counters.Drops.Add(WorkerDropReason.UnknownSource);
            return null;
        }

        if (!_gate.TryEnter(Now, source))
        {
            _counters.Drops.Add(WorkerDropReason.Flood);
            return null;
        }

        WebRtcTransport? transport = _demultiplexer.FindByUsername(datagram);
        if (transport is null)
        {
            _counters.Drops.Add(WorkerDropReason.UnknownUsernameFragment);
        }

        return transport;
    }

    private void TakeCommands()
    {
        _mailbox.BeginDrain();
        for (int i = 0; i < CommandsPerTurn && _mailbox.TryTake(out WorkerCommand command); i++)
        {
            _counters.Commands++;
            command.Execute(this);
        }
    }

    private void WakeWhatIsDue()
    {
        while (_transportDeadlines.TryPop(Now, out WebRtcTransport transport))
        {
            try
            {
                transport.Session.HandleTimeout(Now);
                Mark(transport);
            }
            catch (Exception exception)
            {
                Fault(transport, exception);
            }
        }

        while (_routerDeadlines.TryPop(Now, out HostedRouter router))
        {
            router.Router.HandleTimeout(Now);
            MarkRouter(router);
        }
    }

    private void MarkRouter(HostedRouter router)
    {
        if (!router.IsMarked)
        {
            router.IsMarked = true;
            _markedRouters.Add(router);
        }
    }

    private void DrainMarked()
    {
        foreach (WebRtcTransport transport in _marked)
        {
            transport.IsMarked = false;
            if (!transport.IsClosed)
            {
                Drain(transport);
            }
        }

        _marked.Clear();
        foreach (HostedRouter router in _markedRouters)
        {
            router.IsMarked = false;
            if (_routers.Contains(router))
            {
                Schedule(router);
            }
        }

        _markedRouters.Clear();
    }

    private void Drain(WebRtcTransport transport)
    {
        try
        {
            SendProtocolDatagrams(transport);
            while (transport.Session.TryDequeue(out PeerEvent peerEvent))
            {
                Pass(transport, peerEvent);
            }

            _transportDeadlines.Set(transport, transport.Session.NextTimeout);
        }
        catch (Exception exception)
        {
            Fault(transport, exception);
        }
    }

    private void SendProtocolDatagrams(WebRtcTransport transport)
    {
        while (transport.Session.TryTransmit(Now, _scratch, out Transmit transmit))
        {
            Span<byte> room = ReserveOutgoing(transmit.Length);
            _scratch.AsSpan(0, transmit.Length).CopyTo(room);
            CommitOutgoing(room, transmit.Length, transmit.Local, transmit.Remote);
        }
    }

    private void Flush()
    {
        if (!_outgoing.IsEmpty)
        {
            _counters.DatagramsSent += _socket.Send(_outgoing);
        }
    }

    private void AddFragment(WebRtcTransport transport, string fragment)
    {
        transport.Fragments.Add(fragment);
        _demultiplexer.AddFragment(fragment, transport);
        _directory.Add(fragment, this);
    }

    private void RemoveFragment(string fragment)
    {
        _demultiplexer.RemoveFragment(fragment);
        _directory.Remove(fragment);
    }

    private void Pass(WebRtcTransport transport, PeerEvent peerEvent)
    {
        if (peerEvent.Kind == PeerEventKind.StateChanged)
        {
            if (peerEvent.State == PeerState.Connected)
            {
                transport.Router.BeginMedia(transport);
                MarkRouter(transport.Router);
            }

            transport.Router.Notify(new RouterNotification.TransportChanged(transport.Id, peerEvent.State, peerEvent.Reason, transport.TakeHandshakeTime()));
        }
    }

    // A broken invariant costs one transport, never the worker.
    private void Fault(WebRtcTransport transport, Exception exception)
    {
        _counters.TransportFaults++;
        _report(new WorkerIncident(Index, $"Transport {transport.Id} failed and was closed.", exception));
        transport.Router.Notify(new RouterNotification.TransportChanged(transport.Id, PeerState.Failed, PeerReason.InternalError));
        transport.Router.CloseTransport(transport.Id);
    }

    private void CloseEverything()
    {
        foreach (HostedRouter router in _routers.ToArray())
        {
            CloseRouter(router);
        }

        Flush();
    }
}
