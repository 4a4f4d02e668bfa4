using Crosspoint.Media.Congestion;
using Crosspoint.Media.Tests.Layers;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Tests.Routing;

/// <summary>What is taken out for a keyframe, and what of it is sent after all.</summary>
public class WaitingPacketsTests
{
    private const int PacketsOfAPicture = 4;
    private const int HeaderLength = 12;

    // Pictures of four packets; those before the first had left when the keyframe came.
    [Theory]
    [InlineData(2, 8, 1000, 2)] // the rest of one, and all of the next
    [InlineData(2, 4, 1000, 2)]
    [InlineData(3, 4, 1000, 1)]
    [InlineData(4, 8, 1000, 0)] // the first of another: nothing has left of it
    [InlineData(2, 3, 1000, 0)] // its end has not come
    [InlineData(2, 8, 2, 0)] // in the way for too long
    [InlineData(2, 8, 0, 0)]
    [InlineData(8, 8, 1000, 0)] // nothing waits
    public void The_rest_of_a_picture_that_is_begun_leaves_before_the_keyframe_that_takes_its_place(int first, int end, int kilobits, int kept)
    {
        LayeredCall call = new(PayloadFormat.Vp8, LayerSignal.Payload, "L1T1", "L1T1");
        (Consumer consumer, _, FakePeer peer) = call.Subscribe();
        (Consumer other, _, _) = call.Subscribe();
        call.Send(20);
        peer.Sink.Rtp.Clear();
        for (int picture = 0; picture < 3; picture++)
        {
            foreach (byte[] packet in call.Sources[1].Next(call.Producer.Plan, key: false, 4, PacketsOfAPicture))
            {
                call.Room.Router.HandleRtp(call.Now, call.Sender.Transport, packet);
            }

            call.Pass(LayeredCall.FrameMilliseconds);
        }

        WaitingPackets waiting = new(call.Room.Router.Pool, new PacingOptions());
        Add(other, 0);
        for (int i = first; i < end; i++)
        {
            Add(consumer, i);
        }

        Assert.Equal(end - first - kept, waiting.TakeOut(call.Now, consumer, Bitrate.FromKilobits(kilobits)));
        Assert.Equal(kept > 0 ? call.Now : null, waiting.Media.OldestOf(consumer));
        Assert.Equal(Instant.Zero, waiting.Media.OldestOf(other));
        for (int i = 0; i < kept; i++)
        {
            waiting.Media.RemoveHead();
            byte[] expected = peer.Sink.Rtp[first + i].Packet;
            Assert.Equal(expected, waiting.Media.GetBytes(waiting.Media.Head).ToArray());
        }

        waiting.Clear();
        Assert.True(waiting.IsEmpty);

        void Add(Consumer one, int index)
        {
            byte[] packet = peer.Sink.Rtp[index].Packet;
            Assert.True(waiting.TryAdd(Instant.Zero, new OutgoingRtp(one, SentKind.Media, packet.AsSpan(0, HeaderLength), default, packet.AsSpan(HeaderLength), PayloadTraits.None)));
        }
    }
}
