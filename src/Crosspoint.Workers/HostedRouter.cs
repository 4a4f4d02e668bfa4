using Crosspoint.Contracts.Rtp;
using Crosspoint.Media;
using Crosspoint.Media.Allocation;
using Crosspoint.Media.Encryption;
using Crosspoint.Media.Layers;
using Crosspoint.Media.Negotiation;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Peer;
using Crosspoint.Rtc.SFrame;
using Crosspoint.Workers.Fairness;
using Crosspoint.Workers.Pipes;
using DtlsRole = Crosspoint.Contracts.Rtp.DtlsRole;

namespace Crosspoint.Workers;

/// <summary>A router on its worker, with the ids the control plane uses for what is in it.</summary>
/// <remarks>Owned by one worker thread; <see cref="RouterHandle"/> is the way in from other threads.</remarks>
internal sealed class HostedRouter : IDeadline
{
    // Given to me.
    private readonly Worker _worker;
    private readonly RtpNegotiator _negotiator;
    private readonly RoomNotifications _notifications;

    // Made by me.
    private readonly Dictionary<string, WebRtcTransport> _transports = new(StringComparer.Ordinal);
    private readonly TrackTable _tracks;

    // State.
    private volatile bool _isClosed;
    private int _transportCount;

    public HostedRouter(Worker worker, Router router, RouterPlan plan, bool isBranch)
    {
        _worker = worker;
        Router = router;
        _negotiator = plan.Negotiator;
        _notifications = plan.Notifications;
        _tracks = new TrackTable(worker.Meters);
        IsBranch = isBranch;
        Pipes = new HostedPipes(this, _tracks, plan.PipeBytes);
    }

    /// <summary>The worker it lives on.</summary>
    public Worker Worker => _worker;

    /// <summary>True when the room began on another worker and got too large for it.</summary>
    public bool IsBranch { get; }

    /// <summary>Its pipes to the other workers of the room.</summary>
    public HostedPipes Pipes { get; }

    /// <summary>What it uses of the worker's turns.</summary>
    public RouterShare Share { get; } = new();

    /// <summary>The routing engine.</summary>
    public Router Router { get; }

    /// <inheritdoc/>
    public int HeapIndex { get; set; } = -1;

    /// <summary>True while it is in the worker's list of routers to drain this turn.</summary>
    public bool IsMarked { get; set; }

    /// <summary>True when it is closed and forgotten. Any thread.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Transports of peers. Any thread.</summary>
    public int TransportCount => Volatile.Read(ref _transportCount);

    /// <summary>Tracks that peers send here.</summary>
    public int ProducerCount => _tracks.OwnProducerCount;

    public int ConsumerCount => _tracks.Consumers.Count;

    public int AudioConsumerCount => _tracks.AudioConsumerCount;

    public TransportOffer CreateTransport()
    {
        if (IsClosed)
        {
            throw new RouterException(RouterError.WrongState, "The room is closed on this worker.");
        }

        string id = NewId();
        WebRtcTransport transport = _worker.OpenTransport(this, id);
        transport.Port = Router.AddTransport(transport);
        transport.Port.Tag = transport;
        _transports.Add(id, transport);
        Volatile.Write(ref _transportCount, _transports.Count);
        return new TransportOffer(id, TransportDescriptions.Ice(transport), _worker.Candidates, TransportDescriptions.Dtls(_worker.Identity));
    }

    public void ConnectTransport(string id, DtlsParameters remote)
    {
        WebRtcTransport transport = Transport(id);
        Rtc.Dtls.DtlsFingerprint[] fingerprints = TransportDescriptions.Fingerprints(remote);
        if (transport.IsConnectRequested)
        {
            throw new RouterException(RouterError.WrongState, "The transport was connected before.");
        }

        transport.ExpectPeer(_worker.Now);
        // Who says "server" waits for our ClientHello; "client" and "auto" send theirs (RFC 8842 §5.1: we answer passive).
        Rtc.Dtls.DtlsRole ours = remote.Role == DtlsRole.Server ? Rtc.Dtls.DtlsRole.Client : Rtc.Dtls.DtlsRole.Server;
        transport.Session.StartDtls(_worker.Now, ours, fingerprints);
        _worker.Mark(transport);
    }

    public IceParameters RestartIce(string id)
    {
        WebRtcTransport transport = Transport(id);
        _worker.RestartIce(transport);
        return TransportDescriptions.Ice(transport);
    }

    public void CloseTransport(string id)
    {
        if (!_transports.TryGetValue(id, out WebRtcTransport? transport))
        {
            return;
        }

        foreach (HostedProducer producer in _tracks.Producers.Where(producer => producer.Transport == transport).ToArray())
        {
            CloseProducer(producer.Id);
        }

        foreach (HostedConsumer consumer in _tracks.Consumers.Where(consumer => consumer.Transport == transport).ToArray())
        {
            CloseConsumer(consumer.Id);
        }

        _transports.Remove(id);
        Volatile.Write(ref _transportCount, _transports.Count);
        _worker.Meters.ClosedMedia.Add(transport.Port);
        Router.RemoveTransport(_worker.Now, transport.Port);
        _worker.CloseTransport(transport);
    }

    /// <summary>The worker closes a transport by itself: the owner is told of it and of everything that goes with it.</summary>
    public void Evict(WebRtcTransport transport, PeerState state, PeerReason reason)
    {
        foreach (HostedConsumer consumer in _tracks.Consumers.Where(consumer => consumer.Transport == transport))
        {
            Notify(new RouterNotification.ConsumerClosed(consumer.Id, Word(CloseReason.TransportClosed)));
        }

        foreach (HostedProducer producer in _tracks.Producers.Where(producer => producer.Transport == transport))
        {
            Notify(new RouterNotification.ProducerClosed(producer.Id, Word(CloseReason.TransportClosed)));
        }

        Notify(new RouterNotification.TransportChanged(transport.Id, state, reason));
        CloseTransport(transport.Id);
    }

    /// <summary>The transport's peer can receive now: what it consumes begins with a keyframe.</summary>
    public void BeginMedia(WebRtcTransport transport)
    {
        foreach (Consumer consumer in transport.Port.Consumers)
        {
            Router.RequestKeyFrame(_worker.Now, consumer);
        }
    }

    public string Produce(string transportId, MediaKind kind, RtpParameters parameters, bool paused)
    {
        WebRtcTransport transport = Transport(transportId);
        ProducerNegotiation negotiation = Negotiate(() => _negotiator.MapProducer(kind, parameters, transport.CanonicalName));
        string id = NewId();
        Producer producer = Negotiate(() => Router.Produce(_worker.Now, transport.Port, negotiation.Plan, paused));
        HostedProducer hosted = new(id, transport, producer, negotiation);
        producer.Tag = hosted;
        _tracks.Add(hosted);
        Reschedule();
        return id;
    }

    /// <summary>Begins to send a track to a transport; null when the track is not here yet and has to come through a pipe.</summary>
    public ConsumerOffer? TryConsume(string transportId, string producerId, RtpCapabilities capabilities, bool paused)
    {
        Transport(transportId);
        return _tracks.FindProducer(producerId) is not null ? Consume(transportId, producerId, capabilities, paused) : null;
    }

    public ConsumerOffer Consume(string transportId, string producerId, RtpCapabilities capabilities, bool paused)
    {
        WebRtcTransport transport = Transport(transportId);
        HostedProducer producer = FindProducer(producerId);
        try
        {
            return Consume(transport, producer, capabilities, paused);
        }
        catch
        {
            Pipes.ReturnIfUnused(producer);
            throw;
        }
    }

    private ConsumerOffer Consume(WebRtcTransport transport, HostedProducer producer, RtpCapabilities capabilities, bool paused)
    {
        string mid = transport.Port.NextMid();
        ConsumerNegotiation negotiation = Negotiate(() => RtpNegotiator.MapConsumer(producer.Negotiation, capabilities, mid, Rtc.SystemRandomSource.Instance, Router.Options.CongestionControl));
        string id = NewId();
        Consumer consumer = Negotiate(() => Router.Consume(_worker.Now, transport.Port, producer.Producer, negotiation.Plan, paused));
        HostedConsumer hosted = new(id, transport, producer, consumer);
        consumer.Tag = hosted;
        _tracks.Add(hosted);
        Reschedule();
        return new ConsumerOffer(id, producer.Id, negotiation.Plan.Kind, negotiation.Parameters, negotiation.Type, paused, producer.Producer.IsPaused);
    }

    public void SetProducerPaused(string id, bool paused)
    {
        SetPaused(FindProducer(id).Producer, paused);
        Pipes.NotePaused(id, paused);
        Reschedule();
    }

    /// <summary>Pauses or resumes one, wherever it comes from.</summary>
    public void SetPaused(Producer producer, bool paused)
    {
        if (paused)
        {
            Router.Pause(_worker.Now, producer);
        }
        else
        {
            Router.Resume(_worker.Now, producer);
        }
    }

    public void SetConsumerPaused(string id, bool paused)
    {
        Consumer consumer = FindConsumer(id).Consumer;
        if (paused)
        {
            Router.Pause(_worker.Now, consumer);
        }
        else
        {
            Router.Resume(_worker.Now, consumer);
        }

        Reschedule();
    }

    public void SetPreferredLayers(string consumerId, LayerId? preferred)
    {
        Router.SetPreferredLayers(_worker.Now, FindConsumer(consumerId).Consumer, preferred);
        Reschedule();
    }

    public void SetPriority(string consumerId, byte priority)
    {
        Router.SetPriority(_worker.Now, FindConsumer(consumerId).Consumer, priority);
        Reschedule();
    }

    public void SetLimits(string transportId, SubscriberLimits limits)
    {
        Router.SetLimits(_worker.Now, Transport(transportId).Port, limits);
        Reschedule();
    }

    public void SetFrameEpochs(FrameEpochs epochs)
    {
        Router.SetFrameEpochs(epochs);
        Reschedule();
    }

    public void SetFrameLeaf(string producerId, int leaf, SFrameKind kind) => FindProducer(producerId).Producer.SetFrameLeaf(leaf, kind);

    public void SetForwarding(string transportId, bool sends, bool receives)
    {
        WebRtcTransport transport = Transport(transportId);
        Router.SetForwarding(_worker.Now, transport.Port, sends, receives);
        foreach (HostedProducer producer in _tracks.Producers.Where(producer => producer.Transport == transport))
        {
            Pipes.NoteForwarding(producer.Id, sends);
        }

        Reschedule();
    }

    public void RequestKeyFrames()
    {
        Router.RequestKeyFrames(_worker.Now);
        Reschedule();
    }

    public void CloseProducer(string id)
    {
        if (_tracks.FindProducer(id) is { Pipe: null } producer && _tracks.Forget(producer))
        {
            Router.Close(_worker.Now, producer.Producer);
            Reschedule();
        }
    }

    public void CloseConsumer(string id)
    {
        if (_tracks.FindConsumer(id) is { } consumer && _tracks.Forget(consumer))
        {
            Router.Close(_worker.Now, consumer.Consumer);
            Reschedule();
        }
    }

    /// <summary>Closes everything. When the room began here it ends; when this is a branch, the room is told what it lost.</summary>
    public void CloseAll()
    {
        _isClosed = true;
        foreach (WebRtcTransport transport in _transports.Values.ToArray())
        {
            if (IsBranch)
            {
                Evict(transport, PeerState.Closed, PeerReason.InternalError);
            }
            else
            {
                CloseTransport(transport.Id);
            }
        }

        Pipes.CloseAll();
        DrainEvents();
        if (IsBranch)
        {
            _notifications.TellSpeakers(_worker.Index, []);
        }
        else
        {
            _notifications.Complete();
        }
    }

    // ---- tracks of other workers

    /// <summary>Has another worker's thread do something to this router, later and on its own thread. Any thread.</summary>
    public void Post(Action<HostedRouter> body, Action? orElse = null) => _worker.Post(new RouterCommand(this, body, orElse));

    /// <summary>Sends a track to another worker of the room.</summary>
    public void OpenPipe(string producerId, HostedRouter far)
    {
        Negotiate(() =>
        {
            Pipes.Open(FindProducer(producerId), far);
            return true;
        });
        Reschedule();
    }

    /// <summary>Turns what happened in the router into notifications. Called after each turn that touched it.</summary>
    public void DrainEvents()
    {
        while (Router.TryDequeue(out RouterEvent routerEvent))
        {
            if (Translate(routerEvent) is { } notification)
            {
                Notify(notification);
            }
        }
    }

    /// <summary>Adds what everything in it has counted so far.</summary>
    public void AddTo(ref MediaTotals totals)
    {
        _tracks.AddTo(ref totals);
        foreach (WebRtcTransport transport in _transports.Values)
        {
            totals.Add(transport.Port);
        }

        foreach (PipeEnd end in Pipes.Ends.Where(end => end.IsReady))
        {
            totals.Add(end.Port);
        }
    }

    /// <summary>Adds how its transports stand against their networks.</summary>
    public void AddTo(ref BandwidthTotals totals)
    {
        foreach (WebRtcTransport transport in _transports.Values)
        {
            totals.Add(transport.Port);
        }
    }

    /// <summary>One transport in figures.</summary>
    public TransportFigures Figures(string id)
    {
        WebRtcTransport transport = Transport(id);
        return TransportDescriptions.Figures(
            transport,
            [.. _tracks.Producers.Where(producer => producer.Transport == transport).Select(producer => producer.Producer.GetStatistics())],
            [.. _tracks.Consumers.Where(consumer => consumer.Transport == transport).Select(consumer => consumer.Consumer.GetStatistics())]);
    }

    private RouterNotification? Translate(in RouterEvent routerEvent)
    {
        switch (routerEvent.Kind)
        {
            case RouterEventKind.ConsumerClosed when routerEvent.Consumer is { Tag: OutgoingRelay relay }:
                HostedPipes.NoteClosed(relay);
                return null;
            case RouterEventKind.ConsumerClosed when routerEvent.Consumer is { Tag: HostedConsumer consumer }:
                Pipes.ReturnIfUnused(consumer.Producer);
                return _tracks.Forget(consumer) ? new RouterNotification.ConsumerClosed(consumer.Id, Word(routerEvent.Reason)) : null;
            case RouterEventKind.ProducerClosed when routerEvent.Producer is { Tag: HostedProducer producer }:
                return _tracks.Forget(producer) && producer.Pipe is null ? new RouterNotification.ProducerClosed(producer.Id, Word(routerEvent.Reason)) : null;
            case RouterEventKind.WatchedLayersChanged when routerEvent.Producer is { Tag: HostedProducer { Pipe: { } pipe } relayed }:
                pipe.TellWatched(relayed.Id, routerEvent.WatchedSpatial);
                return null;
            case RouterEventKind.DominantSpeakerChanged when routerEvent.Producer is { } dominant:
                Pipes.TellDominant(dominant.Plan.CanonicalName);
                if (dominant.Tag is HostedProducer speaker)
                {
                    _notifications.TellDominant(_worker.Index, speaker.Id);
                }

                return null;
            case RouterEventKind.ActiveSpeakersChanged:
                _notifications.TellSpeakers(
                    _worker.Index,
                    [.. routerEvent.Speakers!.Where(entry => entry.Producer.Tag is HostedProducer).Select(entry => new Speaker(((HostedProducer)entry.Producer.Tag!).Id, entry.LevelDbov))]);
                return null;
            default:
                return QualityNotifications.Of(routerEvent);
        }
    }

    private static string Word(CloseReason reason) => reason switch
    {
        CloseReason.ProducerClosed => "producer-closed",
        CloseReason.TransportClosed => "transport-closed",
        _ => "requested",
    };

    public void Notify(RouterNotification notification) => _notifications.Tell(notification);

    private void Reschedule() => _worker.Schedule(this);

    private string NewId() => HostedId.New(_worker.Index);

    private static T Negotiate<T>(Func<T> body)
    {
        try
        {
            return body();
        }
        catch (NegotiationException exception)
        {
            throw new RouterException(
                exception.Error == NegotiationError.CannotConsume ? RouterError.CannotConsume : RouterError.Invalid, exception.Message);
        }
    }

    private WebRtcTransport Transport(string id) =>
        _transports.GetValueOrDefault(id) ?? throw new RouterException(RouterError.TransportNotFound, "No such transport.");

    private HostedProducer FindProducer(string id) =>
        _tracks.FindProducer(id) ?? throw new RouterException(RouterError.ProducerNotFound, "No such producer.");

    private HostedConsumer FindConsumer(string id) =>
        _tracks.FindConsumer(id) ?? throw new RouterException(RouterError.ConsumerNotFound, "No such consumer.");
}
