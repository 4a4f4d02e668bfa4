using Crosspoint.Media.Plans;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Extensions;

namespace Crosspoint.Media.Congestion;

/// <summary>What a peer is told of the way its packets come: transport-wide feedback, or REMB where it knows no better.</summary>
/// <remarks>One owner: the router's thread. A packet costs a look at its header extension and a note of its arrival.</remarks>
internal sealed class Uplink(RouterTransport transport)
{
    private const int MaxSources = 32;

    // Made by me, when a producer negotiated it.
    private TransportFeedbackGenerator? _feedback;
    private ReceiveSideEstimator? _estimator;

    /// <summary>When <see cref="HandleTimeout"/> has something to send.</summary>
    public Instant NextTimeout => Instant.Min(_feedback?.NextTimeout ?? Instant.Never, _estimator?.NextTimeout ?? Instant.Never);

    /// <summary>Takes what a producer negotiated.</summary>
    public void Note(ProducerPlan plan)
    {
        CongestionControl mode = transport.Router.Options.CongestionControl;
        if (mode != CongestionControl.EstimatedMaximumBitrate && plan.Feedback.Includes(FeedbackFlags.TransportWide))
        {
            _feedback ??= new TransportFeedbackGenerator(transport.Router.Options.Feedback);
        }
        else if (plan.Feedback.Includes(FeedbackFlags.EstimatedMaximumBitrate) && plan.Extensions.Has(HeaderExtensionKind.AbsoluteSendTime))
        {
            _estimator ??= new ReceiveSideEstimator(transport.Router.Options.ReceiveSide);
        }
    }

    /// <summary>Notes the arrival of a packet, whatever becomes of it: media, repair, padding, or one that came before.</summary>
    public void Handle(Instant now, HeaderExtensionIds ids, in RtpPacket packet)
    {
        int bytes = packet.Bytes.Length + transport.Router.Options.Pacing.Overhead;
        if (_feedback is { } feedback && TryRead(packet, ids[HeaderExtensionKind.TransportSequenceNumber], out ReadOnlySpan<byte> element)
            && TransportSequenceNumber.TryRead(element, out SequenceNumber number))
        {
            feedback.Handle(now, number, bytes);
            transport.Arm(feedback.NextTimeout);
        }
        else if (_estimator is { } estimator && TryRead(packet, ids[HeaderExtensionKind.AbsoluteSendTime], out element)
            && AbsoluteSendTime.TryRead(element, out AbsoluteSendTime time))
        {
            estimator.Handle(now, time, bytes, transport.RoundTrip);
            transport.Arm(estimator.NextTimeout);
        }
    }

    /// <summary>Sends what is due.</summary>
    public void HandleTimeout(Instant now)
    {
        // More than one when there are gaps that one cannot span; never without end.
        for (int i = 0; i < 8 && _feedback?.NextTimeout <= now; i++)
        {
            RtcpWriter writer = OutgoingFeedback.Begin(transport);
            if (!_feedback.TryWrite(now, ref writer, transport.LocalSsrc, AnySource()))
            {
                return;
            }

            Send(now, writer);
        }

        if (_estimator?.NextTimeout <= now)
        {
            SendEstimate(now, _estimator);
        }
    }

    private void SendEstimate(Instant now, ReceiveSideEstimator estimator)
    {
        Span<Ssrc> sources = stackalloc Ssrc[MaxSources];
        int count = 0;
        foreach (Producer producer in transport.ProducerList)
        {
            foreach (ProducerStream stream in producer.Streams)
            {
                if (stream.Ssrc != Ssrc.None && count < MaxSources)
                {
                    sources[count++] = stream.Ssrc;
                }
            }
        }

        RtcpWriter writer = OutgoingFeedback.Begin(transport);
        if (estimator.TryWrite(now, ref writer, transport.LocalSsrc, sources[..count]))
        {
            Send(now, writer);
        }
    }

    private void Send(Instant now, in RtcpWriter writer)
    {
        if (transport.Sink.IsReady)
        {
            transport.SendRtcp(now, writer.Written);
        }
    }

    private Ssrc AnySource()
    {
        foreach (Producer producer in transport.ProducerList)
        {
            foreach (ProducerStream stream in producer.Streams)
            {
                if (stream.Ssrc != Ssrc.None)
                {
                    return stream.Ssrc;
                }
            }
        }

        return Ssrc.None;
    }

    private static bool TryRead(in RtpPacket packet, byte id, out ReadOnlySpan<byte> element)
    {
        element = default;
        return id != 0 && packet.TryGetExtension(id, out element);
    }
}
