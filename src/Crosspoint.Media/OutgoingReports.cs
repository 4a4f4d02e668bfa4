using Crosspoint.Media.Forwarding;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Media;

/// <summary>What we report: to a producer what we received of it, to a consumer what we sent it.</summary>
internal static class OutgoingReports
{
    private const int MaxLength = 1200;
    private const int MaxBlocks = 31;

    /// <summary>Sends all reports of a transport, in as few datagrams as they fit.</summary>
    public static void Send(Instant now, RouterTransport transport)
    {
        if (!transport.Sink.IsReady)
        {
            return;
        }

        SendReceiverReports(now, transport);
        SendSenderReports(now, transport);
        if (transport.ReferenceTimes.Any)
        {
            SendDelays(now, transport);
        }
    }

    /// <summary>Tells a consumer's peer that its streams are over (RFC 3550 §6.6).</summary>
    public static void SendBye(Instant now, Consumer consumer)
    {
        RouterTransport transport = consumer.Transport;
        if (!transport.Sink.IsReady)
        {
            return;
        }

        Span<Ssrc> leaving = [consumer.Plan.Ssrc, consumer.Plan.RtxSsrc, consumer.Plan.FecSsrc];
        int count = 1;
        for (int i = 1; i < leaving.Length; i++)
        {
            leaving[count] = leaving[i];
            count += leaving[i] == Ssrc.None ? 0 : 1;
        }

        RtcpWriter writer = Begin(transport);
        ReceiverReport.TryWrite(ref writer, transport.LocalSsrc, []);
        SourceDescription.TryWriteCanonicalName(ref writer, transport.LocalSsrc, transport.LocalName.Span);
        Bye.TryWrite(ref writer, leaving[..count]);
        transport.SendRtcp(now, writer.Written);
    }

    private static void SendReceiverReports(Instant now, RouterTransport transport)
    {
        Span<ReportBlock> blocks = stackalloc ReportBlock[MaxBlocks];
        int count = 0;
        foreach (Producer producer in transport.ProducerList)
        {
            foreach (ProducerStream stream in producer.Streams)
            {
                stream.Store.FollowRoundTrip(producer.LongestRoundTrip());
                stream.Store.Trim(now);
                if (!stream.HasPackets)
                {
                    continue;
                }

                blocks[count++] = stream.TakeReportBlock(now);
                if (count == MaxBlocks)
                {
                    SendReceiverReport(now, transport, blocks[..count]);
                    count = 0;
                }
            }
        }

        if (count > 0)
        {
            SendReceiverReport(now, transport, blocks[..count]);
        }
    }

    private static void SendReceiverReport(Instant now, RouterTransport transport, ReadOnlySpan<ReportBlock> blocks)
    {
        RtcpWriter writer = Begin(transport);
        ReceiverReport.TryWrite(ref writer, transport.LocalSsrc, blocks);
        SourceDescription.TryWriteCanonicalName(ref writer, transport.LocalSsrc, transport.LocalName.Span);
        ExtendedReport.TryWriteReferenceTime(ref writer, transport.LocalSsrc, Router.ToNtp(now));
        transport.SendRtcp(now, writer.Written);
    }

    private static void SendSenderReports(Instant now, RouterTransport transport)
    {
        RtcpWriter writer = Begin(transport);
        foreach (Consumer consumer in transport.ConsumerList)
        {
            if (!consumer.TryMakeReport(now, out SenderInfo info))
            {
                continue;
            }

            // 28 for the report, at most 268 for the name.
            if (writer.Free < 28 + 16 + consumer.Plan.CanonicalName.Length)
            {
                transport.SendRtcp(now, writer.Written);
                writer = Begin(transport);
            }

            SenderReport.TryWrite(ref writer, consumer.Plan.Ssrc, info, []);
            SourceDescription.TryWriteCanonicalName(ref writer, consumer.Plan.Ssrc, consumer.Plan.CanonicalName.Span);
            consumer.Feedback.NoteReport(now, info);
        }

        if (writer.Length > 0)
        {
            transport.SendRtcp(now, writer.Written);
        }
    }

    // DLRR: an answer to those who told their reference time (RFC 3611 §4.5). Rare enough to have a datagram of its own.
    private static void SendDelays(Instant now, RouterTransport transport)
    {
        Span<DelaySinceLastReceiverReport> delays = stackalloc DelaySinceLastReceiverReport[ReferenceTimes.Kept];
        int count = transport.ReferenceTimes.Take(now, delays);
        RtcpWriter writer = Begin(transport);
        ReceiverReport.TryWrite(ref writer, transport.LocalSsrc, []);
        SourceDescription.TryWriteCanonicalName(ref writer, transport.LocalSsrc, transport.LocalName.Span);
        ExtendedReport.TryWriteDelays(ref writer, transport.LocalSsrc, delays[..count]);
        transport.SendRtcp(now, writer.Written);
    }

    private static RtcpWriter Begin(RouterTransport transport) => new(transport.Router.ReportScratch.AsSpan(0, MaxLength));
}
