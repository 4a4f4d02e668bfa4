using System.Buffers.Binary;
using Crosspoint.Media.Tests.Negotiation;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Media.Tests.Routing;

/// <summary>docs/rtcp.md says of every RTCP type what the router does with it; this sends each of them.</summary>
public class RtcpDocumentTests
{
    private static readonly string[] Treatments = ["consumed", "read past", "ignored"];

    // | type, number/format | received | …
    public static TheoryData<string, string> Rows
    {
        get
        {
            TheoryData<string, string> rows = [];
            foreach (string line in File.ReadAllLines(Path.Combine(Root, "docs", "rtcp.md")))
            {
                string[] cells = line.Split(" | ");
                if (cells.Length > 2 && Treatments.Contains(cells[1]))
                {
                    rows.Add(cells[0].TrimStart('|', ' '), cells[1]);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_type_is_treated_as_the_document_says(string type, string received)
    {
        Room room = new();
        (FakePeer sender, Producer producer) = room.AddVideo();
        (FakePeer receiver, Consumer consumer) = room.Consume(producer, type.Contains("REMB", StringComparison.Ordinal) ? ClientJson.RembCapabilities : ClientJson.ModernCapabilities);
        room.Router.HandleRtp(Instant.Zero, sender.Transport, Packets.Rtp(producer.Plan, 0, 0, Packets.Key));
        receiver.Sink.Rtcp.Clear();
        sender.Sink.Rtcp.Clear();

        // Sound and of the right streams, from either side: whatever could be obeyed is.
        long effects = 0;
        foreach ((FakePeer from, Ssrc media) in new[] { (sender, producer.Plan.Encodings[0].Ssrc), (receiver, consumer.Plan.Ssrc) })
        {
            long before = Effects(producer, consumer);
            room.Router.HandleRtcp(Instant.FromMilliseconds(1000), from.Transport, Build(type, media));
            effects += Effects(producer, consumer) - before;
        }

        room.RunUntil(5000);
        long ignored = sender.Transport.GetStatistics().Drops[MediaDropReason.RtcpIgnored];
        long malformed = sender.Transport.GetStatistics().Drops[MediaDropReason.MalformedRtcp] + receiver.Transport.GetStatistics().Drops[MediaDropReason.MalformedRtcp];
        Assert.Equal((0, received == "ignored" ? 1 : 0), (malformed, ignored));
        Assert.Equal(received == "consumed", effects > 0 || Answers(receiver) > 0);
    }

    [Fact]
    public void No_type_that_is_known_is_left_out()
    {
        HashSet<RtcpKind> told = [];
        foreach (object[] row in (IEnumerable<object[]>)Rows)
        {
            byte[] bytes = Build((string)row[0], new Ssrc(1));
            Assert.True(RtcpReader.TryOpen(bytes, out RtcpReader reader));
            told.Add(reader.TryRead(out RtcpPacket packet) ? packet.Kind : RtcpKind.Unknown);
        }

        Assert.Equal(Enum.GetValues<RtcpKind>(), told.Order());
    }

    // What a packet may change, folded into one number.
    private static long Effects(Producer producer, Consumer consumer)
    {
        ProducerStream stream = producer.Streams[0];
        return (stream.Clock.HasReport ? 1 : 0)
            + (stream.HasLeft ? 1 : 0)
            + producer.GetStatistics().KeyFrameRequestsSent
            + consumer.GetStatistics().KeyFrameRequestsReceived
            + consumer.GetStatistics().NacksReceived
            + consumer.GetStatistics().FractionLost
            + Refused(producer.Transport)
            + Refused(consumer.Transport);
    }

    // It was looked at, and nobody had agreed on it.
    private static long Refused(RouterTransport transport) => transport.GetStatistics().Drops[MediaDropReason.FeedbackNotNegotiated];

    // DLRR is what a reference time brings.
    private static int Answers(FakePeer peer) => peer.Sink.Rtcp.Count(sent =>
    {
        Assert.True(RtcpReader.TryOpen(sent.Packet, out RtcpReader reader));
        while (reader.TryRead(out RtcpPacket packet))
        {
            if (ExtendedReport.TryParse(packet, out ExtendedReport report) && report.DelayCount > 0)
            {
                return true;
            }
        }

        return false;
    });

    // "RTPFB NACK, 205/1": the numbers say what is built.
    private static byte[] Build(string type, Ssrc media)
    {
        string[] numbers = type.Split(", ")[^1].Split(' ')[0].Split('/');
        int packetType = int.Parse(numbers[0]);
        int format = numbers.Length > 1 ? int.Parse(numbers[1]) : 0;
        byte[] bytes = new byte[200];
        RtcpWriter writer = new(bytes);
        bool written = (packetType, format) switch
        {
            (200, _) => SenderReport.TryWrite(ref writer, media, new SenderInfo(new NtpTimestamp(1UL << 40), new(1), 1, 1), [Block(media)]),
            (201, _) => ReceiverReport.TryWrite(ref writer, new(1), [Block(media)]),
            (202, _) => SourceDescription.TryWriteCanonicalName(ref writer, new(1), "a"u8),
            (203, _) => Bye.TryWrite(ref writer, [media]),
            (205, GenericNack.Format) => GenericNack.TryWrite(ref writer, new(1), media, [new(1)]) > 0,
            (205, TransportFeedback.Format) => Raw(ref writer, packetType, format, [0, 1, 0, 1, 0, 0, 1, 0, 0x20, 1, 4, 0]),
            (206, PictureLossIndication.Format) => PictureLossIndication.TryWrite(ref writer, new(1), media),
            (206, FullIntraRequest.Format) => FullIntraRequest.TryWrite(ref writer, new(1), media, 9),
            (206, ReceiverEstimatedMaximumBitrate.Format) => ReceiverEstimatedMaximumBitrate.TryWrite(ref writer, new(1), Bitrate.FromKilobits(500), [media]),
            (207, _) => ExtendedReport.TryWriteReferenceTime(ref writer, new(1), new NtpTimestamp(1UL << 40)),
            _ => Raw(ref writer, packetType, format, new byte[12]),
        };
        Assert.True(written, type);
        return writer.Written.ToArray();

        bool Raw(ref RtcpWriter raw, int packetType, int format, ReadOnlySpan<byte> rest)
        {
            bool begun = raw.TryBegin((RtcpType)packetType, format, 8 + rest.Length, out Span<byte> body);
            BinaryPrimitives.WriteUInt32BigEndian(body, 1);
            BinaryPrimitives.WriteUInt32BigEndian(body[4..], media.Value);
            rest.CopyTo(body[8..]);
            return begun;
        }
    }

    private static ReportBlock Block(Ssrc media) => new(media, 10, 1, 1, 1, NtpShort.Zero, NtpShort.Zero);

    private static string Root
    {
        get
        {
            string? folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, "Crosspoint.slnx")))
            {
                folder = Path.GetDirectoryName(folder);
            }

            return folder ?? throw new InvalidOperationException("The repository is not above the tests.");
        }
    }
}
