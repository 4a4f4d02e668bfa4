using Crosspoint.Media.Forwarding;
using Crosspoint.Media.Plans;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media;

/// <summary>The way of one RTP packet: whose it is, whether it counts, and to whom it goes.</summary>
internal static class IncomingRtp
{
    public static void Handle(Instant now, RouterTransport transport, ReadOnlySpan<byte> bytes, PayloadTraits traits)
    {
        transport.CountRtpReceived(now, bytes.Length);
        if (!RtpPacket.TryParse(bytes, out RtpPacket packet))
        {
            transport.Drop(MediaDropReason.MalformedRtp);
            return;
        }

        if (!transport.Streams.TryGet(packet.Ssrc, out ProducerStream? stream))
        {
            stream = StreamLearner.Learn(now, transport, packet);
        }

        if (stream is null)
        {
            return;
        }

        if (packet.Ssrc == stream.RtxSsrc)
        {
            HandleRetransmission(now, stream, packet);
        }
        else
        {
            HandleOriginal(now, stream, packet, traits);
        }
    }

    private static void HandleOriginal(Instant now, ProducerStream stream, in RtpPacket packet, PayloadTraits traits)
    {
        if (packet.PayloadType != stream.Producer.Plan.PayloadType && packet.PayloadType != stream.Producer.Plan.RedPayloadType)
        {
            stream.Producer.Transport.Drop(MediaDropReason.UnknownPayloadType);
        }
        else if (stream.TryTake(now, packet.SequenceNumber, packet.Timestamp, packet.Payload.Length))
        {
            Route(now, stream, packet, traits);
        }
    }

    // RFC 4588 §4: the payload is the original sequence number and the original payload; the rest of the header is the original's.
    private static void HandleRetransmission(Instant now, ProducerStream stream, in RtpPacket packet)
    {
        RouterTransport transport = stream.Producer.Transport;
        ProducerPlan plan = stream.Producer.Plan;
        if (packet.PayloadType != plan.RtxPayloadType)
        {
            transport.Drop(MediaDropReason.UnknownPayloadType);
            return;
        }

        Span<byte> scratch = transport.Router.PacketScratch;
        if (!RtxPacket.TryRead(packet, out SequenceNumber original, out ReadOnlySpan<byte> payload)
            || payload.IsEmpty
            || packet.HeaderLength + payload.Length > scratch.Length)
        {
            transport.Drop(MediaDropReason.EmptyRetransmission);
            return;
        }

        packet.Header.CopyTo(scratch);
        payload.CopyTo(scratch[packet.HeaderLength..]);
        scratch[0] &= 0xDF; // The padding stayed behind.
        RtpHeaderWriter.Overwrite(scratch, new RtpHeaderFields(plan.PayloadType, packet.Marker, original, packet.Timestamp, stream.Ssrc));
        if (RtpPacket.TryParse(scratch[..(packet.HeaderLength + payload.Length)], out RtpPacket repaired)
            && stream.TryTakeRepaired(now, original, payload.Length))
        {
            Route(now, stream, repaired, PayloadTraits.None);
        }
    }

    private static void Route(Instant now, ProducerStream stream, in RtpPacket packet, PayloadTraits traits)
    {
        Producer producer = stream.Producer;
        if (packet.Payload.IsEmpty)
        {
            LeaveOut(stream, packet.SequenceNumber, MediaDropReason.Empty);
            return;
        }

        if (producer.IsPaused)
        {
            producer.Transport.Drop(MediaDropReason.ProducerPaused);
            return;
        }

        ExtensionSlots slots = ExtensionSlots.Find(packet, producer.Plan.Extensions);
        bool isKeyFrame = false;
        if (!producer.IsVideo)
        {
            if (slots.TryGet(packet, HeaderExtensionKind.AudioLevel, out ReadOnlySpan<byte> level))
            {
                producer.ReportLevel(now, level[0]);
            }

            if (!producer.Transport.Router.Red.TryBegin(producer.Plan, packet.PayloadType, packet.Payload))
            {
                LeaveOut(stream, packet.SequenceNumber, MediaDropReason.MalformedRed);
                return;
            }
        }
        else if (PayloadReader.TryRead(producer.Plan.Codec, packet.Payload, packet.Marker, out PayloadFacts facts) && facts.IsKeyFrame)
        {
            isKeyFrame = true;
            stream.HandleKeyFrame(packet.SequenceNumber);
        }

        if (!producer.Select(now, stream, isKeyFrame))
        {
            producer.Transport.Drop(MediaDropReason.LayerNotForwarded);
            return;
        }

        stream.Store.Store(now, packet.SequenceNumber, packet.Header, packet.Payload);
        producer.Transport.Router.Header.Begin();
        foreach (Consumer consumer in producer.Consumers)
        {
            consumer.Forward(now, packet, slots, isKeyFrame, traits);
        }
    }

    private static void LeaveOut(ProducerStream stream, SequenceNumber sequence, MediaDropReason reason)
    {
        stream.Producer.Transport.Drop(reason);
        if (stream.Producer.Active != stream)
        {
            return;
        }

        foreach (Consumer consumer in stream.Producer.Consumers)
        {
            consumer.LeaveOut(sequence);
        }
    }
}
