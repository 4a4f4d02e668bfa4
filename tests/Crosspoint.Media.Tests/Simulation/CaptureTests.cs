using System.Buffers.Binary;
using Crosspoint.Media.Plans;
using Crosspoint.Media.Tests.Negotiation;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Extensions;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Tests.Simulation;

/// <summary>Streams of real browsers go through the router and come out the same, under other numbers.</summary>
public class CaptureTests
{
    private const string ChromeAv1 = """
        {"mid":"1","codecs":[
          {"mimeType":"video/AV1","payloadType":45,"clockRate":90000,"parameters":{"level-idx":5,"profile":0,"tier":0},
           "rtcpFeedback":[{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"}]},
          {"mimeType":"video/rtx","payloadType":46,"clockRate":90000,"parameters":{"apt":45},"rtcpFeedback":[]}],
         "headerExtensions":[{"uri":"urn:ietf:params:rtp-hdrext:sdes:mid","id":9},{"uri":"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time","id":2}],
         "encodings":[{"ssrc":2880011223,"rtx":{"ssrc":998877}}],"rtcp":{"cname":"8kzNzbBHbGTJqQ0b","reducedSize":true}}
        """;

    private const string Av1Capabilities = """
        {"codecs":[
          {"mimeType":"video/AV1","kind":"video","preferredPayloadType":111,"clockRate":90000,"parameters":{"profile":0},
           "rtcpFeedback":[{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"}]},
          {"mimeType":"video/rtx","kind":"video","preferredPayloadType":112,"clockRate":90000,"parameters":{"apt":111},"rtcpFeedback":[]}],
         "headerExtensions":[
          {"kind":"video","uri":"urn:ietf:params:rtp-hdrext:sdes:mid","preferredId":1},
          {"kind":"video","uri":"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time","preferredId":4}]}
        """;

    [Theory]
    [InlineData("vp8", PayloadFormat.Vp8, 104, ClientJson.ChromeVideo, ClientJson.ChromeCapabilities)]
    [InlineData("av1", PayloadFormat.Av1, 201, ChromeAv1, Av1Capabilities)]
    public void Every_packet_of_a_captured_stream_arrives_as_it_was(string name, PayloadFormat format, int count, string sends, string receives)
    {
        Room room = new();
        (FakePeer sender, Producer producer) = room.AddVideo(sends);
        (FakePeer receiver, Consumer consumer) = room.Consume(producer, receives);
        List<byte[]> originals = [];
        foreach ((Instant at, byte[] packet) in Read(name))
        {
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), producer.Plan.Encodings[0].Ssrc.Value);
            originals.Add(packet);
            room.Router.HandleRtp(at, sender.Transport, packet);
            room.Router.HandleTimeout(at);
        }

        Assert.Equal(count, originals.Count);
        Assert.Equal(count, receiver.Sink.Rtp.Count);
        Assert.Equal(format, consumer.Plan.Codec);
        int keyFrames = 0;
        RtpPacket firstIn = Packets.Parse(originals[0]);
        RtpPacket firstOut = Packets.Parse(receiver.Sink.Rtp[0].Packet);
        for (int i = 0; i < originals.Count; i++)
        {
            (Instant at, byte[] bytes) = receiver.Sink.Rtp[i];
            RtpPacket input = Packets.Parse(originals[i]);
            RtpPacket output = Packets.Parse(bytes);
            Assert.Equal((ushort)(input.SequenceNumber.Value - firstIn.SequenceNumber.Value), (ushort)(output.SequenceNumber.Value - firstOut.SequenceNumber.Value));
            Assert.Equal(input.Timestamp.Value - firstIn.Timestamp.Value, output.Timestamp.Value - firstOut.Timestamp.Value);
            AssertSame(input, output, format, out PayloadFacts facts);
            AssertOurs(output, consumer.Plan, at);
            keyFrames += facts.IsKeyFrame ? 1 : 0;
        }

        Assert.InRange(keyFrames, 1, 10);
        Assert.Equal(keyFrames, producer.GetStatistics().KeyFrames);
    }

    private static void AssertSame(in RtpPacket input, in RtpPacket output, PayloadFormat format, out PayloadFacts facts)
    {
        Assert.Equal(input.Payload.ToArray(), output.Payload.ToArray());
        Assert.Equal(input.Marker, output.Marker);
        Assert.True(PayloadReader.TryRead(format, input.Payload, input.Marker, out PayloadFacts sent));
        Assert.True(PayloadReader.TryRead(format, output.Payload, output.Marker, out facts));
        Assert.Equal(sent, facts);
    }

    private static void AssertOurs(in RtpPacket output, ConsumerPlan plan, Instant at)
    {
        Assert.Equal(plan.Ssrc, output.Ssrc);
        Assert.Equal(plan.PayloadType, output.PayloadType);
        Assert.True(output.TryGetExtension(plan.Extensions[HeaderExtensionKind.Mid], out ReadOnlySpan<byte> mid));
        Assert.True(mid.SequenceEqual(plan.Mid.Span));
        Assert.True(output.TryGetExtension(plan.Extensions[HeaderExtensionKind.AbsoluteSendTime], out ReadOnlySpan<byte> element));
        Assert.True(AbsoluteSendTime.TryRead(element, out AbsoluteSendTime time));
        Assert.Equal(AbsoluteSendTime.From(at), time);
    }

    // pcap: 24 bytes, then per packet 16 (seconds, microseconds, lengths) and Ethernet 14, IPv4 20, UDP 8.
    internal static IEnumerable<(Instant At, byte[] Packet)> Read(string name)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", "rtp", name + ".pcap"));
        uint start = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(24));
        for (int at = 24; at < file.Length;)
        {
            double seconds = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at)) - start + (BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 4)) / 1e6);
            int length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 8));
            yield return (Instant.FromMilliseconds(1000 * seconds), file[(at + 16 + 42)..(at + 16 + length)]);
            at += 16 + length;
        }
    }
}
