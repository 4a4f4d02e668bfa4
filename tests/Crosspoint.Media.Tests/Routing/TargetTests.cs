using Crosspoint.Media.Layers;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Tests.Routing;

/// <summary>What may be sent to a consumer is said from outside; what is sent is told.</summary>
public class TargetTests
{
    [Fact]
    public void A_consumer_without_a_target_is_sent_nothing_until_it_has_one_and_a_keyframe()
    {
        Room room = new();
        (FakePeer sender, Producer producer) = room.AddVideo();
        (FakePeer receiver, Consumer consumer) = room.Consume(producer);
        int sequence = 0;
        void Send(byte[] payload) =>
            room.Router.HandleRtp(Instant.FromMilliseconds(33 * sequence), sender.Transport, Packets.Rtp(producer.Plan, sequence, (uint)(3000 * sequence++), payload));

        Send(Packets.Key);
        Send(Packets.Delta);
        Assert.Equal(2, receiver.Sink.Rtp.Count);
        Assert.Equal(new LayerId(0, 0), consumer.Current);
        Assert.Equal((new LayerId(0, 0), LayerId.Highest), Told(room));

        consumer.SetTarget(Instant.FromMilliseconds(66), null);
        Assert.Null(consumer.Current);
        Assert.Equal((null, null), Told(room));
        Send(Packets.Delta);
        Send(Packets.Key);
        Assert.Equal(2, receiver.Sink.Rtp.Count);
        Assert.Equal(2, consumer.GetStatistics().Drops[MediaDropReason.ConsumerStarved]);

        consumer.SetTarget(Instant.FromMilliseconds(900), LayerId.Highest);
        Send(Packets.Delta);
        Send(Packets.Key);
        Assert.Equal(3, receiver.Sink.Rtp.Count);
        Assert.Equal(new LayerId(0, 0), consumer.Current);

        // However much happened between, it is told once.
        Assert.Equal((new LayerId(0, 0), LayerId.Highest), Told(room));
    }

    private static (LayerId? Current, LayerId? Target) Told(Room room)
    {
        RouterEvent told = Assert.Single(room.Events());
        Assert.Equal(RouterEventKind.LayersChanged, told.Kind);
        return (told.CurrentLayer, told.TargetLayer);
    }

    [Fact]
    public void Getting_a_target_asks_for_a_keyframe_once()
    {
        Room room = new();
        (FakePeer sender, Producer producer) = room.AddVideo();
        (_, Consumer first) = room.Consume(producer);
        (_, Consumer second) = room.Consume(producer);
        room.Router.HandleRtp(Instant.Zero, sender.Transport, Packets.Rtp(producer.Plan, 1, 0, Packets.Key));
        first.SetTarget(Instant.Zero, null);
        second.SetTarget(Instant.Zero, null);
        Assert.Empty(sender.Sink.Rtcp);

        first.SetTarget(Instant.FromMilliseconds(1), LayerId.Highest);
        second.SetTarget(Instant.FromMilliseconds(2), LayerId.Highest);
        Assert.Single(sender.Sink.Rtcp);
    }
}
