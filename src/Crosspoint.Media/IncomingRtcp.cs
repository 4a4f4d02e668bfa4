using Crosspoint.Media.Plans;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Media;

/// <summary>The way of one RTCP datagram: each packet in it to the stream it speaks of.</summary>
internal static class IncomingRtcp
{
    /// <summary>Takes one datagram, compound or reduced-size (RFC 3550 §6.1, RFC 5506), decrypted.</summary>
    public static void Handle(Instant now, RouterTransport transport, ReadOnlySpan<byte> bytes)
    {
        transport.CountRtcpReceived();
        if (!RtcpReader.TryOpen(bytes, out RtcpReader reader))
        {
            transport.Drop(MediaDropReason.MalformedRtcp);
            return;
        }

        while (reader.TryRead(out RtcpPacket packet))
        {
            if (!Dispatch(now, transport, packet))
            {
                transport.Drop(MediaDropReason.MalformedRtcp);
            }
        }

        if (reader.UnknownCount > 0)
        {
            transport.Drop(MediaDropReason.RtcpIgnored);
        }
    }

    /// <summary>False when the packet is not what its type says.</summary>
    private static bool Dispatch(Instant now, RouterTransport transport, in RtcpPacket packet)
    {
        switch (packet.Kind)
        {
            case RtcpKind.SenderReport:
                return HandleSenderReport(now, transport, packet);
            case RtcpKind.ReceiverReport:
                return HandleReceiverReport(now, transport, packet);
            case RtcpKind.GenericNack:
                return HandleNack(now, transport, packet);
            case RtcpKind.PictureLossIndication:
                return HandlePictureLoss(now, transport, packet);
            case RtcpKind.FullIntraRequest:
                return HandleFullIntraRequest(now, transport, packet);
            case RtcpKind.Bye:
                return HandleBye(transport, packet);
            case RtcpKind.ExtendedReport:
                return HandleExtendedReport(now, transport, packet);
            case RtcpKind.TransportFeedback:
                return HandleTransportFeedback(now, transport, packet);
            case RtcpKind.ReceiverEstimatedMaximumBitrate:
                return HandleEstimate(now, transport, packet);
            case RtcpKind.SourceDescription:
                return true; // Names were agreed in signalling.
            default:
                transport.Drop(MediaDropReason.RtcpIgnored);
                return true;
        }
    }

    private static bool HandleSenderReport(Instant now, RouterTransport transport, in RtcpPacket packet)
    {
        if (!SenderReport.TryParse(packet, out SenderReport report))
        {
            return false;
        }

        if (!transport.Streams.TryGet(report.Ssrc, out ProducerStream? stream))
        {
            transport.Drop(MediaDropReason.RtcpUnknownSsrc);
        }
        else if (stream!.Ssrc == report.Ssrc)
        {
            stream.Clock.Update(now, report.Info);
        }

        HandleBlocks(now, transport, report.Blocks);
        return true;
    }

    private static bool HandleReceiverReport(Instant now, RouterTransport transport, in RtcpPacket packet)
    {
        if (!ReceiverReport.TryParse(packet, out ReceiverReport report))
        {
            return false;
        }

        HandleBlocks(now, transport, report.Blocks);
        return true;
    }

    private static void HandleBlocks(Instant now, RouterTransport transport, ReportBlockList blocks)
    {
        int worst = -1;
        for (int i = 0; i < blocks.Count; i++)
        {
            ReportBlock block = blocks[i];
            if (Find(transport, block.Ssrc) is { } consumer && consumer.Plan.Ssrc == block.Ssrc)
            {
                consumer.Feedback.HandleReport(now, block);
                worst = Math.Max(worst, block.FractionLost);
            }
        }

        if (worst >= 0)
        {
            transport.Downlink?.HandleReport(now, (byte)worst, transport.MeasuredRoundTrip);
        }
    }

    private static bool HandleNack(Instant now, RouterTransport transport, in RtcpPacket packet)
    {
        if (!GenericNack.TryParse(packet, out GenericNack nack))
        {
            return false;
        }

        Find(transport, nack.MediaSsrc)?.Resends.HandleNack(now, nack);
        return true;
    }

    private static bool HandlePictureLoss(Instant now, RouterTransport transport, in RtcpPacket packet)
    {
        if (!PictureLossIndication.TryParse(packet, out PictureLossIndication pli))
        {
            return false;
        }

        Find(transport, pli.MediaSsrc)?.Feedback.HandlePictureLoss(now);
        return true;
    }

    private static bool HandleFullIntraRequest(Instant now, RouterTransport transport, in RtcpPacket packet)
    {
        if (!FullIntraRequest.TryParse(packet, out FullIntraRequest fir))
        {
            return false;
        }

        for (int i = 0; i < fir.Count; i++)
        {
            Find(transport, fir[i].Ssrc)?.Feedback.HandleFullIntraRequest(now, fir[i].CommandSequence);
        }

        return true;
    }

    // The source leaves its place; the track stays until signalling closes it.
    private static bool HandleBye(RouterTransport transport, in RtcpPacket packet)
    {
        if (!Bye.TryParse(packet, out Bye bye))
        {
            return false;
        }

        for (int i = 0; i < bye.Count; i++)
        {
            if (!transport.Streams.TryGet(bye[i], out ProducerStream? stream))
            {
                transport.Drop(MediaDropReason.RtcpUnknownSsrc);
            }
            else if (stream!.Ssrc == bye[i])
            {
                stream.HasLeft = true;
            }
        }

        return true;
    }

    // RRTR (RFC 3611 §4.4) asks for an answer with our next report. DLRR (§4.5) answers the reference time in our reports: the only way to a round trip with a peer that just sends.
    private static bool HandleExtendedReport(Instant now, RouterTransport transport, in RtcpPacket packet)
    {
        if (!ExtendedReport.TryParse(packet, out ExtendedReport report))
        {
            return false;
        }

        if (!report.ReferenceTime.IsNone)
        {
            transport.ReferenceTimes.Add(now, report.SenderSsrc, report.ReferenceTime);
        }

        for (int i = 0; i < report.DelayCount; i++)
        {
            DelaySinceLastReceiverReport entry = report.GetDelay(i);
            if (entry.Ssrc == transport.LocalSsrc)
            {
                transport.UpdateRoundTrip(now, entry.LastReceiverReport, entry.Delay);
            }
        }

        return true;
    }

    private static bool HandleTransportFeedback(Instant now, RouterTransport transport, in RtcpPacket packet)
    {
        if (!TransportFeedback.TryParse(packet, out TransportFeedback feedback))
        {
            return false;
        }

        if (transport.Downlink is { } downlink && transport.Accepts(FeedbackFlags.TransportWide))
        {
            downlink.HandleFeedback(now, feedback);
        }
        else
        {
            transport.Drop(MediaDropReason.FeedbackNotNegotiated);
        }

        return true;
    }

    private static bool HandleEstimate(Instant now, RouterTransport transport, in RtcpPacket packet)
    {
        if (!ReceiverEstimatedMaximumBitrate.TryParse(packet, out ReceiverEstimatedMaximumBitrate estimate))
        {
            return false;
        }

        if (transport.Downlink is { } downlink && transport.Accepts(FeedbackFlags.EstimatedMaximumBitrate))
        {
            downlink.HandleEstimate(now, estimate.Bitrate);
        }
        else
        {
            transport.Drop(MediaDropReason.FeedbackNotNegotiated);
        }

        return true;
    }

    private static Consumer? Find(RouterTransport transport, Ssrc ssrc)
    {
        if (transport.ConsumersBySsrc.TryGet(ssrc, out Consumer? consumer))
        {
            return consumer;
        }

        transport.Drop(MediaDropReason.RtcpUnknownSsrc);
        return null;
    }
}
