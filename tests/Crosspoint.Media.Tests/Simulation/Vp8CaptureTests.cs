using System.Buffers.Binary;
using Crosspoint.Media.Forwarding;
using Crosspoint.Media.Plans;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Media.Tests.Simulation;

/// <summary>A VP8 stream of a real browser goes through the router and comes out the same, under other numbers.</summary>
public class Vp8CaptureTests
{
    private const string Capture = "/work/shared/vectors/rtp/vp8.pcap";

    [CaptureFact(Capture)]
    public void Every_packet_of_a_captured_stream_arrives_as_it_was()
    {
        Room room = new();
        (FakePeer sender, Producer producer) = room.AddVideo();
        (FakePeer receiver, Consumer consumer) = room.Consume(producer);
        List<byte[]> originals = [];
        int keyFrames = 0;
        foreach ((Instant at, byte[] packet) in Read())
        {
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), producer.Plan.Encodings[0].Ssrc.Value);
            originals.Add(packet);
            keyFrames += KeyFrameStart.IsAt(MediaCodec.Vp8, Packets.Parse(packet).Payload) ? 1 : 0;
            room.Router.HandleRtp(at, sender.Transport, packet);
            room.Router.HandleTimeout(at);
        }

        Assert.True(originals.Count > 50);
        Assert.Equal(originals.Count, receiver.Sink.Rtp.Count);
        Assert.Equal(3, Math.Min(3, keyFrames));
        Assert.Equal(keyFrames, producer.GetStatistics().KeyFrames);
        RtpPacket firstIn = Packets.Parse(originals[0]);
        RtpPacket firstOut = Packets.Parse(receiver.Sink.Rtp[0].Packet);
        for (int i = 0; i < originals.Count; i++)
        {
            RtpPacket input = Packets.Parse(originals[i]);
            RtpPacket output = Packets.Parse(receiver.Sink.Rtp[i].Packet);
            Assert.Equal(input.Payload.ToArray(), output.Payload.ToArray());
            Assert.Equal(input.Marker, output.Marker);
            Assert.Equal(consumer.Plan.Ssrc, output.Ssrc);
            Assert.Equal((ushort)(input.SequenceNumber.Value - firstIn.SequenceNumber.Value), (ushort)(output.SequenceNumber.Value - firstOut.SequenceNumber.Value));
            Assert.Equal(input.Timestamp.Value - firstIn.Timestamp.Value, output.Timestamp.Value - firstOut.Timestamp.Value);
        }
    }

    // pcap: 24 bytes, then per packet 16 (seconds, microseconds, lengths) and Ethernet 14, IPv4 20, UDP 8.
    private static IEnumerable<(Instant At, byte[] Packet)> Read()
    {
        byte[] file = File.ReadAllBytes(Capture);
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
