using System.Buffers.Binary;
using Crosspoint.Media.Layers;
using Crosspoint.Media.Tests.Negotiation;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Media.Tests.Simulation;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Tests.Layers;

/// <summary>What Chromium sent as VP8 with two temporal layers, cut down for receivers: every cut obeys the rules of the descriptor.</summary>
public class CapturedLayerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void A_fixed_layer_of_the_capture_decodes(byte temporal)
    {
        (List<Frame> sent, List<Frame> received) = Play((_, _) => new LayerId(0, temporal));
        Check(sent, received);
        Assert.Equal(temporal == 0 ? sent.Count(frame => frame.Temporal == 0) : sent.Count, received.Count);
    }

    [Fact]
    public void Any_walk_through_the_capture_decodes()
    {
        for (int seed = 1; seed <= 50; seed++)
        {
            Random random = new(seed);
            (List<Frame> sent, List<Frame> received) = Play((_, current) => random.Next(5) == 0 ? new LayerId(0, (byte)random.Next(2)) : current);
            Check(sent, received);
            Assert.InRange(received.Count, 55, 104);
        }
    }

    // RFC 7741 §4.2: T0 needs T0; a frame with Y needs the T0 of its TL0PICIDX; another of T1 may need the T1 before.
    private static void Check(List<Frame> sent, List<Frame> received)
    {
        HashSet<int> came = [.. received.Select(frame => frame.Source)];
        int lastUpper = -1;
        foreach (Frame frame in sent)
        {
            bool isUpper = frame.Temporal > 0;
            Assert.True(isUpper || came.Contains(frame.Source), "a frame of the lowest layer is missing");
            if (isUpper && came.Contains(frame.Source))
            {
                Assert.True(frame.IsSync || lastUpper < 0 || came.Contains(lastUpper), $"frame {frame.Source} came without {lastUpper}");
            }

            lastUpper = frame.IsKey ? -1 : isUpper ? frame.Source : lastUpper;
        }

        for (int i = 1; i < received.Count; i++)
        {
            Assert.Equal((ushort)(received[i - 1].Sequence + 1), received[i].Sequence);
            int next = received[i - 1].Marker ? 1 : 0;
            Assert.Equal((received[i - 1].PictureId + next) & 0x7FFF, received[i].PictureId);
            Assert.Equal((byte)(received[i - 1].Tl0 + (received[i].Temporal == 0 ? next : 0)), received[i].Tl0);
        }
    }

    private static (List<Frame> Sent, List<Frame> Received) Play(Func<int, LayerId, LayerId> targetOf)
    {
        Room room = new();
        (FakePeer sender, Producer producer) = room.AddVideo(ClientJson.ChromeVideo);
        (FakePeer receiver, Consumer consumer) = room.Consume(producer, ClientJson.ChromeCapabilities);
        List<Frame> sent = [];
        List<Frame> received = [];
        LayerId target = LayerId.Highest;
        foreach ((Instant at, byte[] packet) in CaptureTests.Read("vp8"))
        {
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), producer.Plan.Encodings[0].Ssrc.Value);
            target = targetOf(sent.Count, target);
            consumer.SetTarget(at, target);
            sent.Add(Describe(packet, sent.Count));
            room.Router.HandleRtp(at, sender.Transport, packet);
            received.AddRange(receiver.Sink.Rtp.Select(entry => Describe(entry.Packet, sent.Count - 1)));
            receiver.Sink.Rtp.Clear();
        }

        return (sent, received);
    }

    private static Frame Describe(byte[] bytes, int source)
    {
        RtpPacket packet = Packets.Parse(bytes);
        Assert.True(Vp8Descriptor.TryRead(packet.Payload, out Vp8Descriptor descriptor));
        return new Frame(
            source,
            packet.SequenceNumber.Value,
            packet.Marker,
            descriptor.PictureId,
            descriptor.Tl0PictureIndex,
            descriptor.TemporalLayer,
            descriptor.IsLayerSync,
            descriptor.IsKeyFrame(packet.Payload));
    }

    private readonly record struct Frame(int Source, ushort Sequence, bool Marker, int PictureId, byte Tl0, byte Temporal, bool IsSync, bool IsKey);
}
