using Crosspoint.Load.Media;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Load.Engine;

/// <summary>RTCP of a leg, both ways: a browser's share of it.</summary>
/// <remarks>The engine's thread.</remarks>
internal static class Reports
{
    private static readonly Ssrc Reporter = new(1);

    /// <summary>Sender reports are remembered, keyframe requests obeyed, the rest is read and not needed.</summary>
    public static void Take(Leg leg, Instant now, ReadOnlySpan<byte> compound)
    {
        if (!RtcpReader.TryOpen(compound, out RtcpReader reader))
        {
            return;
        }

        while (reader.TryRead(out RtcpPacket packet))
        {
            if (SenderReport.TryParse(packet, out SenderReport sent))
            {
                leg.Find(sent.Ssrc.Value).HandleReport(now, sent.Info.Ntp);
            }
            else if (PictureLossIndication.TryParse(packet, out _) || FullIntraRequest.TryParse(packet, out _))
            {
                leg.Tracks.ForEach(track => track.RequestKeyFrame());
            }
        }
    }

    /// <summary>Writes the compound that is due: sender reports of its tracks, one receiver report of its streams. Its length.</summary>
    public static int Write(Leg leg, Instant now, in NtpClock clock, Span<byte> into)
    {
        RtcpWriter writer = new(into);
        foreach (TrackSource track in leg.Tracks)
        {
            track.WriteReport(now, clock, ref writer);
        }

        Span<ReportBlock> blocks = stackalloc ReportBlock[31];
        int count = 0;
        foreach (ref ReceivedStream stream in leg.Streams)
        {
            if (stream.Sequence.Received > 0 && count < blocks.Length)
            {
                blocks[count++] = stream.TakeReport(now);
            }
        }

        if (count > 0)
        {
            ReceiverReport.TryWrite(ref writer, Reporter, blocks[..count]);
        }

        return writer.Length;
    }
}
