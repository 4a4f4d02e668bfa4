using Crosspoint.Media.Allocation;
using Crosspoint.Media.Congestion;
using Crosspoint.Media.Plans;
using Crosspoint.Media.Tests.Negotiation;
using Crosspoint.Netem;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp.Extensions;
using Xunit.Abstractions;

namespace Crosspoint.Media.Tests.Routing;

/// <summary>A router and a subscriber whose network carries so much and no more.</summary>
public class CongestionTests(ITestOutputHelper output)
{
    [Fact]
    public void Probes_find_room_for_a_video_that_is_more_than_the_start_rate()
    {
        CongestedRoom room = Congested(5000);
        (_, Consumer consumer) = room.AddVideo(1500);
        room.Run(6);
        Tell(room);
        Assert.True(room.Kilobits(consumer, 3, 6) > 1350, $"{room.Kilobits(consumer, 3, 6)}");
        Assert.True(Downlink(room).Probes > 0);
        Assert.DoesNotContain(room.Events, one => one.Kind == RouterEventKind.Starved);
        Assert.InRange(consumer.GetStatistics().Drops[MediaDropReason.PacingQueueFull], 0, 100); // before the first probe came back
    }

    // A keyframe of 60 kB takes longer to leave than packets may wait. Given up, it is asked for again, and so on.
    [Theory]
    [InlineData(400, 12, 100)]
    [InlineData(1200, 3, 7)]
    public void A_keyframe_that_takes_long_to_leave_is_not_given_up(int patience, int least, int most)
    {
        RouterOptions options = new() { Pacing = new PacingOptions { MaxKeyFrameDelay = TimeSpan.FromMilliseconds(patience) } };
        CongestedRoom room = new(Plan(900), options) { KeyFrameKilobytes = 60, IsLayered = true };
        (_, Consumer consumer) = room.AddVideo(200);
        room.Run(10);
        output.WriteLine($"{room.KeyFrames} keyframes, {consumer.GetStatistics().Drops[MediaDropReason.PacingQueueFull]} given up");
        Assert.InRange(room.KeyFrames, least, most);
    }

    // Browsers ask every 200 ms until the first picture: of a keyframe that is half sent another copy would only wait as long again.
    [Fact]
    public void A_keyframe_that_still_waits_to_leave_is_not_asked_for_again()
    {
        CongestedRoom calm = new(Plan(900)) { KeyFrameKilobytes = 60, IsLayered = true };
        CongestedRoom asking = new(Plan(900)) { KeyFrameKilobytes = 60, IsLayered = true };
        calm.AddVideo(200);
        (_, Consumer consumer) = asking.AddVideo(200);
        for (double seconds = 0.2; seconds < 0.9; seconds += 0.2)
        {
            calm.Run(seconds);
            asking.Run(seconds);
            Assert.True(Downlink(asking).QueuedBytes > 0);
            Ask(asking, consumer);
        }

        calm.Run(5);
        asking.Run(5);
        Assert.Equal(0, Downlink(asking).QueuedBytes);
        Assert.Equal(calm.KeyFrames, asking.KeyFrames);
        Assert.Equal(4, consumer.GetStatistics().KeyFrameRequestsReceived);

        Ask(asking, consumer);
        calm.Run(5.5);
        asking.Run(5.5);
        Assert.Equal(calm.KeyFrames + 1, asking.KeyFrames);
    }

    // The last of it has just left; the link takes 20 ms, its queue some, and what is told of it 20 ms again.
    [Fact]
    public void A_keyframe_on_its_way_is_not_asked_for_again()
    {
        CongestedRoom calm = new(Plan(900)) { KeyFrameKilobytes = 60, IsLayered = true };
        CongestedRoom asking = new(Plan(900)) { KeyFrameKilobytes = 60, IsLayered = true };
        calm.AddVideo(200);
        (_, Consumer consumer) = asking.AddVideo(200);
        double seconds = 0.2;
        do
        {
            asking.Run(seconds += 0.01);
        }
        while (asking.Receiver.Sink.Rtp.Sum(sent => sent.Packet.Length) < 64_000); // all of it, with headers

        Ask(asking, consumer);
        calm.Run(5);
        asking.Run(5);
        Assert.Equal(calm.KeyFrames, asking.KeyFrames);
    }

    // The link falls to a third, and less is sent until the queue is gone. A keyframe of 24 kB, which all wait for, takes longer than packets may wait.
    [Fact]
    public void While_a_keyframe_waits_as_much_is_sent_as_the_link_carries_although_a_queue_drains()
    {
        CongestedRoom room = new(Plan(1000)) { IsLayered = true };
        room.AddVoice(ClientJson.ModernCapabilities);
        room.AddVoice(ClientJson.ModernCapabilities);
        room.AddVideo(240);
        room.Run(8);
        room.Link.Change(room.Now, Plan(330));
        room.KeyFrameKilobytes = 24;
        room.Run(9.3);
        Assert.Equal(4, room.KeyFrames);
        while (room.Now < Instant.FromMilliseconds(9900))
        {
            room.Run(room.Now.TotalMilliseconds / 1000 + 0.05);
            Assert.True(Downlink(room).QueuedBytes > 20_000);
            Assert.True(room.Link.QueuedBytes > 1500, $"{room.Now.TotalMilliseconds} ms: {room.Link.QueuedBytes} on the way");
        }

        Assert.Equal(4, room.KeyFrames);
    }

    // What waited was taken out for the next keyframe: its numbers are missing at the receiver, who asks for them.
    [Fact]
    public void What_was_taken_out_for_a_keyframe_is_not_sent_after_all()
    {
        CongestedRoom room = new(Plan(900)) { KeyFrameKilobytes = 60, IsLayered = true };
        (_, Consumer consumer) = room.AddVideo(200);
        room.Run(0.2);
        Assert.True(Downlink(room).QueuedBytes > 30_000);
        room.KeyFrameKilobytes = 1;
        room.Room.Router.RequestKeyFrame(room.Now, consumer);
        room.Run(0.45);
        Assert.Equal(2, room.KeyFrames);
        Assert.Equal(0, Downlink(room).QueuedBytes);

        ushort[] sent = [.. room.Receiver.Sink.Rtp.Select(one => one.Packet).Where(packet => Packets.Parse(packet).Ssrc == consumer.Plan.Ssrc).Select(packet => Packets.Parse(packet).SequenceNumber.Value)];
        ushort missing = (ushort)(sent.Zip(sent.Skip(1)).Single(pair => pair.Second != (ushort)(pair.First + 1)).First + 1);
        long dropped = consumer.GetStatistics().Drops[MediaDropReason.NackThrottled];
        room.Receiver.Rtcp(room.Now, (ref RtcpWriter writer) => GenericNack.TryWrite(ref writer, new Ssrc(9), consumer.Plan.Ssrc, [new SequenceNumber(missing)]));
        Assert.Equal(dropped + 1, consumer.GetStatistics().Drops[MediaDropReason.NackThrottled]);
        Assert.Equal(0, consumer.GetStatistics().Resent);

        // What the link lost is another matter.
        room.Receiver.Rtcp(room.Now, (ref RtcpWriter writer) => GenericNack.TryWrite(ref writer, new Ssrc(9), consumer.Plan.Ssrc, [new SequenceNumber(sent[^1])]));
        Assert.Equal(1, consumer.GetStatistics().Resent);
    }

    [Fact]
    public void Every_packet_has_a_number_of_its_own_in_the_order_in_which_they_left()
    {
        CongestedRoom room = Congested(3000);
        room.AddVideo(1000);
        room.AddVideo(500);
        room.Run(4);
        ushort? last = null;
        foreach ((_, byte[] bytes) in room.Receiver.Sink.Rtp)
        {
            Assert.True(Packets.Parse(bytes).TryGetExtension(5, out ReadOnlySpan<byte> element));
            Assert.True(TransportSequenceNumber.TryRead(element, out SequenceNumber number));
            Assert.True(last is null || number.Value == (ushort)(last + 1), $"{number.Value} after {last}");
            last = number.Value;
        }
    }

    [Fact]
    public void When_not_all_fits_the_lowest_priority_gets_nothing_and_is_told()
    {
        CongestedRoom room = Congested(1500);
        (_, Consumer low) = room.AddVideo(1000, priority: 1);
        (_, Consumer high) = room.AddVideo(1000, priority: 5);
        room.Run(12);
        Tell(room);
        Assert.Equal(Suspension.Bandwidth, low.Suspension);
        Assert.Equal(Suspension.None, high.Suspension);
        Assert.True(room.Kilobits(high, 6, 12) > 900, $"{room.Kilobits(high, 6, 12)}");
        Assert.True(room.Kilobits(low, 6, 12) < 50, $"{room.Kilobits(low, 6, 12)}");
        Assert.Contains(room.Events, one => one.Kind == RouterEventKind.Starved && one.Consumer == low && one.Suspension == Suspension.Bandwidth);
        Assert.True(room.Link.QueuedBytes < 40_000, $"{room.Link.QueuedBytes}");
    }

    [Fact]
    public void Who_got_nothing_is_sent_again_when_the_network_widens()
    {
        CongestedRoom room = Congested(300);
        (_, Consumer consumer) = room.AddVideo(1000);
        room.Run(6);
        Assert.Equal(Suspension.Bandwidth, consumer.Suspension);
        room.Link.Change(room.Now, Plan(3000));
        room.Run(20);
        Tell(room);
        Assert.Equal(Suspension.None, consumer.Suspension);
        Assert.True(room.Kilobits(consumer, 16, 20) > 900, $"{room.Kilobits(consumer, 16, 20)}");
        RouterEvent[] starved = [.. room.Events.Where(one => one.Kind == RouterEventKind.Starved)];
        Assert.Equal([Suspension.Bandwidth, Suspension.None], starved.Select(one => one.Suspension));
    }

    [Fact]
    public void The_estimate_is_told_at_most_once_a_second()
    {
        CongestedRoom room = Congested(2000);
        room.AddVideo(1000);
        room.Run(10);
        int told = room.Events.Count(one => one.Kind == RouterEventKind.BandwidthChanged);
        Assert.InRange(told, 2, 11);
    }

    // More sound than the estimate allows, of which feedback does not speak: charged to the pacer, it let no video leave, for good.
    [Fact]
    public void Sound_without_numbers_does_not_keep_video_from_leaving()
    {
        CongestedRoom room = Congested(2000);
        (_, Consumer video) = room.AddVideo(240);
        for (int i = 0; i < 9; i++)
        {
            Assert.False(room.AddVoice(ClientJson.ChromeCapabilities).Plan.Feedback.HasFlag(FeedbackFlags.TransportWide));
        }

        room.Run(6);
        Tell(room);
        Assert.True(room.Kilobits(video, 2, 6) > 200, $"{room.Kilobits(video, 2, 6)}");
        Assert.Equal(0, video.GetStatistics().Drops[MediaDropReason.PacingQueueFull]);
    }

    [Fact]
    public void Without_rtx_nothing_is_padded()
    {
        string plain = ClientJson.ModernCapabilities.Replace("video/rtx", "video/none", StringComparison.Ordinal);
        CongestedRoom room = Congested(5000);
        (_, Consumer consumer) = room.AddVideo(250, capabilities: plain);
        room.Run(4);
        Assert.Null(consumer.Plan.RtxPayloadType);
        Assert.Equal((0, 0), (Downlink(room).Probes, Downlink(room).PaddingBytes));
        Assert.True(room.Kilobits(consumer, 1, 4) > 200);
    }

    [Fact]
    public void Without_congestion_control_everything_leaves_at_once()
    {
        CongestedRoom room = new(Plan(300), new RouterOptions { CongestionControl = CongestionControl.None });
        (_, Consumer consumer) = room.AddVideo(1000);
        room.Run(2);
        Assert.Null(room.Receiver.Transport.GetDownlinkStatistics());
        Assert.Equal(Suspension.None, consumer.Suspension);
    }

    [Fact]
    public void Feedback_about_packets_never_sent_changes_nothing()
    {
        CongestedRoom room = Congested(3000);
        room.AddVideo(1000);
        room.Run(3);
        Bitrate before = Downlink(room).Target;
        for (int i = 0; i < 50; i++)
        {
            byte[] bytes = new byte[400];
            RtcpWriter writer = new(bytes);
            Instant[] arrivals = [.. Enumerable.Range(0, 40).Select(j => room.Now + TimeSpan.FromMilliseconds(j))];
            TransportFeedbackWriter.TryWrite(ref writer, new Ssrc(1), new Ssrc(2), (byte)i, new SequenceNumber((ushort)(30_000 + (i * 40))), arrivals);
            room.Room.Router.HandleRtcp(room.Now, room.Receiver.Transport, writer.Written);
        }

        Assert.True(Downlink(room).FeedbackNeverSent >= 2000);
        Assert.Equal(before, Downlink(room).Target);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void A_remb_of_nothing_or_of_everything_is_survived(long bitsPerSecond)
    {
        Room room = new();
        (FakePeer sender, Producer producer) = room.AddVideo();
        (FakePeer receiver, Consumer consumer) = room.Consume(producer, ClientJson.RembCapabilities);
        Assert.True(consumer.Plan.Feedback.HasFlag(FeedbackFlags.EstimatedMaximumBitrate));
        receiver.Rtcp(Instant.Zero, (ref RtcpWriter writer) => ReceiverEstimatedMaximumBitrate.TryWrite(ref writer, new Ssrc(9), new Bitrate(bitsPerSecond), [consumer.Plan.Ssrc]));
        room.Router.HandleRtp(Instant.FromMilliseconds(10), sender.Transport, Packets.Rtp(producer.Plan, 1, 0, Packets.Key));
        room.RunUntil(3000);
        Bitrate target = receiver.Transport.GetDownlinkStatistics()!.Value.Target;
        Assert.InRange(target.BitsPerSecond, 30_000, 50_000_000);
    }

    [Fact]
    public void A_sender_is_told_when_its_packets_came()
    {
        Room room = new();
        (FakePeer sender, Producer producer) = room.AddVideo(ClientJson.ModernVideo);
        room.Consume(producer);
        for (int i = 0; i < 30; i++)
        {
            Instant now = Instant.FromMilliseconds(10 * i);
            room.RunUntil(now.TotalMilliseconds);
            byte[] packet = Packets.Rtp(producer.Plan, i, (uint)(i * 900), Packets.Key, (HeaderExtensionKind.TransportSequenceNumber, [0, (byte)i]));
            room.Router.HandleRtp(now, sender.Transport, packet);
            room.Router.HandleRtp(now, sender.Transport, packet); // Twice: noted once, and neither breaks the other.
        }

        room.RunUntil(500);
        HashSet<ushort> reported = [];
        foreach ((_, byte[] datagram) in sender.Sink.Rtcp)
        {
            Assert.True(RtcpReader.TryOpen(datagram, out RtcpReader reader));
            while (reader.TryRead(out RtcpPacket packet))
            {
                if (TransportFeedback.TryParse(packet, out TransportFeedback feedback))
                {
                    foreach (TransportFeedbackStatus status in feedback)
                    {
                        Assert.True(status.Received);
                        reported.Add(status.Sequence.Value);
                    }
                }
            }
        }

        Assert.Equal(Enumerable.Range(0, 30).Select(i => (ushort)i), reported.Order());
    }

    [Fact]
    public void A_sender_without_transport_wide_feedback_is_told_by_remb()
    {
        Room room = new();
        (FakePeer sender, Producer producer) = room.AddVideo(ClientJson.RembVideo);
        room.Consume(producer);
        for (int i = 0; i < 300; i++)
        {
            Instant now = Instant.FromMilliseconds(10 * i);
            room.RunUntil(now.TotalMilliseconds);
            byte[] time = new byte[3];
            AbsoluteSendTime.From(now).Write(time);
            room.Router.HandleRtp(now, sender.Transport, Packets.Rtp(producer.Plan, i, (uint)(i * 900), Packets.Key, (HeaderExtensionKind.AbsoluteSendTime, time)));
        }

        int estimates = Packets.Kinds(sender.Sink.Rtcp).Count(kind => kind == RtcpKind.ReceiverEstimatedMaximumBitrate);
        Assert.InRange(estimates, 2, 5);
        Assert.DoesNotContain(RtcpKind.TransportFeedback, Packets.Kinds(sender.Sink.Rtcp));
    }

    private static void Ask(CongestedRoom room, Consumer consumer) =>
        room.Receiver.Rtcp(room.Now, (ref RtcpWriter writer) => PictureLossIndication.TryWrite(ref writer, new Ssrc(9), consumer.Plan.Ssrc));

    private static CongestedRoom Congested(double kilobits) => new(Plan(kilobits));

    private static LinkPlan Plan(double kilobits) => new()
    {
        Rate = RatePlan.Steady(kilobits),
        Delay = TimeSpan.FromMilliseconds(20),
    };

    private static DownlinkStatistics Downlink(CongestedRoom room) => room.Receiver.Transport.GetDownlinkStatistics()!.Value;

    private void Tell(CongestedRoom room)
    {
        output.WriteLine($"{Downlink(room)}");
        foreach (RouterEvent one in room.Events)
        {
            output.WriteLine($"{one.Kind} {one.Suspension} {one.Estimate} {one.CurrentLayer} {one.TargetLayer}");
        }
    }
}
