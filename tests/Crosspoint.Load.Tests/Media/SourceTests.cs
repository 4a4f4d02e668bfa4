using Crosspoint.Contracts.Rtp;
using Crosspoint.Load.Media;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Load.Tests.Media;

public class SourceTests
{
    private static readonly Instant Start = Instant.FromMilliseconds(1000);

    [Fact]
    public void Opus_is_fifty_packets_a_second_of_varying_size()
    {
        OpusSource source = new(new TrackDescription(MediaKind.Audio, 1, "0"), MediaProfile.AudioOnly, seed: 1);
        List<int> sizes = [.. Packets(source, TimeSpan.FromSeconds(2)).Select(packet => packet.Payload.Length)];

        Assert.InRange(sizes.Count, 99, 101);
        Assert.InRange(sizes.Min(), 80, 90);
        Assert.InRange(sizes.Max(), 110, 120);
    }

    [Fact]
    public void Video_keeps_its_bitrate_between_keyframes()
    {
        Vp8Source source = Video(2);
        List<Sent> packets = Packets(source, TimeSpan.FromSeconds(5));
        uint first = packets[0].Timestamp;
        double bits = packets.Where(packet => packet.Timestamp != first).Sum(packet => packet.Payload.Length * 8.0);

        Assert.InRange(bits / 5, 1.9e6, 2.1e6);
        Assert.Equal(150, packets.Count(packet => packet.Marker));
    }

    [Fact]
    public void The_first_frame_is_a_keyframe_that_a_server_can_read()
    {
        List<Sent> packets = Packets(Video(2), TimeSpan.FromSeconds(1));

        Assert.True(IsKeyFrame(packets[0]));
        Assert.Equal([packets[0].Timestamp], packets.Where(IsKeyFrame).Select(packet => packet.Timestamp).Distinct());
    }

    [Fact]
    public void Whoever_asks_gets_a_keyframe_with_the_next_frame()
    {
        Vp8Source source = Video(2);
        Packets(source, TimeSpan.FromSeconds(1));
        source.RequestKeyFrame();

        Assert.True(IsKeyFrame(Packets(source, TimeSpan.FromSeconds(0.1), Start + TimeSpan.FromSeconds(1))[0]));
    }

    [Fact]
    public void A_frame_leaves_at_once_unless_it_is_paced()
    {
        Vp8Source paced = new(new TrackDescription(MediaKind.Video, 1, "1"), MediaProfile.Video(2) with { Pacing = TimeSpan.FromMilliseconds(5) }, seed: 1);

        Assert.Single(Packets(Video(2), TimeSpan.FromSeconds(0.1)).GroupBy(packet => packet.Timestamp).First().Select(packet => packet.Due).Distinct());
        Assert.True(Packets(paced, TimeSpan.FromSeconds(0.1)).GroupBy(packet => packet.Timestamp).First().Select(packet => packet.Due).Distinct().Count() > 1);
    }

    [Fact]
    public void After_a_pause_old_frames_are_left_out()
    {
        Vp8Source source = Video(2);
        source.Begin(Start);
        Instant later = Start + TimeSpan.FromSeconds(30);
        source.Resume(later);

        Assert.Equal(later, source.Due);
    }

    private static Vp8Source Video(double megabits) => new(new TrackDescription(MediaKind.Video, 1, "1"), MediaProfile.Video(megabits), seed: 1);

    private static bool IsKeyFrame(Sent packet) =>
        Vp8Descriptor.TryRead(packet.Payload, out Vp8Descriptor descriptor) && descriptor.IsKeyFrame(packet.Payload);

    private static List<Sent> Packets(TrackSource source, TimeSpan length) => Packets(source, length, Start);

    private static List<Sent> Packets(TrackSource source, TimeSpan length, Instant from)
    {
        if (from == Start)
        {
            source.Begin(from);
        }

        List<Sent> packets = [];
        byte[] payload = new byte[2048];
        byte[] header = new byte[64];
        while (source.Due < from + length)
        {
            Instant due = source.Due;
            int bytes = source.WritePayload(due, payload, out bool marker);
            int headerLength = source.WriteHeader(due, header, marker, bytes);
            Assert.True(RtpPacket.TryParse([.. header[..headerLength], .. payload[..bytes]], out RtpPacket packet));
            packets.Add(new Sent(due, packet.Timestamp.Value, packet.Marker, packet.Payload.ToArray()));
        }

        return packets;
    }

    private sealed record Sent(Instant Due, uint Timestamp, bool Marker, byte[] Payload);
}
