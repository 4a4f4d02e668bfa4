using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Negotiation;
using Crosspoint.Media.Plans;
using Crosspoint.Media.Tests.Negotiation;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Micro.Allocations;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Media.Tests.Repair;

/// <summary>Audio with redundancy to one who takes it, and to one who does not.</summary>
public sealed class RedTests : IDisposable
{
    private const string Parameters = """
        {"mid":"0","codecs":[{"mimeType":"audio/opus","payloadType":111,"clockRate":48000,"channels":2,"rtcpFeedback":[{"type":"nack","parameter":""}]},
          {"mimeType":"audio/red","payloadType":63,"clockRate":48000,"channels":2,"parameters":{"":"111/111"}}],
         "headerExtensions":[{"uri":"urn:ietf:params:rtp-hdrext:ssrc-audio-level","id":1}],"encodings":[{"ssrc":77}],"rtcp":{"cname":"a"}}
        """;

    private readonly RtpNegotiator _negotiator = new(CodecPolicy.Default);
    private readonly Router _router;
    private readonly FakePeer _sender;
    private readonly FakePeer _red;
    private readonly FakePeer _plain;
    private readonly Producer _producer;
    private readonly Consumer _redConsumer;

    public RedTests()
    {
        SeededRandomSource random = new(42);
        _router = new Router(new RouterOptions(), random);
        (_sender, _red, _plain) = (new(_router), new(_router), new(_router));
        ProducerNegotiation producer = _negotiator.MapProducer(MediaKind.Audio, ClientJson.Parameters(Parameters), "x");
        RtpCapabilities all = _negotiator.Capabilities;
        RtpCapabilities without = all with { Codecs = [.. all.Codecs.Where(codec => codec.MimeType != "audio/red")] };
        _producer = _router.Produce(Instant.Zero, _sender.Transport, producer.Plan, paused: false);
        _redConsumer = _router.Consume(Instant.Zero, _red.Transport, _producer, RtpNegotiator.MapConsumer(producer, all, "0", random).Plan, paused: false);
        _router.Consume(Instant.Zero, _plain.Transport, _producer, RtpNegotiator.MapConsumer(producer, without, "0", random).Plan, paused: false);
    }

    public void Dispose() => _router.Dispose();

    // What comes, with its payload type; what the two get, with theirs.
    [Theory]
    [InlineData(111, "FC0102", "100 FC0102", "100 FC0102")] // without redundancy, as at the start
    [InlineData(63, "6FFC0102", "98 64FC0102", "100 FC0102")]
    [InlineData(63, "EF0F0002" + "6F" + "A1A2" + "FC01", "98 E40F000264A1A2FC01", "100 FC01")]
    [InlineData(63, "EF1E0001EF0F0002" + "6F" + "B1" + "A1A2" + "FC", "98 E41E0001E40F000264B1A1A2FC", "100 FC")] // silence (DTX) in the primary
    public void Each_gets_the_form_it_takes(byte type, string payload, string red, string plain)
    {
        Send(0, 5, type, payload);
        Assert.Equal((red, plain), (Shape(_red), Shape(_plain)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("6F")]
    [InlineData("EF0F03FF6FA1")]
    [InlineData("8D0F00016FA1FC")] // comfort noise
    public void Redundancy_that_cannot_be_read_is_counted_and_leaves_no_gap(string payload)
    {
        Send(0, 5, 111, "FC01");
        Send(20, 6, 63, payload);
        Send(40, 7, 111, "FC02");
        Assert.Equal(1, _sender.Transport.GetStatistics().Drops[payload.Length == 0 ? MediaDropReason.Empty : MediaDropReason.MalformedRed]);
        Assert.Equal(2, _red.Sink.Rtp.Count);
        Assert.Equal(Packets.Parse(_red.Sink.Rtp[0].Packet).SequenceNumber.Next, Packets.Parse(_red.Sink.Rtp[1].Packet).SequenceNumber);
    }

    [Fact]
    public void What_is_asked_for_again_is_the_same_to_the_bit()
    {
        string[] payloads = ["6FFC0102", "EF0F00026FA1A2FC01", "EF1E0001EF0F00026FB1A1A2FC"];
        for (int i = 0; i < payloads.Length; i++)
        {
            Send(i * 20, i, 63, payloads[i]);
        }

        foreach (FakePeer peer in (FakePeer[])[_red, _plain])
        {
            List<byte[]> first = [.. peer.Sink.Rtp.Select(sent => sent.Packet)];
            Consumer consumer = peer.Transport.Consumers[0];
            SequenceNumber[] numbers = [.. first.Select(packet => Packets.Parse(packet).SequenceNumber)];
            peer.Rtcp(Instant.FromMilliseconds(200), (ref RtcpWriter writer) => GenericNack.TryWrite(ref writer, new(1), consumer.Plan.Ssrc, numbers));
            Assert.Equal(first, peer.Sink.Rtp.Skip(3).Select(sent => sent.Packet));
        }
    }

    [Fact]
    public void Loudness_is_heard_all_the_same()
    {
        for (int i = 0; i < 60; i++)
        {
            _router.HandleTimeout(Instant.FromMilliseconds(i * 20));
            Send(i * 20, i, 63, "EF0F00026FA1A2FC01", level: 10);
        }

        List<RouterEvent> events = [];
        while (_router.TryDequeue(out RouterEvent routerEvent))
        {
            events.Add(routerEvent);
        }

        Assert.Contains(events, e => e.Kind == RouterEventKind.ActiveSpeakersChanged);
    }

    [Fact]
    public void A_relay_carries_it_whole()
    {
        ProducerNegotiation producer = _negotiator.MapProducer(MediaKind.Audio, ClientJson.Parameters(Parameters), "x");
        RelayNegotiation relay = RtpNegotiator.MapRelay(producer, () => new Ssrc(9));
        Assert.Equal(new PayloadType(98), Assert.Single(relay.Consumers).RedPayloadType);
        Assert.Equal((new PayloadType(100), new PayloadType(98)), (relay.Producer.Plan.PayloadType, relay.Producer.Plan.RedPayloadType));
    }

    [Fact]
    public void Taking_redundancy_apart_allocates_nothing()
    {
        _red.Sink.Keeps = false;
        _plain.Sink.Keeps = false;
        byte[] packet = Packets.Rtp(_producer.Plan, new(77), new(63), 0, 0, Convert.FromHexString("EF0F00026FA1A2FC01"));
        int sequence = 0;
        Send();
        Assert.Equal(0, AllocationMeter.Count(Send));
        Assert.Equal(sequence, _redConsumer.GetStatistics().Packets);

        void Send()
        {
            for (int i = 0; i < 500; i++)
            {
                RtpHeaderWriter.Overwrite(packet, new(new(63), false, new((ushort)sequence), new((uint)sequence * 960), new(77)));
                _router.HandleRtp(Instant.FromMilliseconds(sequence * 20), _sender.Transport, packet);
                sequence++;
            }
        }
    }

    private void Send(int ms, int sequence, byte type, string payload, byte level = 60) => _router.HandleRtp(
        Instant.FromMilliseconds(ms),
        _sender.Transport,
        Packets.Rtp(_producer.Plan, new(77), new(type), sequence, (uint)(sequence * 960), Convert.FromHexString(payload), (HeaderExtensionKind.AudioLevel, [level])));

    private static string Shape(FakePeer peer)
    {
        RtpPacket packet = Packets.Parse(Assert.Single(peer.Sink.Rtp).Packet);
        return $"{packet.PayloadType} {Convert.ToHexString(packet.Payload)}";
    }
}
