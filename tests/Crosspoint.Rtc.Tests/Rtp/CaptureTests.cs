using Crosspoint.Micro.Allocations;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Rtc.Tests.Rtp;

public sealed class CaptureTests
{
    [Theory]
    [InlineData("vp8", 104)]
    [InlineData("av1", 201)]
    public void Every_header_of_a_capture_reads_as_the_analyser_read_it(string name, int count)
    {
        List<Capture.Packet> packets = Capture.Read(name);
        Assert.Equal(count, packets.Count);
        foreach (Capture.Packet expected in packets)
        {
            RtpPacket packet = RtpBytes.Parse(expected.Rtp);
            Assert.Equal(
                (expected.Ssrc, expected.Sequence, expected.Timestamp, expected.Marker, expected.FrameSize),
                (packet.Ssrc.Value, packet.SequenceNumber.Value, packet.Timestamp.Value, packet.Marker, packet.Bytes.Length + Capture.Overhead));
        }
    }

    [Fact]
    public void Every_vp8_packet_is_told_apart_as_the_analyser_did()
    {
        Dictionary<string, int> kinds = [];
        int lastPictureId = -1;
        foreach (Capture.Packet expected in Capture.Read("vp8"))
        {
            RtpPacket packet = RtpBytes.Parse(expected.Rtp);
            Assert.True(Vp8Descriptor.TryRead(packet.Payload, out Vp8Descriptor descriptor));
            Assert.True(PayloadReader.TryRead(PayloadFormat.Vp8, packet.Payload, packet.Marker, out PayloadFacts facts));
            string kind = facts.IsKeyFrame ? "Keyframe" : facts.IsStartOfFrame ? "Interframe" : "Continuation";
            Assert.EndsWith(kind, expected.Line, StringComparison.Ordinal);
            Assert.Equal(expected.Marker, facts.IsEndOfFrame);
            Assert.Equal(facts.IsKeyFrame, facts.Width > 0);
            Assert.True(descriptor.HasPictureId && descriptor.IsPictureIdLong && descriptor.HasTl0PictureIndex);
            Assert.True(lastPictureId < 0 || descriptor.PictureId == lastPictureId + (facts.IsStartOfFrame ? 1 : 0), expected.Line);
            lastPictureId = descriptor.PictureId;
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        }

        Assert.Equal((3, 98, 3), (kinds["Keyframe"], kinds["Interframe"], kinds["Continuation"]));
    }

    [Fact]
    public void The_first_vp8_keyframe_has_its_size()
    {
        RtpPacket packet = RtpBytes.Parse(Capture.Read("vp8")[0].Rtp);
        PayloadReader.TryRead(PayloadFormat.Vp8, packet.Payload, packet.Marker, out PayloadFacts facts);
        Assert.Equal((240, 180), (facts.Width, facts.Height));
    }

    [Fact]
    public void Av1_packets_begin_with_a_new_sequence_and_their_frames_end_with_the_marker()
    {
        int keyFrames = 0;
        bool atStart = true;
        foreach (Capture.Packet expected in Capture.Read("av1"))
        {
            RtpPacket packet = RtpBytes.Parse(expected.Rtp);
            Assert.True(Av1Packet.TryRead(packet.Payload, out Av1Packet av1), expected.Line);
            Assert.True(PayloadReader.TryRead(PayloadFormat.Av1, packet.Payload, packet.Marker, out PayloadFacts facts));
            Assert.Equal(atStart, !av1.IsContinuation);
            Assert.Equal(atStart, facts.IsStartOfFrame);
            Assert.Equal(expected.Marker, !av1.IsContinued);
            Assert.Equal(expected.Marker, facts.IsEndOfFrame);
            Assert.Equal(facts.IsKeyFrame, av1.HasSequenceHeader);
            keyFrames += facts.IsKeyFrame ? 1 : 0;
            atStart = expected.Marker;
        }

        Assert.InRange(keyFrames, 1, 10);
    }

    [Fact]
    public void Reading_the_facts_of_a_capture_allocates_nothing()
    {
        byte[][] vp8 = [.. Capture.Read("vp8").Select(p => p.Rtp)];
        byte[][] av1 = [.. Capture.Read("av1").Select(p => p.Rtp)];
        int i = 0;
        Assert.Equal(0, AllocationMeter.Count(1000, () =>
        {
            RtpPacket packet = RtpBytes.Parse(vp8[i++ % vp8.Length]);
            PayloadReader.TryRead(PayloadFormat.Vp8, packet.Payload, packet.Marker, out _);
            packet = RtpBytes.Parse(av1[i % av1.Length]);
            PayloadReader.TryRead(PayloadFormat.Av1, packet.Payload, packet.Marker, out _);
        }));
    }

    [Theory]
    [InlineData("vp8", PayloadFormat.Vp8)]
    [InlineData("av1", PayloadFormat.Av1)]
    public void Prefixes_and_mutations_of_captured_payloads_never_throw(string name, PayloadFormat format)
    {
        foreach (Capture.Packet captured in Capture.Read(name).Take(12))
        {
            RtpPacket packet = RtpBytes.Parse(captured.Rtp);
            RtpBytes.Mutate(packet.Payload[..Math.Min(packet.Payload.Length, 120)], captured.Sequence, 3000, mutated =>
            {
                foreach (PayloadFormat other in Enum.GetValues<PayloadFormat>())
                {
                    PayloadReader.TryRead(other, mutated, true, out _);
                }

                Assert.True(format != PayloadFormat.Opaque);
            });
        }
    }
}
