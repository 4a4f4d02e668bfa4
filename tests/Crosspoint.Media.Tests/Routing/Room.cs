using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Negotiation;
using Crosspoint.Media.Tests.Negotiation;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Tests.Routing;

/// <summary>A router with peers that negotiated as browsers do.</summary>
internal sealed class Room
{
    public static readonly RtpNegotiator Negotiator = new(CodecPolicy.Default);

    private readonly SeededRandomSource _random = new(42);

    public Room(RouterOptions? options = null) => Router = new Router(options ?? new RouterOptions(), _random);

    public Router Router { get; }

    public FakePeer AddPeer() => new(Router);

    public (FakePeer Peer, Producer Producer) AddAudio(string tag) => Add(tag, MediaKind.Audio, ClientJson.ChromeAudio);

    public (FakePeer Peer, Producer Producer) AddVideo(string json = ClientJson.ChromeVideo) => Add("video", MediaKind.Video, json);

    /// <summary>A video track whose payloads are of another format than negotiated: the numbers stay the same.</summary>
    public (FakePeer Peer, Producer Producer) AddVideo(PayloadFormat codec) => Add("video", MediaKind.Video, ClientJson.ChromeVideo, codec);

    public (FakePeer Peer, Consumer Consumer) Consume(Producer producer, string capabilities = ClientJson.ChromeCapabilities, bool paused = false, FakePeer? peer = null)
    {
        peer ??= AddPeer();
        ProducerNegotiation negotiated = (ProducerNegotiation)((object[])producer.Tag!)[1];
        ConsumerNegotiation consumer = RtpNegotiator.MapConsumer(negotiated, ClientJson.Capabilities(capabilities), peer.Transport.NextMid(), _random);
        return (peer, Router.Consume(Instant.Zero, peer.Transport, producer, consumer.Plan, paused));
    }

    public Consumer ConsumeAudio(Producer producer, FakePeer peer, string capabilities = ClientJson.ChromeCapabilities)
    {
        ProducerNegotiation negotiated = Negotiator.MapProducer(MediaKind.Audio, ClientJson.Parameters(ClientJson.ChromeAudio), "x");
        ConsumerNegotiation consumer = RtpNegotiator.MapConsumer(negotiated, ClientJson.Capabilities(capabilities), peer.Transport.NextMid(), _random);
        return Router.Consume(Instant.Zero, peer.Transport, producer, consumer.Plan, paused: false);
    }

    public List<RouterEvent> Events()
    {
        List<RouterEvent> events = [];
        while (Router.TryDequeue(out RouterEvent routerEvent))
        {
            events.Add(routerEvent);
        }

        return events;
    }

    /// <summary>Runs every timer up to a moment.</summary>
    public void RunUntil(double milliseconds)
    {
        Instant end = Instant.FromMilliseconds(milliseconds);
        while (Router.NextTimeout <= end)
        {
            Router.HandleTimeout(Router.NextTimeout);
        }
    }

    private (FakePeer Peer, Producer Producer) Add(string tag, MediaKind kind, string json, PayloadFormat? codec = null)
    {
        FakePeer peer = AddPeer();
        ProducerNegotiation negotiated = Negotiator.MapProducer(kind, ClientJson.Parameters(json), tag);
        Producer producer = Router.Produce(Instant.Zero, peer.Transport, codec is { } other ? negotiated.Plan with { Codec = other } : negotiated.Plan, paused: false);
        producer.Tag = kind == MediaKind.Audio ? tag : new object[] { tag, negotiated };
        return (peer, producer);
    }
}
