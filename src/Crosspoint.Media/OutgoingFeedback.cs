using Crosspoint.Media.Plans;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Media;

/// <summary>What we ask of producers: lost packets and keyframes.</summary>
internal static class OutgoingFeedback
{
    private const int MaxLength = 1200;

    /// <summary>Sends a NACK for what is due.</summary>
    public static void SendNack(Instant now, ProducerStream stream, NackGenerator nack)
    {
        RouterTransport transport = stream.Producer.Transport;
        RtcpWriter writer = Begin(stream);
        int asked = nack.TryWrite(now, transport.RoundTrip, ref writer, transport.LocalSsrc, stream.Ssrc);
        if (asked > 0 && transport.Sink.IsReady)
        {
            transport.SendRtcp(now, writer.Written);
        }
    }

    /// <summary>Sends a PLI, or a FIR to a producer that knows no PLI; false when it knows neither or cannot be reached.</summary>
    public static bool TrySendKeyFrameRequest(Instant now, ProducerStream stream, byte firSequence)
    {
        RouterTransport transport = stream.Producer.Transport;
        FeedbackFlags feedback = stream.Producer.Plan.Feedback;
        if (stream.Ssrc == Ssrc.None || !transport.Sink.IsReady)
        {
            return false;
        }

        RtcpWriter writer = Begin(stream);
        bool written = feedback.Includes(FeedbackFlags.PictureLossIndication)
            ? PictureLossIndication.TryWrite(ref writer, transport.LocalSsrc, stream.Ssrc)
            : feedback.Includes(FeedbackFlags.FullIntraRequest) && FullIntraRequest.TryWrite(ref writer, transport.LocalSsrc, stream.Ssrc, firSequence);
        if (written)
        {
            transport.SendRtcp(now, writer.Written);
        }

        return written;
    }

    private static RtcpWriter Begin(ProducerStream stream) => Begin(stream.Producer.Transport, stream.Producer.Plan.ReducedSizeRtcp);

    /// <summary>Feedback about a whole transport: reduced size when all its producers take that.</summary>
    public static RtcpWriter Begin(RouterTransport transport) =>
        Begin(transport, !transport.ProducerList.Exists(static producer => !producer.Plan.ReducedSizeRtcp));

    // RFC 5506 §3.4.2: without reduced size, feedback follows a report and a name.
    private static RtcpWriter Begin(RouterTransport transport, bool isReducedSize)
    {
        RtcpWriter writer = new(transport.Router.ReportScratch.AsSpan(0, MaxLength));
        if (!isReducedSize)
        {
            ReceiverReport.TryWrite(ref writer, transport.LocalSsrc, []);
            SourceDescription.TryWriteCanonicalName(ref writer, transport.LocalSsrc, transport.LocalName.Span);
        }

        return writer;
    }
}
