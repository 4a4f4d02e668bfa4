using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Tests.Rtp;

namespace Crosspoint.Rtc.Tests.Rtcp;

/// <summary>A compound with every packet type, and a reader that looks at every field.</summary>
internal static class RtcpBytes
{
    private static readonly ReportBlock[] Blocks =
    [
        new(new(11), 12, -13, 0x0001_0014, 15, new(16), new(17)),
        new(new(21), 255, 0x7F_FFFF, 24, 25, new(26), new(27)),
    ];

    private static readonly SequenceNumber[] Missing = [new(65530), new(65531), new(10), new(11), new(400)];
    private static readonly Ssrc[] Sources = [new(1), new(2), new(3)];
    private static readonly DelaySinceLastReceiverReport[] Delays = [new(new(1), new(2), new(3))];

    private static readonly Instant[] Arrivals =
        [.. Enumerable.Range(0, 40).Select(i => i % 5 == 4 ? Instant.Never : Instant.FromMilliseconds(70_000 + (i * 3) + (i == 20 ? 900 : 0)))];

    public static byte[] CompoundOfEverything()
    {
        byte[] into = new byte[1500];
        return into[..WriteEverything(into)];
    }

    public static int WriteEverything(Span<byte> into)
    {
        RtcpWriter writer = new(into);
        SenderReport.TryWrite(ref writer, new(1), new SenderInfo(new(2), new(3), 4, 5), Blocks);
        ReceiverReport.TryWrite(ref writer, new(1), Blocks);
        SourceDescription.TryWriteCanonicalName(ref writer, new(1), "name@host"u8);
        GenericNack.TryWrite(ref writer, new(1), new(2), Missing);
        PictureLossIndication.TryWrite(ref writer, new(1), new(2));
        FullIntraRequest.TryWrite(ref writer, new(1), new(2), 3);
        ReceiverEstimatedMaximumBitrate.TryWrite(ref writer, new(1), new Bitrate(1_234_567), Sources);
        TransportFeedbackWriter.TryWrite(ref writer, new(1), new(2), 3, new(65520), Arrivals);
        ExtendedReport.TryWriteReferenceTime(ref writer, new(1), new(0x0102_0304_0506_0708));
        ExtendedReport.TryWriteDelays(ref writer, new(1), Delays);
        Bye.TryWrite(ref writer, Sources, "done"u8);
        return writer.Length;
    }

    /// <summary>Reads every field of every packet; returns how many packets parsed.</summary>
    public static int ReadAll(ReadOnlySpan<byte> bytes)
    {
        int parsed = 0;
        if (!RtcpReader.TryOpen(bytes, out RtcpReader reader))
        {
            return 0;
        }

        while (reader.TryRead(out RtcpPacket packet))
        {
            parsed += Read(packet) ? 1 : 0;
        }

        return parsed;
    }

    public static void Mutations(byte[] bytes, int seed, int rounds) => RtpBytes.Mutate(bytes, seed, rounds, mutated => ReadAll(mutated));

    private static bool Read(in RtcpPacket packet)
    {
        switch (packet.Kind)
        {
            case RtcpKind.SenderReport:
                return SenderReport.TryParse(packet, out SenderReport sr) && Walk(sr.Blocks);
            case RtcpKind.ReceiverReport:
                return ReceiverReport.TryParse(packet, out ReceiverReport rr) && Walk(rr.Blocks);
            case RtcpKind.SourceDescription:
                return SourceDescription.TryParse(packet, out SourceDescription sdes) && (sdes.TryGetCanonicalName(new(1), out _) || true);
            case RtcpKind.Bye:
                return Bye.TryParse(packet, out Bye bye) && Walk(bye);
            case RtcpKind.GenericNack:
                return GenericNack.TryParse(packet, out GenericNack nack) && Walk(nack);
            case RtcpKind.PictureLossIndication:
                return PictureLossIndication.TryParse(packet, out _);
            case RtcpKind.FullIntraRequest:
                return FullIntraRequest.TryParse(packet, out FullIntraRequest fir) && fir[fir.Count - 1].Ssrc.Value <= uint.MaxValue;
            case RtcpKind.ReceiverEstimatedMaximumBitrate:
                return ReceiverEstimatedMaximumBitrate.TryParse(packet, out ReceiverEstimatedMaximumBitrate remb) && remb.Bitrate.BitsPerSecond >= 0 && Walk(remb);
            case RtcpKind.TransportFeedback:
                return TransportFeedback.TryParse(packet, out TransportFeedback feedback) && Walk(feedback);
            case RtcpKind.ExtendedReport:
                return ExtendedReport.TryParse(packet, out ExtendedReport xr) && Walk(xr);
            default:
                throw new InvalidOperationException("The reader gave an unknown packet.");
        }
    }

    private static bool Walk(in ReportBlockList blocks)
    {
        for (int i = 0; i < blocks.Count; i++)
        {
            _ = blocks[i];
        }

        return true;
    }

    private static bool Walk(in Bye bye)
    {
        for (int i = 0; i < bye.Count; i++)
        {
            _ = bye[i];
        }

        return true;
    }

    private static bool Walk(in GenericNack nack)
    {
        int count = 0;
        foreach (SequenceNumber _ in nack)
        {
            count++;
        }

        return count >= nack.PairCount && count <= nack.PairCount * 17;
    }

    private static bool Walk(in ReceiverEstimatedMaximumBitrate remb)
    {
        for (int i = 0; i < remb.Count; i++)
        {
            _ = remb[i];
        }

        return true;
    }

    private static bool Walk(in TransportFeedback feedback)
    {
        int count = 0;
        foreach (TransportFeedbackStatus _ in feedback)
        {
            count++;
        }

        return count == feedback.StatusCount ? true : throw new InvalidOperationException("statuses are missing");
    }

    private static bool Walk(in ExtendedReport report)
    {
        for (int i = 0; i < report.DelayCount; i++)
        {
            _ = report.GetDelay(i);
        }

        return true;
    }
}
