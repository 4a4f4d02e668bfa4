using System.Buffers.Binary;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Congestion;
using Crosspoint.Media.Negotiation;
using Crosspoint.Media.Repair;
using Crosspoint.Media.Tests.Negotiation;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Micro.Allocations;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Fec;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Media.Tests.Repair;

/// <summary>A consumer that takes FlexFEC, and one beside it that does not.</summary>
public sealed class RepairStreamTests : IDisposable
{
    private static readonly RtpNegotiator Negotiator = new(CodecPolicy.Default with { FlexFec = true });

    // What Chromium leaves out of the parity, under the router's ids.
    private const byte SendTimeId = 4;
    private const byte TransportNumberId = 5;

    private readonly Router _router;
    private readonly FakePeer _sender;
    private readonly FakePeer _receiver;
    private readonly FakePeer _plain;
    private readonly Producer _producer;
    private readonly Consumer _consumer;
    private readonly Random _random = new(5);
    private int _sequence;

    public RepairStreamTests()
        : this(true)
    {
    }

    private RepairStreamTests(bool enabled, RtpCapabilities? capabilities = null)
    {
        SeededRandomSource random = new(42);
        // Nobody here answers with transport-wide feedback, and without it little would be sent.
        _router = new Router(new RouterOptions { CongestionControl = CongestionControl.None, Fec = new FecOptions { IsEnabled = enabled } }, random);
        _sender = new FakePeer(_router);
        _receiver = new FakePeer(_router);
        _plain = new FakePeer(_router);
        ProducerNegotiation producer = Negotiator.MapProducer(MediaKind.Video, ClientJson.Parameters(ClientJson.ChromeVideo), "x");
        _producer = _router.Produce(Instant.Zero, _sender.Transport, producer.Plan, paused: false);
        _consumer = _router.Consume(Instant.Zero, _receiver.Transport, _producer, RtpNegotiator.MapConsumer(producer, capabilities ?? Negotiator.Capabilities, "0", random).Plan, paused: false);
        _router.Consume(Instant.Zero, _plain.Transport, _producer, RtpNegotiator.MapConsumer(producer, ClientJson.Capabilities(ClientJson.ChromeCapabilities), "0", random).Plan, paused: false);
    }

    public void Dispose() => _router.Dispose();

    [Fact]
    public void Losses_on_a_long_way_bring_repair_packets_and_those_bring_the_losses_back()
    {
        Instant now = Warm(lost: 26);
        _receiver.Sink.Rtp.Clear();
        _plain.Sink.Rtp.Clear();
        for (int i = 0; i < 400; i++)
        {
            now += TimeSpan.FromMilliseconds(5);
            Send(now);
        }

        using FlexFecDecoder decoder = new(_consumer.Plan.Ssrc, new PacketBlockPool(), new FecMutableExtensions(SendTimeId, TransportNumberId), new());
        Dictionary<SequenceNumber, byte[]> lost = [];
        ushort? last = null;
        byte[] into = new byte[1500];
        int losses = 0;
        int recovered = 0;
        foreach ((_, byte[] bytes) in _receiver.Sink.Rtp)
        {
            RtpPacket packet = Packets.Parse(bytes);
            if (packet.Ssrc == _consumer.Plan.FecSsrc)
            {
                Assert.Equal((new PayloadType(99), 0), (packet.PayloadType, packet.PaddingLength));
                Assert.True(packet.TryGetExtension(1, out _)); // MID, or a browser would not know whose it is
                Assert.True(last is null || packet.SequenceNumber.Value == last + 1);
                last = packet.SequenceNumber.Value;
                Assert.Equal(FlexFecDropReason.None, decoder.HandleRepair(packet.Payload));
            }
            else if (_random.Next(20) == 0)
            {
                lost.Add(packet.SequenceNumber, bytes);
                losses++;
            }
            else
            {
                decoder.HandleMedia(bytes);
            }

            while (decoder.TryTake(into, out int length))
            {
                RtpPacket back = Packets.Parse(into[..length]);
                Assert.True(lost.Remove(back.SequenceNumber, out byte[]? original));
                Assert.Equal(WithoutWhatIsFilledLate(original), into[..length]);
                recovered++;
            }
        }

        Assert.True(recovered > losses / 2, $"{recovered} of {losses}");
        Assert.DoesNotContain(_plain.Sink.Rtp, sent => Packets.Parse(sent.Packet).PayloadType.Value == 99);
        Assert.Equal(400, _plain.Sink.Rtp.Count);
    }

    [Fact]
    public void Repair_packets_stay_within_their_share_of_the_bytes()
    {
        Instant now = Warm(lost: 200);
        _receiver.Sink.Rtp.Clear();

        // Small packets after one large one in each group: the parity is as large as the largest.
        for (int i = 0; i < 4000; i++)
        {
            now += TimeSpan.FromMilliseconds(5);
            Send(now, i % 4 == 0 ? 1100 : 30);
        }

        long media = _receiver.Sink.Rtp.Where(sent => Packets.Parse(sent.Packet).Ssrc == _consumer.Plan.Ssrc).Sum(sent => (long)sent.Packet.Length);
        long repair = _receiver.Sink.Rtp.Where(sent => Packets.Parse(sent.Packet).Ssrc == _consumer.Plan.FecSsrc).Sum(sent => (long)Packets.Parse(sent.Packet).Payload.Length);
        Assert.InRange(repair, media / 8, (media / 4) + 15_000);
        Assert.Equal(0.25, _consumer.RepairShare);
    }

    [Theory]
    [InlineData(0, 300)]
    [InlineData(26, 40)]
    public void Without_loss_or_on_a_short_way_there_are_none(byte lost, int roundTrip)
    {
        Warm(lost, roundTrip);
        Assert.Equal(0, _consumer.GetStatistics().RepairPackets);
        Assert.False(_consumer.RepairShare > 0);
    }

    [Fact]
    public void Switched_off_there_are_none_whatever_is_lost()
    {
        using RepairStreamTests off = new(false);
        off.Warm(lost: 26);
        Assert.Equal(0, off._consumer.GetStatistics().RepairPackets);
        Assert.DoesNotContain(off._receiver.Sink.Rtp, sent => Packets.Parse(sent.Packet).PayloadType.Value == 99);
    }

    [Fact]
    public void Repair_packets_are_not_repaired_and_their_numbers_are_no_medias()
    {
        Instant now = Warm(lost: 26);
        long sent = _receiver.Sink.RtpCount;
        foreach (Ssrc ssrc in (Ssrc[])[_consumer.Plan.FecSsrc, _consumer.Plan.RtxSsrc])
        {
            _receiver.Rtcp(now, (ref RtcpWriter writer) => GenericNack.TryWrite(ref writer, new(1), ssrc, [new(0), new(1), new(0x4000)]));
        }

        Assert.Equal(sent, _receiver.Sink.RtpCount);
        Assert.Equal(2, _consumer.GetStatistics().Drops[MediaDropReason.RtcpUnknownSsrc]);
        Assert.Equal(0, _consumer.GetStatistics().NacksReceived);
    }

    [Fact]
    public void Without_RTX_what_is_sent_again_keeps_the_transport_wide_number_of_the_media_whatever_the_repair_stream_counts()
    {
        RtpCapabilities withoutRtx = Negotiator.Capabilities with { Codecs = [.. Negotiator.Capabilities.Codecs.Where(codec => !codec.MimeType.EndsWith("rtx", StringComparison.OrdinalIgnoreCase))] };
        using RepairStreamTests room = new(true, withoutRtx);
        Instant now = Instant.Zero + TimeSpan.FromMilliseconds(5);
        room.Send(now);
        byte[] sent = room._receiver.Sink.Rtp[^1].Packet;
        byte[] repair = [.. sent];
        BinaryPrimitives.WriteUInt32BigEndian(repair.AsSpan(8), room._consumer.Plan.FecSsrc.Value);
        room._consumer.Resends.NoteNumber(sent, new(7));
        room._consumer.Resends.NoteNumber(repair, new(9));
        room._receiver.Rtcp(now, (ref RtcpWriter writer) => GenericNack.TryWrite(ref writer, new(1), room._consumer.Plan.Ssrc, [Packets.Parse(sent).SequenceNumber]));
        Assert.True(Packets.Parse(room._receiver.Sink.Rtp[^1].Packet).TryGetExtension(TransportNumberId, out ReadOnlySpan<byte> number));
        Assert.Equal(7, BinaryPrimitives.ReadUInt16BigEndian(number));
        Assert.Equal(1, room._consumer.GetStatistics().Resent);
    }

    [Fact]
    public void The_end_of_a_consumer_ends_its_repair_stream_and_gives_blocks_back()
    {
        Instant now = Warm(lost: 26);
        _router.Close(now, _consumer);
        (_, byte[] last) = _receiver.Sink.Rtcp[^1];
        Assert.True(RtcpReader.TryOpen(last, out RtcpReader reader));
        while (reader.TryRead(out RtcpPacket packet))
        {
            if (Bye.TryParse(packet, out Bye bye))
            {
                Assert.Equal([_consumer.Plan.Ssrc, _consumer.Plan.RtxSsrc, _consumer.Plan.FecSsrc], Enumerable.Range(0, 3).Select(i => Sources(last)[i]));
                Assert.Equal(3, bye.Count);
            }
        }

        _router.Close(now, _producer);
        Assert.Equal(0, _router.Pool.InUse);
        Assert.Equal(0, _receiver.Transport.ConsumersBySsrc.Count);
    }

    [Fact]
    public void Protection_allocates_nothing_per_packet()
    {
        Instant now = Warm(lost: 26);
        _receiver.Sink.Keeps = false;
        _plain.Sink.Keeps = false;
        byte[] packet = Packets.Rtp(_producer.Plan, 0, 0, [.. Packets.Delta, .. new byte[1000]]);
        Send();
        Assert.Equal(0, AllocationMeter.Count(Send));
        Assert.True(_consumer.GetStatistics().RepairPackets > 100);

        void Send()
        {
            for (int i = 0; i < 500; i++)
            {
                now += TimeSpan.FromMilliseconds(5);
                RtpHeaderWriter.Overwrite(packet, new(_producer.Plan.PayloadType, true, new((ushort)_sequence), new((uint)_sequence * 450), _producer.Plan.Encodings[0].Ssrc));
                _sequence++;
                _router.HandleRtp(now, _sender.Transport, packet);
            }
        }
    }

    // Ten seconds of 200 packets/s with a report each second that tells of loss and, by our own sender reports, of the round trip.
    private Instant Warm(byte lost, int roundTrip = 300)
    {
        Instant now = Instant.Zero;
        _sender.Rtcp(now, (ref RtcpWriter writer) => SenderReport.TryWrite(ref writer, _producer.Plan.Encodings[0].Ssrc, new SenderInfo(new NtpTimestamp(0xE000_0000_0000_0000), new(0), 1, 1), []));
        for (int i = 0; i < 2000; i++)
        {
            now += TimeSpan.FromMilliseconds(5);
            _router.HandleTimeout(now);
            Send(now);
            if (i % 200 == 199)
            {
                Report(now, lost, roundTrip);
            }
        }

        return now;
    }

    private void Report(Instant now, byte lost, int roundTrip)
    {
        foreach ((Instant at, byte[] bytes) in _receiver.Sink.Rtcp.AsEnumerable().Reverse())
        {
            Assert.True(RtcpReader.TryOpen(bytes, out RtcpReader reader));
            while (reader.TryRead(out RtcpPacket packet))
            {
                if (SenderReport.TryParse(packet, out SenderReport report) && report.Ssrc == _consumer.Plan.Ssrc)
                {
                    NtpShort delay = NtpShort.From(now - at - TimeSpan.FromMilliseconds(roundTrip));
                    ReportBlock block = new(_consumer.Plan.Ssrc, lost, 0, 0, 0, report.Info.Ntp.Middle, delay);
                    _receiver.Rtcp(now, (ref RtcpWriter writer) => ReceiverReport.TryWrite(ref writer, new(1), [block]));
                    return;
                }
            }
        }
    }

    private void Send(Instant now, int length = 0)
    {
        byte[] payload = new byte[length == 0 ? _random.Next(50, 1100) : length];
        _random.NextBytes(payload);
        (_sequence == 0 ? Packets.Key : Packets.Delta).CopyTo(payload, 0);
        _router.HandleRtp(now, _sender.Transport, Packets.Rtp(_producer.Plan, _sequence, (uint)_sequence * 450, payload));
        _sequence++;
    }

    private static byte[] WithoutWhatIsFilledLate(byte[] packet)
    {
        byte[] copy = [.. packet];
        foreach (byte id in (byte[])[SendTimeId, TransportNumberId])
        {
            if (Packets.Parse(packet).TryGetExtension(id, out ReadOnlySpan<byte> value))
            {
                packet.AsSpan().Overlaps(value, out int offset);
                copy.AsSpan(offset, value.Length).Clear();
            }
        }

        return copy;
    }

    private static Ssrc[] Sources(byte[] datagram)
    {
        return [.. Enumerable.Range(0, 3).Select(i => new Ssrc(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(datagram.AsSpan(datagram.Length - 12 + (i * 4)))))];
    }
}
