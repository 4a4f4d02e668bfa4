using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Negotiation;
using Crosspoint.Media.Plans;
using Crosspoint.Media.Tests.Negotiation;
using Crosspoint.Micro.Allocations;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Media.Tests.Routing;

public class HostileTests
{
    private readonly Room _room = new();

    [Fact]
    public void A_flood_of_unknown_ssrcs_is_counted_and_remembered_nowhere()
    {
        (FakePeer peer, Producer producer) = _room.AddVideo();
        byte[][] flood = [.. Enumerable.Range(1, 1000).Select(i => Packets.Rtp(producer.Plan, new Ssrc((uint)i), producer.Plan.PayloadType, i, 0, Packets.Key))];
        int sent = 0;
        long allocated = AllocationMeter.Count(() =>
        {
            foreach (byte[] packet in flood)
            {
                _room.Router.HandleRtp(Instant.Zero, peer.Transport, packet);
                sent++;
            }
        });
        Assert.InRange(allocated, 0, 4096);
        Assert.Equal(sent, peer.Transport.GetStatistics().Drops[MediaDropReason.UnknownSsrc]);
        Assert.Equal(2, peer.Transport.Streams.Count);
    }

    [Fact]
    public void A_declared_stream_cannot_be_taken_over_by_its_mid()
    {
        (FakePeer peer, Producer producer) = _room.AddVideo();
        (FakePeer receiver, _) = _room.Consume(producer);
        _room.Router.HandleRtp(Instant.Zero, peer.Transport, Packets.Rtp(producer.Plan, new Ssrc(7), producer.Plan.PayloadType, 1, 0, Packets.Key, (HeaderExtensionKind.Mid, "1"u8.ToArray())));
        Assert.Empty(receiver.Sink.Rtp);
        Assert.Equal(1, peer.Transport.GetStatistics().Drops[MediaDropReason.UnknownSsrc]);
    }

    [Fact]
    public void A_stream_found_by_mid_keeps_its_ssrc_until_it_falls_silent()
    {
        (FakePeer peer, Producer producer) = Learned();
        Assert.False(Reaches(peer, producer, 0, 100, "9"));
        Assert.True(Reaches(peer, producer, 0, 100, "0"));
        Assert.True(Reaches(peer, producer, 20, 100, null));
        Assert.False(Reaches(peer, producer, 40, 200, "0"));
        Assert.Equal(1, peer.Transport.GetStatistics().Drops[MediaDropReason.SsrcConflict]);
        Assert.True(Reaches(peer, producer, 2000, 200, "0"));
        Assert.False(Reaches(peer, producer, 2020, 100, null));
        Assert.Equal(1, peer.Transport.Streams.Count);
    }

    [Fact]
    public void After_a_bye_the_next_source_is_taken_at_once()
    {
        (FakePeer peer, Producer producer) = Learned();
        Assert.True(Reaches(peer, producer, 0, 100, "0"));
        peer.Rtcp(Instant.FromMilliseconds(10), (ref RtcpWriter writer) => Bye.TryWrite(ref writer, [new Ssrc(100)]));
        Assert.True(Reaches(peer, producer, 20, 200, "0"));
    }

    [Fact]
    public void An_ssrc_in_use_is_refused_and_leaves_the_first_owner_alone()
    {
        (FakePeer peer, Producer producer) = _room.AddVideo();
        NegotiationException refusal = Assert.Throws<NegotiationException>(() => _room.Router.Produce(Instant.Zero, peer.Transport, producer.Plan, false));
        Assert.Equal(NegotiationError.Duplicate, refusal.Error);
        (FakePeer receiver, _) = _room.Consume(producer);
        _room.Router.HandleRtp(Instant.Zero, peer.Transport, Packets.Rtp(producer.Plan, 1, 0, Packets.Key));
        Assert.Single(receiver.Sink.Rtp);
    }

    [Fact]
    public void Producers_and_consumers_are_bounded()
    {
        Room room = new(new RouterOptions { MaxProducersPerTransport = 1, MaxConsumersPerTransport = 2 });
        (FakePeer peer, Producer producer) = room.AddVideo();
        Assert.Equal(NegotiationError.TooLarge, Assert.Throws<NegotiationException>(() => room.Router.Produce(Instant.Zero, peer.Transport, producer.Plan, false)).Error);
        (FakePeer receiver, _) = room.Consume(producer);
        room.Consume(producer, peer: receiver);
        Assert.Equal(NegotiationError.TooLarge, Assert.Throws<NegotiationException>(() => room.Consume(producer, peer: receiver)).Error);
    }

    [Fact]
    public void Feedback_about_streams_never_sent_is_counted()
    {
        (FakePeer peer, Producer producer) = _room.AddVideo();
        _room.Consume(producer);
        peer.Rtcp(Instant.Zero, (ref RtcpWriter writer) =>
        {
            GenericNack.TryWrite(ref writer, new(1), new(0xBAD), [new(1)]);
            PictureLossIndication.TryWrite(ref writer, new(1), new(0xBAD));
            FullIntraRequest.TryWrite(ref writer, new(1), new(0xBAD), 1);
            Bye.TryWrite(ref writer, [new Ssrc(0xBAD)]);
        });
        Assert.Equal(4, peer.Transport.GetStatistics().Drops[MediaDropReason.RtcpUnknownSsrc]);
        Assert.Empty(peer.Sink.Rtcp);
    }

    [Fact]
    public void Feedback_that_was_not_negotiated_is_not_obeyed()
    {
        (FakePeer sender, Producer producer) = _room.AddVideo();
        (FakePeer receiver, Consumer consumer) = _room.Consume(producer, ClientJson.PlainCapabilities);
        _room.Router.HandleRtp(Instant.Zero, sender.Transport, Packets.Rtp(producer.Plan, 1, 0, Packets.Key));
        receiver.Rtcp(Instant.FromMilliseconds(1), (ref RtcpWriter writer) =>
        {
            GenericNack.TryWrite(ref writer, new(1), consumer.Plan.Ssrc, [Packets.Parse(receiver.Sink.Rtp[0].Packet).SequenceNumber]);
            PictureLossIndication.TryWrite(ref writer, new(1), consumer.Plan.Ssrc);
        });
        Assert.Equal(2, consumer.GetStatistics().Drops[MediaDropReason.FeedbackNotNegotiated]);
        Assert.Single(receiver.Sink.Rtp);
        Assert.Empty(sender.Sink.Rtcp);
    }

    [Fact]
    public void A_storm_of_nacks_is_answered_within_its_budget()
    {
        Room room = new(new RouterOptions { MaxResendsPerWindow = 10 });
        (FakePeer sender, Producer producer) = room.AddVideo();
        (FakePeer receiver, Consumer consumer) = room.Consume(producer);
        room.Router.HandleRtp(Instant.Zero, sender.Transport, Packets.Rtp(producer.Plan, 0, 0, Packets.Key));
        for (int i = 1; i < 300; i++)
        {
            room.Router.HandleRtp(Instant.Zero, sender.Transport, Packets.Rtp(producer.Plan, i, 0, Packets.Delta));
        }

        SequenceNumber[] all = [.. receiver.Sink.Rtp.Select(entry => Packets.Parse(entry.Packet).SequenceNumber)];
        for (int i = 0; i < 20; i++)
        {
            receiver.Rtcp(Instant.FromMilliseconds(i), (ref RtcpWriter writer) => GenericNack.TryWrite(ref writer, new(1), consumer.Plan.Ssrc, all));
        }

        Assert.Equal(310, receiver.Sink.Rtp.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Mutated_packets_are_counted_and_harm_nobody(int seed)
    {
        Random random = new(seed);
        (FakePeer sender, Producer producer) = _room.AddVideo();
        (FakePeer receiver, Consumer consumer) = _room.Consume(producer);
        receiver.Sink.Keeps = false;
        sender.Sink.Keeps = false;
        byte[] rtcp = new byte[200];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] packet = Packets.Rtp(producer.Plan, i, (uint)i * 3000, i % 20 == 0 ? Packets.Key : Packets.Delta, (HeaderExtensionKind.VideoOrientation, [1]));
            Mutate(random, packet, i);
            _room.Router.HandleRtp(Instant.FromMilliseconds(i), sender.Transport, packet.AsSpan(0, random.Next(10) == 0 ? random.Next(packet.Length) : packet.Length));
            RtcpWriter writer = new(rtcp);
            GenericNack.TryWrite(ref writer, new(1), consumer.Plan.Ssrc, [new((ushort)random.Next())]);
            SenderReport.TryWrite(ref writer, producer.Plan.Encodings[0].Ssrc, new SenderInfo(new((ulong)random.NextInt64()), new((uint)i), 1, 1), []);
            Span<byte> written = rtcp.AsSpan(0, writer.Length);
            Mutate(random, written, i);
            _room.Router.HandleRtcp(Instant.FromMilliseconds(i), i % 2 == 0 ? sender.Transport : receiver.Transport, written);
            _room.Router.HandleTimeout(Instant.FromMilliseconds(i));
        }

        Assert.True(sender.Transport.GetStatistics().Drops.Total > 0, $"seed {seed}");
        Assert.True(receiver.Sink.RtpCount > 1000, $"seed {seed}: {receiver.Sink.RtpCount}");
    }

    private static void Mutate(Random random, Span<byte> bytes, int step)
    {
        if (step % 2 == 0)
        {
            for (int i = random.Next(4); i >= 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }
        }
    }

    private (FakePeer Peer, Producer Producer) Learned()
    {
        FakePeer peer = _room.AddPeer();
        ProducerNegotiation negotiated = Room.Negotiator.MapProducer(MediaKind.Audio, ClientJson.Parameters(ClientJson.FirefoxAudioWithoutSsrc), "x");
        return (peer, _room.Router.Produce(Instant.Zero, peer.Transport, negotiated.Plan, false));
    }

    private bool Reaches(FakePeer peer, Producer producer, double at, uint ssrc, string? mid)
    {
        long before = producer.GetStatistics().Packets;
        (HeaderExtensionKind, byte[])[] extensions = mid is null ? [] : [(HeaderExtensionKind.Mid, System.Text.Encoding.ASCII.GetBytes(mid))];
        byte[] packet = Packets.Rtp(producer.Plan, new Ssrc(ssrc), producer.Plan.PayloadType, (int)at / 20, (uint)at * 48, [1, 2], extensions);
        _room.Router.HandleRtp(Instant.FromMilliseconds(at), peer.Transport, packet);
        return producer.GetStatistics().Packets > before;
    }
}
