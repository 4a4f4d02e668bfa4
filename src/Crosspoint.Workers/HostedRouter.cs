using System.Threading.Channels;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Media;
using Crosspoint.Media.Negotiation;
using Crosspoint.Media.Statistics;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Peer;
using DtlsRole = Crosspoint.Contracts.Rtp.DtlsRole;

namespace Crosspoint.Workers;

/// <summary>A router on its worker, with the ids the control plane uses for what is in it.</summary>
/// <remarks>Owned by one worker thread; <see cref="RouterHandle"/> is the way in from other threads.</remarks>
internal sealed class HostedRouter : IDeadline
{
    // Given to me.
    private readonly Worker _worker;
    private readonly RtpNegotiator _negotiator;
    private readonly ChannelWriter<RouterNotification> _notifications;

    // Made by me.
    private readonly Dictionary<string, WebRtcTransport> _transports = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HostedProducer> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HostedConsumer> _consumers = new(StringComparer.Ordinal);

    public HostedRouter(Worker worker, Router router, RtpNegotiator negotiator, ChannelWriter<RouterNotification> notifications)
    {
        _worker = worker;
        Router = router;
        _negotiator = negotiator;
        _notifications = notifications;
    }

    /// <summary>The routing engine.</summary>
    public Router Router { get; }

    /// <inheritdoc/>
    public int HeapIndex { get; set; } = -1;

    /// <summary>True while it is in the worker's list of routers to drain this turn.</summary>
    public bool IsMarked { get; set; }

    /// <summary>True when it is closed and forgotten.</summary>
    public bool IsClosed { get; private set; }

    public int TransportCount => _transports.Count;

    public int ProducerCount => _producers.Count;

    public int ConsumerCount => _consumers.Count;

    public int AudioConsumerCount { get; private set; }

    public TransportOffer CreateTransport()
    {
        string id = NewId();
        WebRtcTransport transport = _worker.OpenTransport(this, id);
        transport.Port = Router.AddTransport(transport);
        _transports.Add(id, transport);
        return new TransportOffer(id, DescribeIce(transport), _worker.Candidates, DescribeDtls());
    }

    public void ConnectTransport(string id, DtlsParameters remote)
    {
        WebRtcTransport transport = Transport(id);
        Rtc.Dtls.DtlsFingerprint[] fingerprints = [.. remote.Fingerprints.Select(ParseFingerprint)];
        if (fingerprints.Length == 0)
        {
            throw new RouterException(RouterError.Invalid, "dtlsParameters.fingerprints is empty.");
        }

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
        return DescribeIce(transport);
    }

    public void CloseTransport(string id)
    {
        if (!_transports.TryGetValue(id, out WebRtcTransport? transport))
        {
            return;
        }

        foreach (HostedProducer producer in _producers.Values.Where(producer => producer.Transport == transport).ToArray())
        {
            CloseProducer(producer.Id);
        }

        foreach (HostedConsumer consumer in _consumers.Values.Where(consumer => consumer.Transport == transport).ToArray())
        {
            CloseConsumer(consumer.Id);
        }

        _transports.Remove(id);
        _worker.Meters.ClosedMedia.Add(transport.Port.GetStatistics());
        Router.RemoveTransport(_worker.Now, transport.Port);
        _worker.CloseTransport(transport);
    }

    /// <summary>The worker closes a transport by itself: the owner is told of it and of everything that goes with it.</summary>
    public void Evict(WebRtcTransport transport, PeerState state, PeerReason reason)
    {
        foreach (HostedConsumer consumer in _consumers.Values.Where(consumer => consumer.Transport == transport))
        {
            Notify(new RouterNotification.ConsumerClosed(consumer.Id, Word(CloseReason.TransportClosed)));
        }

        foreach (HostedProducer producer in _producers.Values.Where(producer => producer.Transport == transport))
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
        Producer producer = Negotiate(() => Router.Produce(transport.Port, negotiation.Plan, paused));
        HostedProducer hosted = new(id, transport, producer, negotiation);
        producer.Tag = hosted;
        _producers.Add(id, hosted);
        Reschedule();
        return id;
    }

    public ConsumerOffer Consume(string transportId, string producerId, RtpCapabilities capabilities, bool paused)
    {
        WebRtcTransport transport = Transport(transportId);
        HostedProducer producer = FindProducer(producerId);
        string mid = transport.Port.NextMid();
        ConsumerNegotiation negotiation = Negotiate(() => RtpNegotiator.MapConsumer(producer.Negotiation, capabilities, mid, Rtc.SystemRandomSource.Instance));
        string id = NewId();
        Consumer consumer = Negotiate(() => Router.Consume(transport.Port, producer.Producer, negotiation.Plan, paused));
        HostedConsumer hosted = new(id, transport, producer, consumer);
        consumer.Tag = hosted;
        _consumers.Add(id, hosted);
        AudioConsumerCount += negotiation.Plan.Kind == MediaKind.Audio ? 1 : 0;
        Reschedule();
        return new ConsumerOffer(id, producerId, negotiation.Plan.Kind, negotiation.Parameters, negotiation.Type, paused, producer.Producer.IsPaused);
    }

    public void SetProducerPaused(string id, bool paused)
    {
        Producer producer = FindProducer(id).Producer;
        if (paused)
        {
            Router.Pause(_worker.Now, producer);
        }
        else
        {
            Router.Resume(_worker.Now, producer);
        }

        Reschedule();
    }

    public void SetConsumerPaused(string id, bool paused)
    {
        Consumer consumer = FindConsumer(id).Consumer;
        if (paused)
        {
            Router.Pause(consumer);
        }
        else
        {
            Router.Resume(_worker.Now, consumer);
        }

        Reschedule();
    }

    public void CloseProducer(string id)
    {
        if (_producers.Remove(id, out HostedProducer? producer))
        {
            Forget(producer);
            Router.Close(_worker.Now, producer.Producer);
            Reschedule();
        }
    }

    public void CloseConsumer(string id)
    {
        if (_consumers.Remove(id, out HostedConsumer? consumer))
        {
            Forget(consumer);
            Router.Close(_worker.Now, consumer.Consumer);
            Reschedule();
        }
    }

    public void CloseAll()
    {
        IsClosed = true;
        foreach (string id in _transports.Keys.ToArray())
        {
            CloseTransport(id);
        }

        _notifications.TryComplete();
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
        foreach (HostedProducer producer in _producers.Values)
        {
            totals.Add(producer.Negotiation.Plan.Kind, producer.Producer.GetStatistics());
        }

        foreach (HostedConsumer consumer in _consumers.Values)
        {
            totals.Add(consumer.Consumer.GetStatistics());
        }

        foreach (WebRtcTransport transport in _transports.Values)
        {
            totals.Add(transport.Port.GetStatistics());
        }
    }

    /// <summary>One transport in figures.</summary>
    public TransportFigures Figures(string id)
    {
        WebRtcTransport transport = Transport(id);
        RouterTransportStatistics media = transport.Port.GetStatistics();
        ProducerStatistics[] producers = [.. _producers.Values.Where(producer => producer.Transport == transport).Select(producer => producer.Producer.GetStatistics())];
        ConsumerStatistics[] consumers = [.. _consumers.Values.Where(consumer => consumer.Transport == transport).Select(consumer => consumer.Consumer.GetStatistics())];
        Rtc.Ice.IceStatistics ice = transport.Session.Ice.Statistics;
        bool hasPath = transport.Session.TryGetPath(out TransportAddress local, out TransportAddress remote);
        return new TransportFigures
        {
            State = transport.Session.State,
            RtpPacketsReceived = media.RtpPacketsReceived,
            RtpPacketsSent = media.RtpPacketsSent,
            BytesReceived = transport.Session.Statistics.BytesReceived,
            BytesSent = transport.Session.Statistics.MediaBytesSent,
            PacketsLost = producers.Sum(producer => producer.Lost),
            PacketsRetransmitted = consumers.Sum(consumer => consumer.Resent),
            NacksReceived = consumers.Sum(consumer => consumer.NacksReceived),
            KeyFrameRequestsReceived = consumers.Sum(consumer => consumer.KeyFrameRequestsReceived),
            RoundTripTime = consumers.Select(consumer => consumer.RoundTripTime).Concat(producers.Select(producer => producer.RoundTripTime)).FirstOrDefault(time => time is not null)
                ?? (ice.SmoothedRoundTrip > TimeSpan.Zero ? ice.SmoothedRoundTrip : null),
            Jitter = producers.Length == 0 ? null : producers.Max(producer => producer.Jitter),
            FractionLost = consumers.Length == 0 ? null : consumers.Max(consumer => consumer.FractionLost) / 256.0,
            SelectedPair = hasPath ? $"{local} {remote}" : null,
        };
    }

    private RouterNotification? Translate(in RouterEvent routerEvent)
    {
        switch (routerEvent.Kind)
        {
            case RouterEventKind.ConsumerClosed when routerEvent.Consumer is { Tag: HostedConsumer consumer } && _consumers.Remove(consumer.Id):
                Forget(consumer);
                return new RouterNotification.ConsumerClosed(consumer.Id, Word(routerEvent.Reason));
            case RouterEventKind.ProducerClosed when routerEvent.Producer is { Tag: HostedProducer producer } && _producers.Remove(producer.Id):
                Forget(producer);
                return new RouterNotification.ProducerClosed(producer.Id, Word(routerEvent.Reason));
            case RouterEventKind.ActiveSpeakersChanged:
                return new RouterNotification.SpeakersChanged(
                    [.. routerEvent.Speakers!.Where(speaker => speaker.Producer.Tag is HostedProducer).Select(speaker => new Speaker(((HostedProducer)speaker.Producer.Tag!).Id, speaker.LevelDbov))]);
            default:
                return null;
        }
    }

    // What is gone stays counted.
    private void Forget(HostedProducer producer) => _worker.Meters.ClosedMedia.Add(producer.Negotiation.Plan.Kind, producer.Producer.GetStatistics());

    private void Forget(HostedConsumer consumer)
    {
        _worker.Meters.ClosedMedia.Add(consumer.Consumer.GetStatistics());
        AudioConsumerCount -= consumer.Consumer.Plan.Kind == MediaKind.Audio ? 1 : 0;
    }

    private static string Word(CloseReason reason) => reason switch
    {
        CloseReason.ProducerClosed => "producer-closed",
        CloseReason.TransportClosed => "transport-closed",
        _ => "requested",
    };

    public void Notify(RouterNotification notification) => _notifications.TryWrite(notification);

    private void Reschedule() => _worker.Schedule(this);

    private static string NewId() => Guid.NewGuid().ToString();

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

    private static Rtc.Dtls.DtlsFingerprint ParseFingerprint(DtlsFingerprint fingerprint) =>
        Rtc.Dtls.DtlsFingerprint.TryParse(fingerprint.Algorithm, fingerprint.Value, out Rtc.Dtls.DtlsFingerprint? parsed)
            ? parsed!
            : throw new RouterException(RouterError.Invalid, "dtlsParameters.fingerprints holds one that is no sha-256, sha-384 or sha-512 fingerprint.");

    private DtlsParameters DescribeDtls() => new()
    {
        Role = DtlsRole.Auto,
        Fingerprints = [new DtlsFingerprint { Algorithm = _worker.Identity.Sha256.Algorithm, Value = _worker.Identity.Sha256.Value }],
    };

    private static IceParameters DescribeIce(WebRtcTransport transport) => new()
    {
        UsernameFragment = transport.Session.Ice.LocalCredentials.UsernameFragment,
        Password = transport.Session.Ice.LocalCredentials.Password,
        IceLite = true,
    };

    private WebRtcTransport Transport(string id) =>
        _transports.GetValueOrDefault(id) ?? throw new RouterException(RouterError.TransportNotFound, "No such transport.");

    private HostedProducer FindProducer(string id) =>
        _producers.GetValueOrDefault(id) ?? throw new RouterException(RouterError.ProducerNotFound, "No such producer.");

    private HostedConsumer FindConsumer(string id) =>
        _consumers.GetValueOrDefault(id) ?? throw new RouterException(RouterError.ConsumerNotFound, "No such consumer.");

    private sealed record HostedProducer(string Id, WebRtcTransport Transport, Producer Producer, ProducerNegotiation Negotiation);

    private sealed record HostedConsumer(string Id, WebRtcTransport Transport, HostedProducer Producer, Consumer Consumer);
}
