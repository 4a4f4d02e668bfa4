using Crosspoint.Micro.Allocations;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Statistics;
using Crosspoint.Rtc.Streams;
using Crosspoint.Rtc.Tests.Rtp;

namespace Crosspoint.Rtc.Tests.Streams;

public sealed class RtpStreamTests
{
    private static readonly Ssrc Media = new(0xA);
    private static readonly Ssrc Rtx = new(0xB);
    private static readonly NtpClock Clock = new(Instant.Zero, new(0xEE00_0000_0000_0000));

    [Theory]
    [InlineData(10)]
    [InlineData(150)]
    public void A_sender_and_a_receiver_repair_a_lossy_link_and_agree_on_the_round_trip(int delay)
    {
        const int Seed = 12;
        Random random = new(Seed);
        using RetransmissionBuffer buffer = new(new PacketBlockPool(), new RetransmissionBufferOptions());
        RtpSendStream sender = Sender();
        RtpReceiveStream receiver = Receiver();
        PriorityQueue<byte[], long> toReceiver = new();
        PriorityQueue<byte[], long> toSender = new();
        HashSet<ushort> received = [];
        ushort sequence = 65_000;
        for (int ms = 0; ms < 6000; ms++)
        {
            Instant now = Instant.FromMilliseconds(ms);
            if (ms % 5 == 0 && ms < 3000)
            {
                byte[] packet = RtpBytes.Packet([], [(byte)sequence, (byte)(sequence >> 8), 3], Fields(sequence, ms));
                Assert.Equal(StoreVerdict.Stored, buffer.Store(now, new(sequence), packet.AsSpan(0, 12), packet.AsSpan(12)));
                sender.HandleSent(now, new((uint)(ms * 90)), 12, 3);
                Send(toReceiver, packet, ms);
                sequence++;
            }

            if (ms % 500 == 0 && sender.TryGetSenderInfo(now, Clock, out SenderInfo info))
            {
                Transmit(toReceiver, ms, (ref RtcpWriter w) => SenderReport.TryWrite(ref w, Media, info, []));
            }

            while (toReceiver.TryPeek(out byte[]? packet, out long at) && at <= ms)
            {
                toReceiver.Dequeue();
                Receive(receiver, now, packet, received);
            }

            Transmit(toSender, ms, (ref RtcpWriter w) => receiver.TryWriteNack(now, TimeSpan.FromMilliseconds(2 * delay), ref w, new(1)));
            if (ms % 500 == 250 && receiver.TryTakeReport(now, out ReportBlock block))
            {
                Transmit(toSender, ms, (ref RtcpWriter w) => ReceiverReport.TryWrite(ref w, new(1), [block]));
            }

            while (toSender.TryPeek(out byte[]? packet, out long at) && at <= ms)
            {
                toSender.Dequeue();
                Answer(now, packet);
            }
        }

        Assert.InRange(received.Count, 597, 600);
        Assert.InRange(sender.RoundTripTime.Smoothed.TotalMilliseconds, (2 * delay) - 1, (2 * delay) + 2);
        ReceiveStreamStatistics receiverSide = receiver.GetStatistics();
        SendStreamStatistics senderSide = sender.GetStatistics();
        Assert.Equal(600, senderSide.PacketsSent);
        Assert.Equal(1800, senderSide.BytesSent);
        Assert.True(receiverSide.PacketsRecovered > 60, $"seed {Seed}: {receiverSide}");
        Assert.True(senderSide.RetransmittedPacketsSent >= receiverSide.PacketsRecovered, $"{senderSide}");
        Assert.InRange(senderSide.RemotePacketsLost, 60, 180);

        void Send(PriorityQueue<byte[], long> wire, byte[] packet, int ms)
        {
            if (random.Next(100) >= 20)
            {
                wire.Enqueue(packet, ms + delay);
            }
        }

        void Transmit(PriorityQueue<byte[], long> wire, int ms, RtcpWrite write)
        {
            byte[] bytes = new byte[1200];
            RtcpWriter writer = new(bytes);
            write(ref writer);
            if (writer.Length > 0)
            {
                Send(wire, bytes[..writer.Length], ms);
            }
        }

        void Answer(Instant now, byte[] packet)
        {
            Assert.True(RtcpReader.TryOpen(packet, out RtcpReader reader));
            Assert.True(reader.TryRead(out RtcpPacket rtcp));
            if (ReceiverReport.TryParse(rtcp, out ReceiverReport report))
            {
                sender.HandleReport(Clock.ToNtp(now), report.Blocks[0]);
            }
            else if (GenericNack.TryParse(rtcp, out GenericNack nack))
            {
                byte[] header = new byte[100];
                foreach (SequenceNumber number in nack)
                {
                    if (sender.TryResend(now, number, buffer, header, out int length, out ReadOnlySpan<byte> payload) == ResendVerdict.Resent)
                    {
                        Send(toReceiver, [.. header[..length], .. payload], (int)now.TotalMilliseconds);
                    }
                }
            }
        }
    }

    [Fact]
    public void A_copy_is_not_sent_again_before_it_can_have_arrived()
    {
        using RetransmissionBuffer buffer = new(new PacketBlockPool(), new RetransmissionBufferOptions());
        RtpSendStream sender = Sender();
        byte[] packet = RtpBytes.Packet([], [1, 2, 3], Fields(7, 0));
        buffer.Store(Instant.Zero, new(7), packet.AsSpan(0, 12), packet.AsSpan(12));
        Assert.Equal(ResendVerdict.NotFound, Resend(6, 0));
        Assert.Equal(ResendVerdict.Resent, Resend(7, 0));
        Assert.Equal(ResendVerdict.Throttled, Resend(7, 87));
        Assert.Equal(ResendVerdict.Resent, Resend(7, 88));
        Assert.Equal(ResendVerdict.NoRoom, sender.TryResend(Instant.FromMilliseconds(300), new(7), buffer, new byte[5], out _, out _));
        SendStreamStatistics statistics = sender.GetStatistics();
        Assert.Equal((5, 2, 1, 1), (statistics.PacketsNacked, statistics.RetransmittedPacketsSent, statistics.PacketsUnanswered, statistics.PacketsThrottled));

        ResendVerdict Resend(ushort sequence, int ms) =>
            sender.TryResend(Instant.FromMilliseconds(ms), new(sequence), buffer, new byte[20], out _, out _);
    }

    [Fact]
    public void Without_an_rtx_stream_a_copy_is_the_packet_itself()
    {
        using RetransmissionBuffer buffer = new(new PacketBlockPool(), new RetransmissionBufferOptions());
        RtpSendStream sender = new(new RtpSendStreamOptions { Ssrc = Media, ClockRate = 90_000 }, new SeededRandomSource(1));
        byte[] packet = RtpBytes.Packet([(3, [1])], [1, 2, 3], Fields(7, 0));
        buffer.Store(Instant.Zero, new(7), packet.AsSpan(0, 20), packet.AsSpan(20));
        byte[] header = new byte[20];
        Assert.Equal(ResendVerdict.Resent, sender.TryResend(Instant.Zero, new(7), buffer, header, out int length, out ReadOnlySpan<byte> payload));
        byte[] copy = [.. header[..length], .. payload];
        Assert.Equal(packet, copy);
    }

    [Fact]
    public void A_sender_report_carries_the_rtp_time_on_to_now()
    {
        RtpSendStream sender = Sender();
        Assert.False(sender.TryGetSenderInfo(Instant.Zero, Clock, out _));
        sender.HandleSent(Instant.FromMilliseconds(1000), new(0xFFFF_FFF0), 20, 100);
        sender.HandleSent(Instant.FromMilliseconds(1010), new(0xFFFF_FF00), 20, 50); // out of order: not the reference
        Assert.True(sender.TryGetSenderInfo(Instant.FromMilliseconds(1500), Clock, out SenderInfo info));
        Assert.Equal(new SenderInfo(new(0xEE00_0001_8000_0000), new(unchecked(0xFFFF_FFF0 + 45_000)), 2, 150), info);
    }

    [Fact]
    public void A_receiver_report_quotes_the_last_sender_report()
    {
        RtpReceiveStream receiver = Receiver();
        Assert.False(receiver.TryTakeReport(Instant.Zero, out _));
        receiver.Handle(Instant.Zero, RtpBytes.Parse(RtpBytes.Packet([], [1], Fields(5, 0))));
        receiver.TryTakeReport(Instant.Zero, out ReportBlock block);
        Assert.Equal(NtpShort.Zero, block.LastSenderReport);
        receiver.HandleSenderReport(Instant.FromMilliseconds(100), new SenderInfo(new(0x1111_2222_3333_4444), default, 1, 1));
        receiver.TryTakeReport(Instant.FromMilliseconds(600), out block);
        Assert.Equal((0x2222_3333u, 32768u), (block.LastSenderReport.Value, block.DelaySinceLastSenderReport.Value));
    }

    [Fact]
    public void A_restarted_sender_is_followed()
    {
        RtpReceiveStream receiver = Receiver();
        receiver.Handle(Instant.Zero, RtpBytes.Parse(RtpBytes.Packet([], [1], Fields(5, 0))));
        Assert.Equal(SequenceVerdict.Implausible, receiver.Handle(Instant.Zero, RtpBytes.Parse(RtpBytes.Packet([], [1], Fields(30_000, 0)))).Sequence);
        Assert.Equal(SequenceVerdict.Restarted, receiver.Handle(Instant.Zero, RtpBytes.Parse(RtpBytes.Packet([], [1], Fields(30_001, 0)))).Sequence);
        Assert.Equal(new ReceiveVerdict(SequenceVerdict.Newest, NackVerdict.InOrder), receiver.Handle(Instant.Zero, RtpBytes.Parse(RtpBytes.Packet([], [1], Fields(30_002, 0)))));
        Assert.True(receiver.NextTimeout.IsNever);
    }

    [Fact]
    public void A_probe_on_the_rtx_stream_is_counted_and_is_no_packet()
    {
        RtpReceiveStream receiver = Receiver();
        byte[] probe = [.. Convert.FromHexString("A061000500000000" + "0000000B"), .. new byte[99], 100];
        Assert.False(receiver.TryHandleRtx(Instant.Zero, probe, new(96), out _));
        Assert.Equal(1, receiver.GetStatistics().RetransmittedPacketsReceived);
        Assert.True(receiver.TryTakeRtxReport(out ReportBlock block));
        Assert.Equal(Rtx, block.Ssrc);
    }

    [Fact]
    public void Sending_receiving_and_repairing_allocate_nothing()
    {
        using RetransmissionBuffer buffer = new(new PacketBlockPool(), new RetransmissionBufferOptions { MaxPackets = 64 });
        RtpSendStream sender = Sender();
        RtpReceiveStream receiver = Receiver();
        byte[] packet = RtpBytes.Packet([(1, [2])], new byte[1000], Fields(0, 0));
        byte[] copy = new byte[1100];
        ushort sequence = 0;
        int ms = 0;
        Assert.Equal(0, AllocationMeter.Count(1000, () =>
        {
            Instant now = Instant.FromMilliseconds(ms += 3);
            RtpHeaderWriter.Overwrite(packet, Fields(++sequence, ms));
            buffer.Store(now, new(sequence), packet.AsSpan(0, 20), packet.AsSpan(20));
            sender.HandleSent(now, new(1), 20, 1000);
            if (sequence % 8 != 0)
            {
                receiver.Handle(now, RtpBytes.Parse(packet));
                return;
            }

            sender.TryResend(now, new(sequence), buffer, copy, out int length, out ReadOnlySpan<byte> payload);
            payload.CopyTo(copy.AsSpan(length));
            receiver.TryHandleRtx(now, copy.AsSpan(0, length + payload.Length), new(96), out _);
            receiver.TryTakeReport(now, out ReportBlock block);
            sender.HandleReport(Clock.ToNtp(now), block);
        }));
    }

    private delegate void RtcpWrite(ref RtcpWriter writer);

    private static void Receive(RtpReceiveStream receiver, Instant now, byte[] bytes, HashSet<ushort> received)
    {
        if (bytes[1] == 200)
        {
            Assert.True(RtcpReader.TryOpen(bytes, out RtcpReader reader) && reader.TryRead(out RtcpPacket rtcp) && Note(receiver, now, rtcp));
            return;
        }

        Span<byte> packet = bytes;
        RtpPacket rtp = RtpBytes.Parse(packet);
        if (rtp.Ssrc == Rtx)
        {
            Assert.True(receiver.TryHandleRtx(now, packet, new(96), out _));
            packet = packet[2..];
            rtp = RtpBytes.Parse(packet);
        }
        else
        {
            receiver.Handle(now, rtp);
        }

        Assert.Equal(Media, rtp.Ssrc);
        Assert.Equal(rtp.SequenceNumber.Value, rtp.Payload[0] | (rtp.Payload[1] << 8));
        received.Add(rtp.SequenceNumber.Value);
    }

    private static bool Note(RtpReceiveStream receiver, Instant now, in RtcpPacket rtcp)
    {
        Assert.True(SenderReport.TryParse(rtcp, out SenderReport report));
        receiver.HandleSenderReport(now, report.Info);
        return true;
    }

    private static RtpHeaderFields Fields(ushort sequence, int ms) => new(new(96), true, new(sequence), new((uint)(ms * 90)), Media);

    private static RtpSendStream Sender() => new(
        new RtpSendStreamOptions { Ssrc = Media, ClockRate = 90_000, RtxSsrc = Rtx, RtxPayloadType = new(97) }, new SeededRandomSource(1));

    private static RtpReceiveStream Receiver() => new(
        new RtpReceiveStreamOptions { Ssrc = Media, ClockRate = 90_000, RtxSsrc = Rtx, Nack = new NackOptions() });
}
