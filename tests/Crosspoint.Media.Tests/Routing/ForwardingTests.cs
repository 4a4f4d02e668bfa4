using Crosspoint.Media.Plans;
using Crosspoint.Media.Tests.Negotiation;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Media.Tests.Routing;

public class ForwardingTests
{
    private readonly Room _room = new();
    private readonly FakePeer _sender;
    private readonly Producer _producer;

    public ForwardingTests() => (_sender, _producer) = _room.AddVideo();

    [Fact]
    public void A_packet_reaches_its_consumer_with_the_consumers_numbers()
    {
        (FakePeer receiver, Consumer consumer) = _room.Consume(_producer);
        Send(0, 1000, Packets.Key, (HeaderExtensionKind.VideoOrientation, [3]), (HeaderExtensionKind.Mid, "1"u8.ToArray()));
        Send(33, 1001, Packets.Delta);

        Assert.Equal(2, receiver.Sink.Rtp.Count);
        RtpPacket first = Packets.Parse(receiver.Sink.Rtp[0].Packet);
        RtpPacket second = Packets.Parse(receiver.Sink.Rtp[1].Packet);
        Assert.Equal(consumer.Plan.Ssrc, first.Ssrc);
        Assert.Equal(new PayloadType(101), first.PayloadType);
        Assert.True(first.Marker);
        Assert.Equal(first.SequenceNumber.Next, second.SequenceNumber);
        Assert.Equal(33 * 90, RtpTimestamp.Distance(first.Timestamp, second.Timestamp));
        Assert.Equal(Packets.Key, first.Payload.ToArray());
        Assert.True(first.TryGetExtension(1, out ReadOnlySpan<byte> mid));
        Assert.Equal("0"u8.ToArray(), mid.ToArray());
        Assert.True(first.TryGetExtension(11, out ReadOnlySpan<byte> orientation));
        Assert.Equal([3], orientation.ToArray());
        Assert.True(first.TryGetExtension(4, out ReadOnlySpan<byte> sendTime));
        Assert.Equal(3, sendTime.Length);
    }

    [Fact]
    public void A_late_joiner_waits_for_a_keyframe_that_is_asked_for_once()
    {
        Send(0, 1, Packets.Key);
        (FakePeer one, Consumer first) = _room.Consume(_producer);
        (FakePeer two, _) = _room.Consume(_producer);
        Send(33, 2, Packets.Delta);
        Send(66, 3, Packets.Delta);
        Assert.Empty(one.Sink.Rtp);
        Assert.Equal(ConsumerState.AwaitingStart, first.State);
        Assert.Equal([RtcpKind.PictureLossIndication], Packets.Kinds(_sender.Sink.Rtcp));

        Send(100, 4, Packets.Key);
        Assert.Single(one.Sink.Rtp);
        Assert.Single(two.Sink.Rtp);
        Assert.Equal(ConsumerState.Forwarding, first.State);
        Assert.Equal(2, first.GetStatistics().Drops[MediaDropReason.AwaitingKeyFrame]);
    }

    [Fact]
    public void Nobody_asks_for_keyframes_that_nobody_wants()
    {
        Send(0, 1, Packets.Delta);
        _room.Consume(_producer, paused: true);
        Send(33, 2, Packets.Delta);
        _room.RunUntil(400);
        Assert.DoesNotContain(RtcpKind.PictureLossIndication, Packets.Kinds(_sender.Sink.Rtcp));
    }

    [Fact]
    public void A_pause_leaves_no_hole_and_resumes_at_a_keyframe()
    {
        (FakePeer receiver, Consumer consumer) = _room.Consume(_producer);
        Send(0, 10, Packets.Key);
        Send(33, 11, Packets.Delta);
        _room.Router.Pause(At(40), consumer);
        Send(66, 12, Packets.Delta);
        Send(100, 13, Packets.Key);
        _room.Router.Resume(At(120), consumer);
        Send(133, 14, Packets.Delta);
        Send(1000, 15, Packets.Key);
        Send(1033, 16, Packets.Delta);

        ushort[] sequences = Sequences(receiver);
        Assert.Equal([0, 1, 2, 3], sequences.Select(sequence => sequence - sequences[0]));
        Assert.Equal(90 * 1000, RtpTimestamp.Distance(Packets.Parse(receiver.Sink.Rtp[0].Packet).Timestamp, Packets.Parse(receiver.Sink.Rtp[2].Packet).Timestamp));
    }

    [Fact]
    public void A_paused_producer_is_silent_and_comes_back_at_a_keyframe()
    {
        (FakePeer receiver, _) = _room.Consume(_producer);
        Send(0, 10, Packets.Key);
        _room.Router.Pause(At(10), _producer);
        Send(33, 11, Packets.Delta);
        Send(66, 12, Packets.Key);
        Assert.Single(receiver.Sink.Rtp);
        _room.Router.Resume(At(1000), _producer);
        Assert.Contains(RtcpKind.PictureLossIndication, Packets.Kinds(_sender.Sink.Rtcp));
        Send(1033, 40, Packets.Delta);
        Send(1066, 41, Packets.Key);
        ushort[] sequences = Sequences(receiver);
        Assert.Equal([0, 1], sequences.Select(sequence => sequence - sequences[0]));
    }

    [Fact]
    public void A_restarted_producer_goes_on_where_it_was()
    {
        (FakePeer receiver, _) = _room.Consume(_producer);
        Send(0, 10, Packets.Key);
        Send(33, 11, Packets.Delta);
        SendAt(66, 30_000, 5, Packets.Key);
        SendAt(99, 30_001, 3005, Packets.Key);
        SendAt(133, 30_002, 6005, Packets.Delta);

        ushort[] sequences = Sequences(receiver);
        Assert.Equal([0, 1, 2, 3], sequences.Select(sequence => sequence - sequences[0]));
        Assert.Equal(1, _sender.Transport.GetStatistics().Drops[MediaDropReason.ImplausibleSequence]);
        Assert.Equal(66 * 90, RtpTimestamp.Distance(Packets.Parse(receiver.Sink.Rtp[1].Packet).Timestamp, Packets.Parse(receiver.Sink.Rtp[2].Packet).Timestamp));
    }

    [Fact]
    public void A_packet_goes_out_once_even_when_a_retransmission_claims_it_again()
    {
        (FakePeer receiver, _) = _room.Consume(_producer);
        Send(0, 10, Packets.Key);
        Send(1, 10, Packets.Delta);
        byte[] forged = Packets.Rtp(_producer.Plan, new Ssrc(998877), new PayloadType(97), 5, 0, [0, 10, 0x10, 1, 9, 9]);
        _room.Router.HandleRtp(At(2), _sender.Transport, forged);
        Assert.Single(receiver.Sink.Rtp);
        Assert.Equal(2, _sender.Transport.GetStatistics().Drops[MediaDropReason.Duplicate]);
    }

    [Fact]
    public void A_lost_packet_comes_back_through_rtx_and_takes_its_place()
    {
        (FakePeer receiver, _) = _room.Consume(_producer);
        Send(0, 10, Packets.Key);
        Send(33, 12, Packets.Delta);
        _room.RunUntil(60);
        Assert.Contains(RtcpKind.GenericNack, Packets.Kinds(_sender.Sink.Rtcp));
        byte[] repair = Packets.Rtp(_producer.Plan, new Ssrc(998877), new PayloadType(97), 5, 777, [0, 11, .. Packets.Delta]);
        _room.Router.HandleRtp(At(80), _sender.Transport, repair);

        ushort[] sequences = Sequences(receiver);
        Assert.Equal([0, 2, 1], sequences.Select(sequence => sequence - sequences[0]));
        Assert.Equal(Packets.Delta, Packets.Parse(receiver.Sink.Rtp[2].Packet).Payload.ToArray());
        Assert.Equal(1, _producer.GetStatistics().Repaired);
    }

    [Fact]
    public void Padding_is_not_forwarded_and_leaves_no_hole()
    {
        (FakePeer receiver, _) = _room.Consume(_producer);
        Send(0, 10, Packets.Key);
        byte[] probe = Packets.Rtp(_producer.Plan, 11, 0, [0, 0, 0, 4]);
        probe[0] |= 0x20;
        _room.Router.HandleRtp(At(10), _sender.Transport, probe);
        Send(33, 12, Packets.Delta);
        ushort[] sequences = Sequences(receiver);
        Assert.Equal([0, 1], sequences.Select(sequence => sequence - sequences[0]));
    }

    [Fact]
    public void A_nack_is_answered_by_rtx_once_per_round_trip()
    {
        (FakePeer receiver, Consumer consumer) = _room.Consume(_producer);
        Send(0, 10, Packets.Key);
        Send(33, 11, Packets.Delta);
        SequenceNumber asked = Packets.Parse(receiver.Sink.Rtp[1].Packet).SequenceNumber;
        Nack(receiver, 50, consumer, asked);
        Nack(receiver, 60, consumer, asked);

        Assert.Equal(3, receiver.Sink.Rtp.Count);
        RtpPacket rtx = Packets.Parse(receiver.Sink.Rtp[2].Packet);
        Assert.Equal(consumer.Plan.RtxSsrc, rtx.Ssrc);
        Assert.Equal(new PayloadType(102), rtx.PayloadType);
        Assert.True(RtxPacket.TryRead(rtx, out SequenceNumber original, out ReadOnlySpan<byte> payload));
        Assert.Equal(asked, original);
        Assert.Equal(Packets.Delta, payload.ToArray());
        Assert.Equal(Packets.Parse(receiver.Sink.Rtp[1].Packet).Timestamp, rtx.Timestamp);
        Assert.Equal(1, consumer.GetStatistics().Drops[MediaDropReason.NackThrottled]);
        Assert.Equal(1, consumer.GetStatistics().Resent);
    }

    [Fact]
    public void Without_rtx_the_same_bytes_go_again_since_the_nonce_does_too()
    {
        const string capabilities = """
            {"codecs":[{"mimeType":"video/VP8","kind":"video","preferredPayloadType":101,"clockRate":90000,"rtcpFeedback":[{"type":"nack"}]}],
             "headerExtensions":[{"kind":"video","uri":"urn:ietf:params:rtp-hdrext:sdes:mid","preferredId":1},
              {"kind":"video","uri":"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time","preferredId":4}]}
            """;
        (FakePeer receiver, Consumer consumer) = _room.Consume(_producer, capabilities);
        Send(0, 10, Packets.Key);
        Nack(receiver, 500, consumer, Packets.Parse(receiver.Sink.Rtp[0].Packet).SequenceNumber);
        Assert.Equal(2, receiver.Sink.Rtp.Count);
        Assert.Equal(receiver.Sink.Rtp[0].Packet, receiver.Sink.Rtp[1].Packet);
    }

    [Fact]
    public void Reports_carry_the_producers_clock_and_measure_round_trips_on_ours()
    {
        (FakePeer receiver, Consumer consumer) = _room.Consume(_producer);
        Send(0, 10, Packets.Key);
        NtpTimestamp ntp = new(0xEEEE_0000_8000_0000);
        _sender.Rtcp(At(10), (ref RtcpWriter writer) => SenderReport.TryWrite(ref writer, _producer.Plan.Encodings[0].Ssrc, new SenderInfo(ntp, new(900), 1, 5), []));
        _room.RunUntil(1600);

        (Ssrc Ssrc, SenderInfo Info) report = LastSenderReport(receiver);
        Assert.Equal(consumer.Plan.Ssrc, report.Ssrc);
        double elapsed = (report.Info.Ntp - ntp).TotalMilliseconds;
        RtpTimestamp first = Packets.Parse(receiver.Sink.Rtp[0].Packet).Timestamp;
        Assert.Equal(900 + (elapsed * 90), RtpTimestamp.Distance(first, report.Info.Rtp), 1.0);
        Assert.Equal(1u, report.Info.PacketCount);

        Instant sentAt = receiver.Sink.Rtcp.Last(entry => Packets.Kinds([entry]).Contains(RtcpKind.SenderReport)).At;
        NtpShort quoted = report.Info.Ntp.Middle;
        Ssrc ssrc = consumer.Plan.Ssrc;
        receiver.Rtcp(sentAt + TimeSpan.FromMilliseconds(90), (ref RtcpWriter writer) =>
            ReceiverReport.TryWrite(ref writer, new(1), [new ReportBlock(ssrc, 64, 3, 10, 900, quoted, NtpShort.From(TimeSpan.FromMilliseconds(50)))]));
        Assert.Equal(40, consumer.GetStatistics().RoundTripTime!.Value.TotalMilliseconds, 1.0);
        Assert.Equal((byte)64, consumer.GetStatistics().FractionLost);
        Assert.Equal(10, consumer.GetStatistics().Jitter.TotalMilliseconds, 0.1);
    }

    [Fact]
    public void Closing_tells_whom_it_concerns_and_why()
    {
        (FakePeer receiver, Consumer consumer) = _room.Consume(_producer);
        (_, Consumer other) = _room.Consume(_producer);
        _room.Router.Close(At(0), other);
        _room.Router.Close(At(1), _producer);
        _room.Router.Close(At(2), _producer);

        List<RouterEvent> events = _room.Events();
        Assert.Equal(
            [(RouterEventKind.ConsumerClosed, CloseReason.Requested), (RouterEventKind.ConsumerClosed, CloseReason.ProducerClosed), (RouterEventKind.ProducerClosed, CloseReason.Requested)],
            events.Select(routerEvent => (routerEvent.Kind, routerEvent.Reason)));
        Assert.Same(consumer, events[1].Consumer);
        Assert.Equal(ConsumerState.Closed, consumer.State);
        Assert.Contains(RtcpKind.Bye, Packets.Kinds(receiver.Sink.Rtcp));
        Assert.Throws<InvalidOperationException>(() => _room.Consume(_producer));
        Send(10, 1, Packets.Key);
        Assert.Equal(1, _sender.Transport.GetStatistics().Drops[MediaDropReason.UnknownSsrc]);
    }

    [Fact]
    public void A_removed_transport_takes_its_tracks_along_and_frees_their_packets()
    {
        (FakePeer receiver, _) = _room.Consume(_producer);
        Send(0, 1, Packets.Key);
        Assert.Equal(1, _room.Router.GetStatistics().StoredPackets);
        _room.Router.RemoveTransport(At(1), _sender.Transport);
        IEnumerable<RouterEvent> closings = _room.Events().Where(routerEvent => routerEvent.Kind != RouterEventKind.LayersChanged);
        Assert.Equal([CloseReason.ProducerClosed, CloseReason.TransportClosed], closings.Select(routerEvent => routerEvent.Reason));
        Assert.Equal((1, 0, 0, 0), (_room.Router.GetStatistics().Transports, _room.Router.GetStatistics().Producers, _room.Router.GetStatistics().Consumers, _room.Router.GetStatistics().StoredPackets));
        Assert.Throws<InvalidOperationException>(() => _room.Router.HandleRtp(At(2), _sender.Transport, []));
        Assert.NotNull(receiver);
    }

    [Fact]
    public void While_a_sink_has_no_keys_its_consumer_waits()
    {
        (FakePeer receiver, Consumer consumer) = _room.Consume(_producer);
        receiver.Sink.IsReady = false;
        Send(0, 1, Packets.Key);
        receiver.Sink.IsReady = true;
        Send(33, 2, Packets.Delta);
        Assert.Empty(receiver.Sink.Rtp);
        Assert.Equal(ConsumerState.AwaitingStart, consumer.State);
        Assert.Contains(RtcpKind.PictureLossIndication, Packets.Kinds(_sender.Sink.Rtcp));
    }

    [Fact]
    public void Simulcast_forwards_the_best_layer_that_is_alive_and_changes_at_keyframes()
    {
        (FakePeer sender, Producer producer) = _room.AddVideo(ClientJson.ChromeSimulcast);
        (FakePeer receiver, _) = _room.Consume(producer);
        void Layer(double at, int layer, int sequence, byte[] payload) => _room.Router.HandleRtp(
            At(at),
            sender.Transport,
            Packets.Rtp(producer.Plan, new Ssrc(5000u + (uint)layer), producer.Plan.PayloadType, sequence, (uint)(at * 90), payload, (HeaderExtensionKind.RtpStreamId, [(byte)'r', (byte)('0' + layer)])));

        Layer(0, 0, 1, [.. Packets.Key, 0]);
        Layer(0, 2, 1, [.. Packets.Delta, 2]);
        Layer(33, 0, 2, [.. Packets.Delta, 0]);
        Layer(66, 2, 2, [.. Packets.Key, 2]);
        Layer(66, 0, 3, [.. Packets.Delta, 0]);
        Layer(100, 2, 3, [.. Packets.Delta, 2]);
        Layer(900, 1, 9, [.. Packets.Key, 1]);

        Assert.Equal([0, 0, 2, 2, 1], receiver.Sink.Rtp.Select(entry => (int)entry.Packet[^1]));
        ushort[] sequences = Sequences(receiver);
        Assert.Equal([0, 1, 2, 3, 4], sequences.Select(sequence => sequence - sequences[0]));
        Assert.Contains(RtcpKind.PictureLossIndication, Packets.Kinds(sender.Sink.Rtcp));
    }

    private static Instant At(double milliseconds) => Instant.FromMilliseconds(milliseconds);

    private void Send(double at, int sequence, byte[] payload, params (HeaderExtensionKind Kind, byte[] Value)[] extensions) =>
        _room.Router.HandleRtp(At(at), _sender.Transport, Packets.Rtp(_producer.Plan, sequence, (uint)(at * 90), payload, extensions));

    private void SendAt(double at, int sequence, uint timestamp, byte[] payload) =>
        _room.Router.HandleRtp(At(at), _sender.Transport, Packets.Rtp(_producer.Plan, sequence, timestamp, payload));

    private static void Nack(FakePeer receiver, double at, Consumer consumer, SequenceNumber sequence) =>
        receiver.Rtcp(At(at), (ref RtcpWriter writer) => GenericNack.TryWrite(ref writer, new(1), consumer.Plan.Ssrc, [sequence]));

    private static ushort[] Sequences(FakePeer receiver) => [.. receiver.Sink.Rtp.Select(entry => Packets.Parse(entry.Packet).SequenceNumber.Value)];

    private static (Ssrc Ssrc, SenderInfo Info) LastSenderReport(FakePeer receiver)
    {
        (Ssrc, SenderInfo) found = default;
        foreach ((_, byte[] datagram) in receiver.Sink.Rtcp)
        {
            Assert.True(RtcpReader.TryOpen(datagram, out RtcpReader reader));
            while (reader.TryRead(out RtcpPacket packet))
            {
                if (packet.Kind == RtcpKind.SenderReport)
                {
                    Assert.True(SenderReport.TryParse(packet, out SenderReport report));
                    found = (report.Ssrc, report.Info);
                }
            }
        }

        return found;
    }
}
