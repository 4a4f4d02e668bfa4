using Crosspoint.Fuzz.Engine;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Fuzz.Targets;

/// <summary>RTCP: every type, through the reader of compounds.</summary>
internal static class RtcpTargets
{
    private static readonly Ssrc Us = new(0x1111_1111);
    private static readonly Ssrc Them = new(0x2222_2222);
    private static readonly TransportFeedbackStatus[] Statuses = new TransportFeedbackStatus[TransportFeedback.MaxStatusCount];

    public static IEnumerable<FuzzTarget> All => [new("rtcp", Read, Seeds)];

    internal static IEnumerable<byte[]> Seeds()
    {
        ReportBlock[] blocks = [new(Them, 12, 345, 0x0001_0002, 99, new NtpShort(0x1234_5678), new NtpShort(0x8000)), new(Us, 0, -1, 5, 0, default, default)];
        yield return Write((ref RtcpWriter w) =>
        {
            SenderReport.TryWrite(ref w, Us, new SenderInfo(new NtpTimestamp(0x1122_3344_5566_7788), new RtpTimestamp(9), 100, 20000), blocks);
            SourceDescription.TryWriteCanonicalName(ref w, Us, "somebody"u8);
        });
        yield return Write((ref RtcpWriter w) =>
        {
            ReceiverReport.TryWrite(ref w, Us, blocks);
            SourceDescription.TryWriteCanonicalName(ref w, Us, "a"u8);
            ExtendedReport.TryWriteReferenceTime(ref w, Us, new NtpTimestamp(0x1122_3344_5566_7788));
            ExtendedReport.TryWriteDelays(ref w, Us, [new(Them, new NtpShort(7), new NtpShort(8))]);
            Bye.TryWrite(ref w, [Us, Them], "gone"u8);
        });
        yield return Write((ref RtcpWriter w) => GenericNack.TryWrite(ref w, Us, Them, [new(65535), new(0), new(3), new(40)]));
        yield return Write((ref RtcpWriter w) =>
        {
            PictureLossIndication.TryWrite(ref w, Us, Them);
            FullIntraRequest.TryWrite(ref w, Us, Them, 255);
            ReceiverEstimatedMaximumBitrate.TryWrite(ref w, Us, new Bitrate(2_500_000), [Us, Them]);
        });
        Instant[] arrivals = [.. Enumerable.Range(0, 60).Select(i => i % 7 == 3 ? Instant.Never : Instant.FromMilliseconds(1000 + (i * (i % 11 == 0 ? 90 : 3))))];
        yield return Write((ref RtcpWriter w) => TransportFeedbackWriter.TryWrite(ref w, Us, Them, 200, new SequenceNumber(65500), arrivals));
    }

    private delegate void WriteAction(ref RtcpWriter writer);

    private static byte[] Write(WriteAction write)
    {
        var writer = new RtcpWriter(new byte[1200]);
        write(ref writer);
        return writer.Written.ToArray();
    }

    internal static int Read(ReadOnlySpan<byte> input)
    {
        var signature = new Signature();
        bool open = RtcpReader.TryOpen(input, out RtcpReader reader, out RtcpDropReason reason);
        signature.Add(reason);
        int packets = 0;
        while (open && reader.TryRead(out RtcpPacket packet))
        {
            packets++;
            signature.Add(packet.Kind);
            signature.Add(Visit(packet));
            _ = packet.SenderSsrc;
        }

        signature.AddMagnitude(packets);
        return signature.Value;
    }

    private static int Visit(in RtcpPacket packet) => packet.Kind switch
    {
        RtcpKind.SenderReport => SenderReport.TryParse(packet, out SenderReport sr) ? 1 + Sum(sr.Blocks) : 0,
        RtcpKind.ReceiverReport => ReceiverReport.TryParse(packet, out ReceiverReport rr) ? 1 + Sum(rr.Blocks) : 0,
        RtcpKind.SourceDescription => Visit(packet, SourceDescription.TryParse(packet, out SourceDescription sdes), sdes),
        RtcpKind.Bye => Bye.TryParse(packet, out Bye bye) ? Sum(bye) : 0,
        RtcpKind.GenericNack => GenericNack.TryParse(packet, out GenericNack nack) ? Sum(nack) : 0,
        RtcpKind.TransportFeedback => TransportFeedback.TryParse(packet, out TransportFeedback feedback) ? Sum(feedback) : 0,
        RtcpKind.PictureLossIndication => PictureLossIndication.TryParse(packet, out _) ? 1 : 0,
        RtcpKind.FullIntraRequest => FullIntraRequest.TryParse(packet, out FullIntraRequest fir) ? Sum(fir) : 0,
        RtcpKind.ReceiverEstimatedMaximumBitrate => ReceiverEstimatedMaximumBitrate.TryParse(packet, out ReceiverEstimatedMaximumBitrate remb) ? Sum(remb) : 0,
        RtcpKind.ExtendedReport => ExtendedReport.TryParse(packet, out ExtendedReport report) ? Sum(report) : 0,
        _ => 0,
    };

    private static int Sum(ReportBlockList blocks)
    {
        for (int i = 0; i < blocks.Count; i++)
        {
            _ = blocks[i];
        }

        return blocks.Count;
    }

    private static int Visit(in RtcpPacket packet, bool parsed, SourceDescription sdes)
    {
        if (!parsed)
        {
            return 0;
        }

        int chunks = 0;
        foreach (SourceDescription.Chunk chunk in sdes)
        {
            chunks += chunk.TryGetItem(SourceDescription.CanonicalName, out _) ? 2 : 1;
        }

        return chunks + (sdes.TryGetCanonicalName(packet.SenderSsrc, out _) ? 100 : 0);
    }

    private static int Sum(Bye bye)
    {
        for (int i = 0; i < bye.Count; i++)
        {
            _ = bye[i];
        }

        return 1 + bye.Count + Math.Min(bye.Reason.Length, 3);
    }

    private static int Sum(GenericNack nack)
    {
        int numbers = 0;
        foreach (SequenceNumber sequence in nack)
        {
            numbers++;
        }

        if (numbers < nack.PairCount || numbers > nack.PairCount * 17)
        {
            throw new InvalidOperationException("A word of a NACK names 1 to 17 packets.");
        }

        return Math.Min(numbers, 20);
    }

    private static int Sum(TransportFeedback feedback)
    {
        int count = 0;
        int received = 0;
        foreach (TransportFeedbackStatus status in feedback)
        {
            count++;
            received += status.Received ? 1 : 0;
        }

        if (count != feedback.StatusCount || feedback.CopyTo(Statuses) != count)
        {
            throw new InvalidOperationException("As many statuses as announced.");
        }

        return (count > 0 ? 1 : 0) + (received > 0 ? 2 : 0) + (received == count ? 4 : 0) + (count > 100 ? 8 : 0);
    }

    private static int Sum(FullIntraRequest fir)
    {
        for (int i = 0; i < fir.Count; i++)
        {
            _ = fir[i];
        }

        return fir.Count;
    }

    private static int Sum(ReceiverEstimatedMaximumBitrate remb)
    {
        for (int i = 0; i < remb.Count; i++)
        {
            _ = remb[i];
        }

        return remb.Bitrate.BitsPerSecond >= 0 ? 1 + Math.Min(remb.Count, 4) : throw new InvalidOperationException("A bitrate is never negative.");
    }

    private static int Sum(ExtendedReport report)
    {
        for (int i = 0; i < report.DelayCount; i++)
        {
            _ = report.GetDelay(i);
        }

        return 1 + Math.Min(report.DelayCount, 4) + (report.ReferenceTime == NtpTimestamp.None ? 0 : 10);
    }
}
