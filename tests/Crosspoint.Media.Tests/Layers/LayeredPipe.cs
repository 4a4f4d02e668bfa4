using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Layers;
using Crosspoint.Media.Negotiation;
using Crosspoint.Media.Plans;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Rtc;

namespace Crosspoint.Media.Tests.Layers;

/// <summary>The way from the router of a <see cref="LayeredCall"/> to another one of its room.</summary>
internal sealed class LayeredPipe
{
    private readonly LayeredCall _call;
    private readonly Room _far = new();
    private readonly FakePeer _here;
    private readonly FakePeer _there;
    private readonly Producer _producer;
    private uint _nextSsrc = 500;

    public LayeredPipe(LayeredCall call)
    {
        _call = call;
        _here = call.Room.AddPeer();
        _there = _far.AddPeer();
        RtpParameters offered = new()
        {
            Codecs = [new() { MimeType = "video/x", PayloadType = 96, ClockRate = 90_000 }],
            HeaderExtensions = [new() { Uri = HeaderExtensionUris.Of(HeaderExtensionKind.DependencyDescriptor), Id = 8 }],
            Encodings = [new()],
        };
        RelayNegotiation relay = RtpNegotiator.MapRelay(new ProducerNegotiation(call.Producer.Plan, offered), () => new Ssrc(_nextSsrc++));
        foreach (ConsumerPlan plan in relay.Consumers)
        {
            call.Room.Router.Consume(call.Now, _here.Transport, call.Producer, plan, paused: false);
        }

        _producer = _far.Router.Produce(call.Now, _there.Transport, relay.Producer.Plan, paused: false);
    }

    public (Consumer Consumer, LayeredReceiver Receiver, FakePeer Peer) Subscribe(LayerId target)
    {
        FakePeer peer = _far.AddPeer();
        ConsumerPlan plan = new()
        {
            Kind = MediaKind.Video,
            Codec = _producer.Plan.Codec,
            ClockRate = 90_000,
            PayloadType = new(100),
            Ssrc = new(_nextSsrc++),
            Feedback = FeedbackFlags.PictureLossIndication,
            Extensions = HeaderExtensionIds.None,
            CanonicalName = "layers"u8.ToArray(),
        };
        Consumer consumer = _far.Router.Consume(_call.Now, peer.Transport, _producer, plan, paused: false);
        consumer.SetTarget(_call.Now, target);
        return (consumer, new LayeredReceiver(plan), peer);
    }

    /// <summary>What was written on either side comes out at the other.</summary>
    public void Carry()
    {
        foreach ((_, byte[] packet) in _here.Sink.Rtp)
        {
            _far.Router.HandleRtp(_call.Now, _there.Transport, packet);
        }

        _far.Router.HandleTimeout(_call.Now);
        foreach ((_, byte[] packet) in _there.Sink.Rtcp)
        {
            _call.Room.Router.HandleRtcp(_call.Now, _here.Transport, packet);
        }

        _here.Sink.Rtp.Clear();
        _there.Sink.Rtcp.Clear();
    }
}
