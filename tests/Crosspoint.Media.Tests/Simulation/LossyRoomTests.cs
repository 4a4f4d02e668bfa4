using Crosspoint.Media.Tests.Routing;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Media.Tests.Simulation;

/// <summary>One sender and its receivers on virtual time, over links that lose and reorder.</summary>
public class LossyRoomTests
{
    private readonly VirtualTime _time = new();
    private readonly List<Link> _links = [];

    [Theory]
    [InlineData(1, 0.00, 0.00)]
    [InlineData(2, 0.05, 0.00)]
    [InlineData(3, 0.00, 0.05)]
    [InlineData(4, 0.05, 0.05)]
    [InlineData(5, 0.10, 0.10)]
    public void What_is_lost_on_either_hop_is_repaired(int seed, double uplinkLoss, double downlinkLoss)
    {
        Router router = NewRouter(seed, uplinkLoss, out Producer producer, out VirtualPublisher publisher, out Room room);
        (VirtualSubscriber first, _) = Join(seed, room, producer, downlinkLoss);
        (VirtualSubscriber second, _) = Join(seed + 100, room, producer, downlinkLoss);
        publisher.Start(Instant.FromMilliseconds(20_000));
        Run(router, 21_000);

        foreach (VirtualSubscriber subscriber in new[] { first, second })
        {
            Assert.True(subscriber.BeganWithKeyFrame || downlinkLoss > 0);
            int expected = publisher.Frames - subscriber.FirstFrame;
            Assert.True(subscriber.WholeFrames.Count >= expected - 3, $"seed {seed}: {subscriber.WholeFrames.Count} of {expected} frames");
            Assert.InRange(subscriber.Missing, 0, 10);
            Assert.True(subscriber.SenderReports >= 10);
        }
    }

    [Fact]
    public void Many_who_join_at_once_cost_one_keyframe()
    {
        Router router = NewRouter(9, 0, out Producer producer, out VirtualPublisher publisher, out Room room);
        publisher.Start(Instant.FromMilliseconds(5000));
        Run(router, 2000);
        Assert.Equal(0, publisher.KeyFramesAsked);
        List<VirtualSubscriber> joined = [.. Enumerable.Range(0, 20).Select(i => Join(i, room, producer, 0).Subscriber)];
        Run(router, 5500);
        Assert.Equal(1, publisher.KeyFramesAsked);
        Assert.All(joined, subscriber => Assert.True(subscriber.BeganWithKeyFrame && subscriber.FirstFrame is >= 59 and <= 66, $"{subscriber.FirstFrame}"));
    }

    [Fact]
    public void A_pause_under_loss_leaves_nothing_to_be_missed()
    {
        Router router = NewRouter(12, 0.03, out Producer producer, out VirtualPublisher publisher, out Room room);
        (VirtualSubscriber subscriber, Consumer consumer) = Join(12, room, producer, 0.03);
        publisher.Start(Instant.FromMilliseconds(12_000));
        Run(router, 4000);
        router.Pause(_time.Now, consumer);
        Run(router, 7000);
        int before = subscriber.WholeFrames.Count;
        router.Resume(_time.Now, consumer);
        Run(router, 13_000);
        Assert.True(subscriber.WholeFrames.Count - before > 130, $"{subscriber.WholeFrames.Count - before}");
        Assert.InRange(subscriber.Missing, 0, 5);
    }

    [Fact]
    public void Round_trips_and_losses_are_known_on_both_sides()
    {
        Router router = NewRouter(20, 0.05, out Producer producer, out VirtualPublisher publisher, out Room room);
        (_, Consumer consumer) = Join(20, room, producer, 0.05);
        publisher.Start(Instant.FromMilliseconds(10_000));
        Run(router, 10_500);
        Assert.InRange(consumer.GetStatistics().RoundTripTime!.Value.TotalMilliseconds, 40, 70);
        Assert.True(consumer.GetStatistics().Lost > 0);
        Assert.True(consumer.GetStatistics().Resent > 10);
        Assert.True(producer.GetStatistics().Lost > 10);
        Assert.True(producer.GetStatistics().Repaired > 10);
    }

    private Router NewRouter(int seed, double uplinkLoss, out Producer producer, out VirtualPublisher publisher, out Room room)
    {
        Random random = new(seed);
        Room made = room = new Room();
        (FakePeer peer, Producer created) = made.AddVideo();
        producer = created;
        VirtualLink uplink = new(_time, random, uplinkLoss, 20, 8, (now, packet) => Deliver(made.Router, now, peer.Transport, packet));
        VirtualPublisher sender = publisher = new VirtualPublisher(_time, created.Plan, uplink, new RetransmissionBuffer(new PacketBlockPool(), new RetransmissionBufferOptions()));
        _links.Add(new Link(peer, new VirtualLink(_time, random, uplinkLoss, 20, 8, (_, packet) => sender.HandleRtcp(packet))));
        return made.Router;
    }

    private (VirtualSubscriber Subscriber, Consumer Consumer) Join(int seed, Room room, Producer producer, double loss)
    {
        Random random = new(seed);
        (FakePeer peer, Consumer consumer) = room.Consume(producer);
        VirtualLink back = new(_time, random, loss, 20, 8, (now, packet) => Deliver(room.Router, now, peer.Transport, packet));
        VirtualSubscriber subscriber = new(_time, consumer.Plan, back.Send);
        _links.Add(new Link(peer, new VirtualLink(_time, random, loss, 20, 8, subscriber.Handle)));
        return (subscriber, consumer);
    }

    private void Deliver(Router router, Instant now, RouterTransport transport, byte[] packet)
    {
        if (packet[1] is >= 192 and <= 223)
        {
            router.HandleRtcp(now, transport, packet);
        }
        else
        {
            router.HandleRtp(now, transport, packet);
        }

        Flush();
    }

    private void Run(Router router, double until) => _time.RunUntil(
        Instant.FromMilliseconds(until),
        () => router.NextTimeout,
        now =>
        {
            router.HandleTimeout(now);
            Flush();
        });

    // What the router gave to its sinks goes onto the links.
    private void Flush()
    {
        foreach (Link link in _links)
        {
            foreach ((_, byte[] packet) in link.Peer.Sink.Rtp.Concat(link.Peer.Sink.Rtcp))
            {
                link.Downlink.Send(packet);
            }

            link.Peer.Sink.Rtp.Clear();
            link.Peer.Sink.Rtcp.Clear();
        }
    }

    private sealed record Link(FakePeer Peer, VirtualLink Downlink);
}
