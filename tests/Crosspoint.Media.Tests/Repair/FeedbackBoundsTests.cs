using Crosspoint.Media.Forwarding;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Media.Tests.Repair;

/// <summary>What receivers ask of us, and too much of it; reference times and their answers.</summary>
public class FeedbackBoundsTests
{
    private readonly Room _room = new();

    [Fact]
    public void A_storm_of_numbers_is_looked_for_only_so_far()
    {
        (FakePeer peer, Producer producer) = _room.AddVideo();
        (FakePeer receiver, Consumer consumer) = _room.Consume(producer);
        _room.Router.HandleRtp(Instant.Zero, peer.Transport, Packets.Rtp(producer.Plan, 0, 0, Packets.Key));
        SequenceNumber[] storm = [.. Enumerable.Range(0, 4000).Select(i => new SequenceNumber((ushort)(i * 3)))];
        for (int i = 0; i < 20; i++)
        {
            receiver.Rtcp(Instant.FromMilliseconds(10), (ref RtcpWriter writer) => GenericNack.TryWrite(ref writer, new(1), consumer.Plan.Ssrc, storm));
        }

        Assert.Equal(1000, consumer.GetStatistics().NacksReceived);
        Assert.True(consumer.GetStatistics().Drops[MediaDropReason.NackThrottled] >= 15);
        Assert.Equal(1, receiver.Sink.RtpCount);

        // The next window is a new one: the packet that was sent is sent again.
        SequenceNumber sent = Packets.Parse(receiver.Sink.Rtp[0].Packet).SequenceNumber;
        receiver.Rtcp(Instant.FromMilliseconds(110), (ref RtcpWriter writer) => GenericNack.TryWrite(ref writer, new(1), consumer.Plan.Ssrc, [sent]));
        Assert.Equal(2, receiver.Sink.RtpCount);
    }

    [Fact]
    public void Numbers_that_were_never_sent_are_counted_and_bring_nothing()
    {
        (FakePeer peer, Producer producer) = _room.AddVideo();
        (FakePeer receiver, Consumer consumer) = _room.Consume(producer);
        _room.Router.HandleRtp(Instant.Zero, peer.Transport, Packets.Rtp(producer.Plan, 0, 0, Packets.Key));
        SequenceNumber sent = Packets.Parse(receiver.Sink.Rtp[0].Packet).SequenceNumber;
        receiver.Rtcp(Instant.FromMilliseconds(10), (ref RtcpWriter writer) => GenericNack.TryWrite(ref writer, new(1), consumer.Plan.Ssrc, [sent + 1, sent + 2, sent + 30_000]));
        receiver.Rtcp(Instant.FromMilliseconds(10), (ref RtcpWriter writer) => GenericNack.TryWrite(ref writer, new(1), new Ssrc(1), [sent]));
        Assert.Equal(3, consumer.GetStatistics().Drops[MediaDropReason.NackNotStored]);
        Assert.Equal(1, receiver.Transport.GetStatistics().Drops[MediaDropReason.RtcpUnknownSsrc]);
        Assert.Equal(1, receiver.Sink.RtpCount);
    }

    [Fact]
    public void A_loss_that_will_not_be_repaired_ends_in_one_request_for_a_keyframe()
    {
        (FakePeer peer, Producer producer) = _room.AddVideo();
        _room.Consume(producer);
        _room.Router.HandleRtp(Instant.Zero, peer.Transport, Packets.Rtp(producer.Plan, 0, 0, Packets.Key));
        _room.Router.HandleRtp(Instant.Zero, peer.Transport, Packets.Rtp(producer.Plan, 2, 3000, Packets.Delta));
        int before = producer.GetStatistics().KeyFrameRequestsSent is var requests ? (int)requests : 0;
        _room.RunUntil(3000);
        Assert.InRange(producer.GetStatistics().NacksSent, 5, 10);
        Assert.True(producer.GetStatistics().KeyFrameRequestsSent > before);
    }

    [Fact]
    public void Who_tells_its_reference_time_is_answered_once_with_the_next_report()
    {
        (FakePeer peer, Producer producer) = _room.AddVideo();
        (FakePeer receiver, _) = _room.Consume(producer);
        _room.Router.HandleRtp(Instant.Zero, peer.Transport, Packets.Rtp(producer.Plan, 0, 0, Packets.Key));
        NtpTimestamp time = new(0xE123_4567_89AB_CDEF);
        receiver.Rtcp(Instant.FromMilliseconds(100), (ref RtcpWriter writer) => ExtendedReport.TryWriteReferenceTime(ref writer, new Ssrc(55), time));
        _room.RunUntil(5000);
        List<(Instant At, DelaySinceLastReceiverReport Delay)> answers = [.. Answers(receiver)];
        (Instant at, DelaySinceLastReceiverReport answer) = Assert.Single(answers);
        Assert.Equal((new Ssrc(55), time.Middle), (answer.Ssrc, answer.LastReceiverReport));
        Assert.Equal((at - Instant.FromMilliseconds(100)).TotalMilliseconds, answer.Delay.ToTimeSpan().TotalMilliseconds, 0.1);
    }

    // Sources in the order they tell; which are answered.
    [Theory]
    [InlineData("1", "1")]
    [InlineData("1 2 1", "1 2")] // the newer time takes the older's place
    [InlineData("1 2 3 4", "1 2 3 4")]
    [InlineData("1 2 3 4 5 6", "3 4 5 6")]
    public void Only_so_many_sources_are_remembered(string told, string answered)
    {
        ReferenceTimes times = default;
        foreach (string source in told.Split(' '))
        {
            times.Add(Instant.Zero, new(uint.Parse(source)), new NtpTimestamp(1UL << 32));
        }

        DelaySinceLastReceiverReport[] into = new DelaySinceLastReceiverReport[ReferenceTimes.Kept];
        int count = times.Take(Instant.FromMilliseconds(1), into);
        Assert.Equal(answered, string.Join(' ', into[..count].Select(delay => delay.Ssrc.Value)));
        Assert.False(times.Any);
    }

    private static List<(Instant At, DelaySinceLastReceiverReport Delay)> Answers(FakePeer peer)
    {
        List<(Instant, DelaySinceLastReceiverReport)> answers = [];
        foreach ((Instant at, byte[] datagram) in peer.Sink.Rtcp)
        {
            Assert.True(RtcpReader.TryOpen(datagram, out RtcpReader reader));
            while (reader.TryRead(out RtcpPacket packet))
            {
                if (ExtendedReport.TryParse(packet, out ExtendedReport report))
                {
                    for (int i = 0; i < report.DelayCount; i++)
                    {
                        answers.Add((at, report.GetDelay(i)));
                    }
                }
            }
        }

        return answers;
    }
}
