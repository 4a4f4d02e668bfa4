using System.Buffers.Binary;
using Crosspoint.Media.Allocation;
using Crosspoint.Media.Encryption;
using Crosspoint.Media.Forwarding;
using Crosspoint.Media.Layers;
using Crosspoint.Media.Negotiation;
using Crosspoint.Media.Plans;
using Crosspoint.Media.Repair;
using Crosspoint.Media.Speakers;
using Crosspoint.Media.Statistics;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp.Extensions;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Media;

/// <summary>
/// One room's media: takes packets from the transports of its peers and hands them, rewritten, to the sinks of those who consume them.
/// Sans-IO: packets, time and randomness are arguments.
/// </summary>
/// <remarks>
/// One owner thread, that of its worker, for the router and all it hands out. Per packet nothing is allocated or locked.
/// After any call, drain <see cref="TryDequeue"/> and heed <see cref="NextTimeout"/>.
/// </remarks>
public sealed class Router : IDisposable
{
    /// <summary>The soonest that what is due again at once is woken again.</summary>
    internal static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    // Any wallclock does: only the router itself reads it back, from reports that quote it.
    private static readonly NtpClock ReportClock = new(Instant.Zero, new NtpTimestamp(0xE000_0000_0000_0000));

    private readonly List<RouterTransport> _transports = [];
    private readonly DeadlineHeap<RouterTransport> _deadlines = new(8);
    private readonly Queue<RouterEvent> _events = new();

    private FrameFacts _frame;
    private FrameFacts _storedFrame;
    private readonly Queue<Consumer> _layersChanged = new();
    private readonly RoomWishes _wishes;
    private readonly RoomGuard _guard;
    private DominantSpeaker _dominant;

    /// <summary>An empty room.</summary>
    /// <param name="options">Behaviour and limits.</param>
    /// <param name="random">For SSRCs, first sequence numbers and timestamps, and report intervals.</param>
    /// <param name="pool">The worker's pool for stored packets; one of its own when null.</param>
    public Router(RouterOptions options, IRandomSource random, PacketBlockPool? pool = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        Options = options;
        Random = random;
        Pool = pool ?? new PacketBlockPool();
        Speakers = new ActiveSpeakerDetector(options.Speakers);
        Watched = new WatchLedger(_events);
        _wishes = new RoomWishes(Watched);
        Loudest = new LoudestAudio(options.LoudestAudio, options.LoudestAudioHold, options.Speakers);
        Scratch = new AllocationScratch(options.Allocation);
        _guard = new RoomGuard(this);
    }

    /// <summary>The epochs whose frames pass; null while frames are not encrypted.</summary>
    public FrameEpochs? FrameEpochs => _guard.Epochs;

    /// <summary>When <see cref="HandleTimeout"/> has something to do.</summary>
    public Instant NextTimeout => Instant.Min(_deadlines.Next, Instant.Min(Speakers.NextTimeout, Watched.NextTimeout));

    /// <summary>How it behaves and how much it may hold.</summary>
    public RouterOptions Options { get; }

    internal IRandomSource Random { get; }

    internal PacketBlockPool Pool { get; }

    internal ActiveSpeakerDetector Speakers { get; }

    internal WatchLedger Watched { get; }

    internal LoudestAudio Loudest { get; }

    /// <summary>What is known of the packet in hand.</summary>
    internal ref FrameFacts Frame => ref _frame;

    /// <summary>What is known of a stored packet that is sent for the first time.</summary>
    internal ref FrameFacts StoredFrame => ref _storedFrame;

    /// <summary>Where what a network carries is shared out.</summary>
    internal AllocationScratch Scratch { get; }

    /// <summary>Where feedback of receivers is laid out.</summary>
    internal FeedbackScratch FeedbackScratch { get; } = new();

    /// <summary>The header of the outgoing packet in hand.</summary>
    internal ForwardHeader Header { get; } = new();

    /// <summary>The outgoing audio packet in hand, with and without redundancy.</summary>
    internal RedForm Red { get; } = new();

    /// <summary>Where the payload of repair packets is built.</summary>
    internal byte[] FecScratch { get; } = new byte[2048];

    /// <summary>Where RTCP is built; apart from packets, since a packet in hand may cause feedback.</summary>
    internal byte[] ReportScratch { get; } = new byte[1200];

    /// <summary>Where stored packets are put together that are sent for the first time; apart from the packet in hand.</summary>
    internal byte[] StoredScratch { get; } = new byte[2048];

    /// <summary>For the structure in a packet that is sent again; what it remembers from one to the next is of no use.</summary>
    internal DependencyDescriptorReader DescriptorScratch { get; } = new();

    /// <summary>Where packets are unwrapped from RTX.</summary>
    internal byte[] PacketScratch { get; } = new byte[2048];

    /// <summary>A peer's transport joins.</summary>
    /// <param name="sink">Where its packets go.</param>
    public RouterTransport AddTransport(IPacketSink sink) => Add(sink, Options.MaxProducersPerTransport, Options.MaxConsumersPerTransport, isRelay: false);

    /// <summary>The way to another router of the same room joins: the limits of one peer are not its.</summary>
    /// <param name="sink">Where its packets go.</param>
    public RouterTransport AddRelay(IPacketSink sink) => Add(sink, Options.MaxTracksPerRelay, Options.MaxTracksPerRelay, isRelay: true);

    /// <summary>A transport leaves; its producers and consumers close, and so do the consumers of its producers elsewhere.</summary>
    public void RemoveTransport(Instant now, RouterTransport transport)
    {
        Require(transport);
        while (transport.ProducerList.Count > 0)
        {
            Close(now, transport.ProducerList[^1], CloseReason.TransportClosed);
        }

        while (transport.ConsumerList.Count > 0)
        {
            Close(now, transport.ConsumerList[^1], CloseReason.TransportClosed);
        }

        transport.IsRemoved = true;
        transport.Downlink?.Close();
        _deadlines.Remove(transport);
        _transports.Remove(transport);
    }

    /// <summary>A peer begins to send a track.</summary>
    /// <exception cref="NegotiationException">An SSRC is taken on this transport, or the limit of producers is reached.</exception>
    public Producer Produce(Instant now, RouterTransport transport, ProducerPlan plan, bool paused)
    {
        Require(transport);
        ArgumentNullException.ThrowIfNull(plan);
        if (transport.ProducerList.Count >= transport.MaxProducers)
        {
            throw new NegotiationException(NegotiationError.TooLarge, "", $"at most {transport.MaxProducers} producers on a transport");
        }

        Producer producer = new(transport, plan, paused);
        transport.Register(producer);
        producer.SetStopped(!transport.MaySend);
        _guard.Watch(producer);
        if (plan.Kind == Contracts.Rtp.MediaKind.Audio && !plan.IsRelayed)
        {
            Speakers.Add(producer);
        }

        if (!producer.IsVideo)
        {
            Loudest.Add(producer);
        }

        Watched.Refresh(now, producer);
        LastSpoken.TakeOver(_transports, producer);
        return producer;
    }

    /// <summary>A peer begins to receive a track.</summary>
    /// <exception cref="NegotiationException">An SSRC is taken on this transport (draw new ones), or the limit of consumers is reached.</exception>
    public Consumer Consume(Instant now, RouterTransport transport, Producer producer, ConsumerPlan plan, bool paused)
    {
        Require(transport);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(producer);
        if (producer.IsClosed || producer.Transport.Router != this)
        {
            throw new InvalidOperationException("The producer is closed or belongs to another router.");
        }

        if (transport.ConsumerList.Count >= transport.MaxConsumers)
        {
            throw new NegotiationException(NegotiationError.TooLarge, "", $"at most {transport.MaxConsumers} consumers on a transport");
        }

        Consumer consumer = new(transport, producer, plan, paused);
        transport.Register(now, consumer);
        producer.Attach(consumer);
        _wishes.Note(now, consumer);
        return consumer;
    }

    /// <summary>Takes one decrypted RTP packet.</summary>
    /// <param name="now">The present.</param>
    /// <param name="from">The transport it came over.</param>
    /// <param name="packet">The whole packet.</param>
    /// <param name="traits">What the sinks may do with its payload.</param>
    public void HandleRtp(Instant now, RouterTransport from, ReadOnlySpan<byte> packet, PayloadTraits traits = PayloadTraits.None)
    {
        Require(from);
        IncomingRtp.Handle(now, from, packet, traits);
    }

    /// <summary>Takes one decrypted RTCP datagram.</summary>
    public void HandleRtcp(Instant now, RouterTransport from, ReadOnlySpan<byte> packet)
    {
        Require(from);
        IncomingRtcp.Handle(now, from, packet);
    }

    /// <summary>Does what is due: NACKs, reports, repeated keyframe requests, speakers.</summary>
    public void HandleTimeout(Instant now)
    {
        while (_deadlines.TryPop(now, out RouterTransport transport))
        {
            Instant next = transport.HandleTimeout(now);

            // Set, not advanced: what was armed on the way is in the answer. What says again that it is due has been asked once; it must not hold the worker.
            _deadlines.Set(transport, next > now ? next : now + ShortestWait);
        }

        Watched.HandleTimeout(now);
        if (Speakers.HandleTimeout(now))
        {
            _events.Enqueue(new RouterEvent { Kind = RouterEventKind.ActiveSpeakersChanged, Speakers = Speakers.Snapshot() });
        }

        if (Speakers.JudgedAt == now && _dominant.Update(now, Speakers.Loudest, Options.Speakers.DominantAfter))
        {
            NoteDominant(now, _dominant.Current!.Plan.CanonicalName.Span);
            _events.Enqueue(new RouterEvent { Kind = RouterEventKind.DominantSpeakerChanged, Producer = _dominant.Current });
        }
    }

    /// <summary>The next event; false when there is none.</summary>
    public bool TryDequeue(out RouterEvent routerEvent)
    {
        while (_layersChanged.TryDequeue(out Consumer? consumer))
        {
            consumer.Wish.IsTelling = false;
            _events.Enqueue(new RouterEvent { Kind = RouterEventKind.LayersChanged, Consumer = consumer, CurrentLayer = consumer.Current, TargetLayer = consumer.Target });
        }

        return _events.TryDequeue(out routerEvent);
    }

    /// <summary>Packets of the producer are no longer forwarded.</summary>
    public void Pause(Instant now, Producer producer)
    {
        ArgumentNullException.ThrowIfNull(producer);
        if (producer.SetPaused(true))
        {
            Speakers.Silence(now, producer);
        }
    }

    /// <summary>Packets of the producer are forwarded again, video from the next keyframe on, which is asked for.</summary>
    public void Resume(Instant now, Producer producer)
    {
        ArgumentNullException.ThrowIfNull(producer);
        if (producer.SetPaused(false))
        {
            producer.WantKeyFrame(now);
        }
    }

    /// <summary>Nothing more is sent to the consumer until it is resumed.</summary>
    public void Pause(Instant now, Consumer consumer)
    {
        Require(consumer);
        consumer.Pause();
        _wishes.Note(now, consumer);
    }

    /// <summary>The consumer is sent packets again, video from the next keyframe on, which is asked for.</summary>
    public void Resume(Instant now, Consumer consumer)
    {
        Require(consumer);
        consumer.Resume(now);
        _wishes.Note(now, consumer);
    }

    /// <summary>The highest layer the consumer wants; null for all there are. It gets no more than that, and less when its network carries less.</summary>
    public void SetPreferredLayers(Instant now, Consumer consumer, LayerId? preferred)
    {
        Require(consumer);
        _wishes.SetPreferredLayers(now, consumer, preferred);
    }

    /// <summary>
    /// Frames are encrypted, and these are the epochs that pass: from now on no frame is forwarded that does not say so (docs/protocol/e2ee.md).
    /// Order it before clients are told to send under a new epoch, and again without older ones when the overlap is over.
    /// </summary>
    public void SetFrameEpochs(FrameEpochs epochs) => _guard.SetEpochs(_transports, epochs);

    /// <summary>
    /// Forwards what a peer sends and what it is sent, or nothing of it, from now on: no packet that waits, is stored or comes goes that way. The transport
    /// stays, with its tracks; when it is forwarded again, video begins with a keyframe, which is asked for.
    /// </summary>
    public void SetForwarding(Instant now, RouterTransport transport, bool sends, bool receives)
    {
        Require(transport);
        _guard.SetForwarding(now, transport, sends, receives);
    }

    /// <summary>The same for one track that comes from another router of the room, whose member is held back there.</summary>
    public void SetForwarding(Instant now, Producer producer, bool isForwarded)
    {
        ArgumentNullException.ThrowIfNull(producer);
        _guard.SetForwarding(now, producer, isForwarded);
    }

    /// <summary>Asks every video for a keyframe: members have come who can read nothing from before.</summary>
    public void RequestKeyFrames(Instant now)
    {
        foreach (RouterTransport transport in _transports)
        {
            foreach (Producer producer in transport.ProducerList)
            {
                producer.WantKeyFrame(now);
            }
        }
    }

    /// <summary>Who goes first on its transport when there is not enough for all, and how much more it gets: 0 to 255, 1 unless said otherwise.</summary>
    public void SetPriority(Instant now, Consumer consumer, byte priority)
    {
        Require(consumer);
        _wishes.SetPriority(now, consumer, priority);
    }

    /// <summary>How many videos a subscriber gets at most.</summary>
    public void SetLimits(Instant now, RouterTransport transport, SubscriberLimits limits)
    {
        Require(transport);
        _wishes.SetLimits(now, transport, limits);
    }

    /// <summary>
    /// Somebody speaks whom the room is to look at; also called for those who speak on another worker. His videos are the first of the last N
    /// from now on.
    /// </summary>
    /// <param name="now">The present.</param>
    /// <param name="canonicalName">Of his tracks.</param>
    public void NoteDominant(Instant now, ReadOnlySpan<byte> canonicalName)
    {
        LastSpoken.Note(now, _transports, canonicalName);
        _wishes.LimitAnew(now, _transports);
    }

    /// <summary>Asks the producer for a keyframe on behalf of a consumer, merged with the wishes of others.</summary>
    public void RequestKeyFrame(Instant now, Consumer consumer)
    {
        Require(consumer);
        if (consumer.State is not ConsumerState.Closed)
        {
            consumer.WantKeyFrame(now);
        }
    }

    /// <summary>The track is no more; its consumers close with it. Closing twice does nothing.</summary>
    public void Close(Instant now, Producer producer)
    {
        ArgumentNullException.ThrowIfNull(producer);
        Close(now, producer, CloseReason.Requested);
    }

    /// <summary>The consumer is no more. Closing twice does nothing.</summary>
    public void Close(Instant now, Consumer consumer)
    {
        ArgumentNullException.ThrowIfNull(consumer);
        Close(now, consumer, CloseReason.Requested);
    }

    /// <summary>What the router holds.</summary>
    public RouterStatistics GetStatistics() => RouterStatistics.Of(_transports);

    /// <summary>Gives stored packets back to the pool. No events follow.</summary>
    public void Dispose()
    {
        foreach (RouterTransport transport in _transports)
        {
            transport.Downlink?.Close();
            foreach (Producer producer in transport.ProducerList)
            {
                producer.Release();
            }

            foreach (Consumer consumer in transport.ConsumerList)
            {
                consumer.Release();
            }
        }

        _transports.Clear();
    }

    internal static NtpTimestamp ToNtp(Instant now) => ReportClock.ToNtp(now);

    internal void Arm(RouterTransport transport, Instant timeout) => _deadlines.Advance(transport, timeout);

    internal void Raise(in RouterEvent routerEvent) => _events.Enqueue(routerEvent);

    /// <summary>A consumer's current or target layer is another: told once, whatever follows until the shell asks.</summary>
    internal void NoteLayers(Consumer consumer)
    {
        if (!consumer.Wish.IsTelling)
        {
            consumer.Wish.IsTelling = true;
            _layersChanged.Enqueue(consumer);
        }
    }

    internal uint NextRandom()
    {
        Span<byte> bytes = stackalloc byte[4];
        Random.Fill(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    private RouterTransport Add(IPacketSink sink, int maxProducers, int maxConsumers, bool isRelay)
    {
        ArgumentNullException.ThrowIfNull(sink);
        RouterTransport transport = new(this, sink, maxProducers, maxConsumers, isRelay);
        _transports.Add(transport);
        return transport;
    }

    private void Close(Instant now, Producer producer, CloseReason reason)
    {
        if (producer.IsClosed)
        {
            return;
        }

        while (producer.ConsumerCount > 0)
        {
            Close(now, producer.LastConsumer, CloseReason.ProducerClosed);
        }

        producer.Transport.Unregister(producer);
        producer.Release();
        Speakers.Remove(now, producer);
        Watched.Forget(producer);
        Loudest.Remove(producer);
        _dominant.Forget(producer);
        _events.Enqueue(new RouterEvent { Kind = RouterEventKind.ProducerClosed, Producer = producer, Reason = reason });
    }

    private void Close(Instant now, Consumer consumer, CloseReason reason)
    {
        if (!consumer.TryClose())
        {
            return;
        }

        OutgoingReports.SendBye(now, consumer);
        consumer.Producer.Detach(consumer);
        consumer.Transport.Unregister(consumer);
        _wishes.Note(now, consumer);
        _events.Enqueue(new RouterEvent { Kind = RouterEventKind.ConsumerClosed, Consumer = consumer, Reason = reason });
    }

    private void Require(Consumer consumer)
    {
        ArgumentNullException.ThrowIfNull(consumer);
        if (consumer.Transport.Router != this)
        {
            throw new InvalidOperationException("The consumer belongs to another router.");
        }
    }

    private void Require(RouterTransport transport)
    {
        ArgumentNullException.ThrowIfNull(transport);
        if (transport.Router != this || transport.IsRemoved)
        {
            throw new InvalidOperationException("The transport was removed or belongs to another router.");
        }
    }
}
