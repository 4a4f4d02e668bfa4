using Crosspoint.Media.Forwarding;
using Crosspoint.Media.Layers;
using Crosspoint.Media.Plans;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Media;

/// <summary>The way of one RTP packet: whose it is, whether it counts, and to whom it goes.</summary>
internal static class IncomingRtp
{
    /// <summary>Takes one packet, decrypted.</summary>
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

        transport.Uplink?.Handle(now, stream.Producer.Plan.Extensions, packet);

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
            LeaveOut(now, stream, packet, MediaDropReason.Empty);
            return;
        }

        if (producer.IsPaused)
        {
            producer.Transport.Drop(MediaDropReason.ProducerPaused);
            return;
        }

        if (producer.IsStopped)
        {
            producer.Transport.Drop(MediaDropReason.ForwardingStopped);
            return;
        }

        if (producer.FrameCheck is { } check && !check.TryPass(now, stream, packet, out MediaDropReason refusal))
        {
            LeaveOut(now, stream, packet, refusal);
            return;
        }

        ExtensionSlots slots = ExtensionSlots.Find(packet, producer.Plan.Extensions);
        ref FrameFacts frame = ref producer.Transport.Router.Frame;
        if (producer.IsVideo)
        {
            ReadVideo(now, stream, packet, slots, ref frame);
        }
        else
        {
            frame.Clear();
            bool hasLevel = slots.TryGet(packet, HeaderExtensionKind.AudioLevel, out ReadOnlySpan<byte> level);
            if (hasLevel)
            {
                producer.ReportLevel(now, level[0]);
            }

            if (!producer.Transport.Router.Loudest.Hears(now, producer, hasLevel ? level[0] & 0x7F : null))
            {
                producer.Transport.Drop(MediaDropReason.NotAmongLoudest);
                return;
            }

            if (!producer.Transport.Router.Red.TryBegin(producer.Plan, packet.PayloadType, packet.Payload))
            {
                LeaveOut(now, stream, packet, MediaDropReason.MalformedRed);
                return;
            }
        }

        producer.Transport.Router.Header.Begin();
        foreach (Consumer consumer in producer.Consumers)
        {
            consumer.Forward(now, stream, packet, slots, frame, traits);
        }

        // Of several encodings only what somebody is sent can be asked for again.
        if (producer.Streams.Length == 1 || stream.Watchers > 0)
        {
            stream.Store.Store(now, packet.SequenceNumber, packet.Header, packet.Payload);
        }
    }

    private static void ReadVideo(Instant now, ProducerStream stream, in RtpPacket packet, in ExtensionSlots slots, ref FrameFacts frame)
    {
        if (!stream.Layers.Read(now, packet, slots, ref frame))
        {
            stream.Producer.Transport.Drop(MediaDropReason.MalformedVideo);
        }

        if (frame.Has(FrameFlags.KeyFrame))
        {
            stream.HandleKeyFrame(packet.SequenceNumber);
        }
    }

    private static void LeaveOut(Instant now, ProducerStream stream, in RtpPacket packet, MediaDropReason reason)
    {
        stream.Producer.Transport.Drop(reason);
        stream.Producer.Transport.Router.Header.Begin();
        foreach (Consumer consumer in stream.Producer.Consumers)
        {
            consumer.LeaveOut(now, stream, packet);
        }
    }
}
