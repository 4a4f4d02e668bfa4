using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Tests.Routing;

/// <summary>A consumer of video begins at a keyframe, whatever the codec, and nowhere else.</summary>
public class StartTests
{
    private static readonly PayloadFormat[] Video = [PayloadFormat.Vp8, PayloadFormat.Vp9, PayloadFormat.H264, PayloadFormat.Av1];

    [Theory]
    [InlineData(PayloadFormat.Vp8, "10 000000", true)] // start of partition 0, P = 0
    [InlineData(PayloadFormat.Vp8, "10 010000", false)] // interframe
    [InlineData(PayloadFormat.Vp8, "00 000000", false)] // continuation
    [InlineData(PayloadFormat.Vp8, "11 000000", false)] // partition 1
    [InlineData(PayloadFormat.Vp8, "90E0812300E0 000000", true)] // 15-bit picture id, TL0PICIDX, TID
    [InlineData(PayloadFormat.Vp8, "90E0812300E0 010000", false)]
    [InlineData(PayloadFormat.Vp8, "908011 000000", true)] // 7-bit picture id
    [InlineData(PayloadFormat.Vp8, "9080", false)] // announced but absent
    [InlineData(PayloadFormat.Vp9, "0800", true)]
    [InlineData(PayloadFormat.Vp9, "4800", false)] // inter-predicted
    [InlineData(PayloadFormat.Vp9, "0000", false)] // not the beginning
    [InlineData(PayloadFormat.Vp9, "A8 11 00 00 00", true)] // picture id, spatial layer 0
    [InlineData(PayloadFormat.Vp9, "A8 11 02 00 00", false)] // spatial layer 1
    [InlineData(PayloadFormat.H264, "6742C01F", true)] // SPS
    [InlineData(PayloadFormat.H264, "6588", false)] // IDR without SPS
    [InlineData(PayloadFormat.H264, "78 0002 6742 0002 68CE", true)] // STAP-A with SPS
    [InlineData(PayloadFormat.H264, "78 0002 68CE 0002 6742", true)]
    [InlineData(PayloadFormat.H264, "78 FFFF 68", false)] // lying length
    [InlineData(PayloadFormat.H264, "7C 87 42", true)] // FU-A of an SPS
    [InlineData(PayloadFormat.H264, "7C 85 88", false)] // FU-A of an IDR
    [InlineData(PayloadFormat.Av1, "1801", true)]
    [InlineData(PayloadFormat.Av1, "1001", false)]
    [InlineData(PayloadFormat.Av1, "9801", false)] // continuation
    public void A_consumer_begins_where_a_keyframe_does(PayloadFormat codec, string payload, bool begins)
    {
        Room room = new();
        (FakePeer sender, Producer producer) = room.AddVideo(codec);
        (FakePeer receiver, Consumer consumer) = room.Consume(producer);
        byte[] bytes = Convert.FromHexString(payload.Replace(" ", "", StringComparison.Ordinal));
        room.Router.HandleRtp(Instant.Zero, sender.Transport, Packets.Rtp(producer.Plan, 1, 0, bytes));
        Assert.Equal(begins ? ConsumerState.Forwarding : ConsumerState.AwaitingStart, consumer.State);
        Assert.Equal(begins ? 1 : 0, receiver.Sink.Rtp.Count);
        Assert.Equal(begins ? 1 : 0, producer.GetStatistics().KeyFrames);
    }

    [Fact]
    public void A_keyframe_of_many_packets_is_one_keyframe()
    {
        Room room = new();
        (FakePeer sender, Producer producer) = room.AddVideo(PayloadFormat.H264);
        (FakePeer receiver, _) = room.Consume(producer);
        int sequence = 0;
        foreach (string payload in (string[])["6742C01F", "68CE3C80", "7C858884", "7C0500", "7C4500", "419A0000"])
        {
            room.Router.HandleRtp(Instant.Zero, sender.Transport, Packets.Rtp(producer.Plan, sequence++, 0, Convert.FromHexString(payload)));
        }

        Assert.Equal(1, producer.GetStatistics().KeyFrames);
        Assert.Equal(sequence, receiver.Sink.Rtp.Count);
    }

    [Fact]
    public void No_payload_is_too_odd_to_be_looked_into()
    {
        Random random = new(11);
        byte[] bytes = new byte[24];
        foreach (PayloadFormat codec in Video)
        {
            Room room = new();
            (FakePeer sender, Producer producer) = room.AddVideo(codec);
            (FakePeer receiver, _) = room.Consume(producer);
            for (int i = 0; i < 5_000; i++)
            {
                random.NextBytes(bytes);
                byte[] packet = Packets.Rtp(producer.Plan, i, 0, bytes[..random.Next(bytes.Length + 1)]);
                room.Router.HandleRtp(Instant.FromMilliseconds(i), sender.Transport, packet);
            }

            Assert.InRange(receiver.Sink.Rtp.Count, 1, 5_000);
        }
    }
}
