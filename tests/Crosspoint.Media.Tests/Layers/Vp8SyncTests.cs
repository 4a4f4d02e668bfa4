using Crosspoint.Media.Layers;
using Crosspoint.Media.Tests.Negotiation;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Media.Tests.Layers;

/// <summary>
/// VP8 whose encoder leaves pictures out after a keyframe. A picture is written as its TID, with k for a keyframe and Y for the sync bit, in the order in
/// which they come to the router; "number:" before it where that is not the order in which they were made.
/// </summary>
public class Vp8SyncTests
{
    private readonly Room _room = new();

    // What becomes of it: sent as it is (=), sent with Y (+), not sent (-).
    [Theory]
    // As libvpx makes three layers, whole: nothing is changed.
    [InlineData("0k 2Y 1Y 2 0 2Y 1 2 0 2Y 1Y 2", "= = = = = = = = = = = =")]
    [InlineData("0k 1Y 0 1 0 1", "= = = = = =")]
    // The first of its layer, and of all between, since the keyframe: it can need the lowest layer only.
    [InlineData("0k 2 0 2Y", "= + = =")]
    [InlineData("0k 1 0 1", "= + = =")]
    [InlineData("0k 2Y 1 2", "= = + =")]
    [InlineData("0k 0 0 2 1Y 2", "= = = + = =")]
    // One of the layers between has begun, or it without them: no receiver takes it, and the next that begins is taken.
    [InlineData("0k 1Y 2 0 2Y 1 2", "= = - = = = =")]
    [InlineData("0k 1Y 2 2 0 2Y 2", "= = - - = = =")]
    [InlineData("0k 2 2 1Y 2", "= + - = =")]
    // Every keyframe begins all layers anew.
    [InlineData("0k 2Y 1Y 2 0k 2 1Y 2", "= = = = = + = =")]
    [InlineData("0k 2Y 1Y 0k 1Y 2", "= = = = = -")]
    // What is missing may be what it needs, and may come yet; then all is known again.
    [InlineData("0:0k 2:2 3:0 4:2Y 5:1Y 6:2", "= = = = = =")]
    [InlineData("0:0k 2:2 1:1Y 3:0 4:2 5:2Y 6:2", "= = = = - = =")]
    [InlineData("0:0k 3:1Y 1:2Y 2:0 4:2", "= = = = =")]
    // Nothing is known before a keyframe.
    [InlineData("1:2 2:1 3:0 4:2", "= = = =")]
    public void A_picture_is_told_to_need_no_more_than_it_can(string pictures, string expected)
    {
        Vp8Frames frames = default;
        List<string> found = [];
        foreach ((int number, string picture) in Parse(pictures))
        {
            // All packets of a picture are treated alike, also one that comes again.
            string[] outcomes = [Judge(ref frames, number, picture, begins: true), Judge(ref frames, number, picture, begins: false), Judge(ref frames, number, picture, begins: true)];
            found.Add(Assert.Single(outcomes.Distinct()));
        }

        Assert.Equal(expected, string.Join(' ', found));
    }

    // Without the numbers that a receiver finds what a picture needs by, it does not look for it.
    [Theory]
    [InlineData(0, 3, 4)]
    [InlineData(1, 0, 4)]
    [InlineData(1, 3, 0)]
    public void A_picture_without_numbers_is_left_as_it_is(byte pictureIdAt, byte tl0At, byte layerAt)
    {
        Vp8Frames frames = default;
        foreach (string picture in (string[])["0k", "2", "1Y", "2"])
        {
            FrameFacts facts = Facts(7, picture, begins: true) with { Picture = new PictureFields(7, pictureIdAt, true, 1, tl0At, layerAt) };
            frames.Judge(ref facts);
            Assert.False(facts.Has(FrameFlags.BaseOnly) || facts.Has(FrameFlags.Refused));
        }
    }

    [Fact]
    public void A_layer_may_be_begun_at_a_picture_that_needs_the_lowest_only()
    {
        Vp8Frames frames = default;
        FrameFacts key = Facts(7, "0k", begins: true);
        frames.Judge(ref key);
        FrameFacts facts = Facts(8, "2", begins: true);
        frames.Judge(ref facts);
        Assert.Equal(LayerMask.Column(2), facts.Switch);
    }

    // On the way through: with Y, again with Y when it is asked for, and what is left out leaves no gap in picture ids or sequence numbers.
    [Fact]
    public void A_receiver_is_sent_what_it_can_take_and_the_same_again()
    {
        (FakePeer sender, Producer producer) = _room.AddVideo();
        (FakePeer receiver, Consumer consumer) = _room.Consume(producer, ClientJson.ModernCapabilities);
        int sequence = 100;
        foreach ((int number, string picture) in Parse("0k 2 1Y 0k 1Y 2 0"))
        {
            byte layer = (byte)(((picture[0] - '0') << 6) | (picture.EndsWith('Y') ? 0x20 : 0));
            byte[] payload = [0x90, 0xE0, 0x81, (byte)(0x20 + number), 50, layer, (byte)(picture.EndsWith('k') ? 0 : 1), 0, 0, 0xAA];
            _room.Router.HandleRtp(At(number * 33), sender.Transport, Packets.Rtp(producer.Plan, sequence++, (uint)(number * 3000), payload));
        }

        byte[][] sent = [.. receiver.Sink.Rtp.Select(one => one.Packet)];
        Assert.Equal(["0120-00", "0121-A0", "0122-60", "0123-00", "0124-60", "0125-00"], sent.Select(Describe));
        Assert.Equal(Enumerable.Range(0, 6).Select(i => (ushort)(SequenceOf(sent[0]) + i)), sent.Select(SequenceOf));

        receiver.Sink.Rtp.Clear();
        receiver.Rtcp(At(400), (ref RtcpWriter writer) => GenericNack.TryWrite(ref writer, new Ssrc(9), consumer.Plan.Ssrc, [new SequenceNumber(SequenceOf(sent[1]))]));
        Assert.True(RtxPacket.TryRead(Packets.Parse(Assert.Single(receiver.Sink.Rtp).Packet), out _, out ReadOnlySpan<byte> again));
        Assert.Equal(Packets.Parse(sent[1]).Payload.ToArray(), again.ToArray());
    }

    private static ushort SequenceOf(byte[] packet) => Packets.Parse(packet).SequenceNumber.Value;

    private static string Describe(byte[] packet)
    {
        ReadOnlySpan<byte> payload = Packets.Parse(packet).Payload;
        return $"{((payload[2] & 0x7F) << 8) | payload[3]:X4}-{payload[5]:X2}";
    }

    private static string Judge(ref Vp8Frames frames, int number, string picture, bool begins)
    {
        FrameFacts facts = Facts((ushort)(65_530 + number), picture, begins);
        frames.Judge(ref facts);
        return facts.Has(FrameFlags.Refused) ? "-" : facts.Has(FrameFlags.BaseOnly) ? "+" : "=";
    }

    private static FrameFacts Facts(ushort number, string picture, bool begins)
    {
        FrameFacts facts = default;
        facts.Clear();
        bool isKey = picture.EndsWith('k');
        facts.Flags = FrameFlags.Numbered | FrameFlags.KeyFrame.When(isKey && begins);
        facts.Frame = number;
        facts.Temporal = (byte)(picture[0] - '0');
        facts.Switch = isKey && begins ? LayerMask.All : picture.EndsWith('Y') ? LayerMask.Column(facts.Temporal) : 0;
        facts.Picture = new PictureFields(number, 2, true, 1, 4, 5);
        return facts;
    }

    private static IEnumerable<(int Number, string Picture)> Parse(string pictures) => pictures.Split(' ').Select((picture, i) =>
    {
        string[] parts = picture.Split(':');
        return parts.Length == 1 ? (i, picture) : (int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), parts[1]);
    });

    private static Instant At(double milliseconds) => Instant.FromMilliseconds(1000 + milliseconds);
}
