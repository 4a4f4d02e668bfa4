using Crosspoint.Media.Forwarding;
using Crosspoint.Media.Layers;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Extensions;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Media;

/// <summary>
/// The way of a packet through a <see cref="Consumer"/> whose track has layers or several encodings: whether it is kept, what is sent before it
/// from the store, and what of it changes. It ends where every packet's does, in <see cref="Consumer.Send"/>.
/// </summary>
internal static class LayeredForwarding
{
    /// <summary>Sends a packet of the producer, or counts why not.</summary>
    public static void Forward(
        Instant now,
        Consumer consumer,
        LayeredOutput layers,
        ProducerStream stream,
        in RtpPacket packet,
        in ExtensionSlots slots,
        in FrameFacts frame,
        PayloadTraits traits)
    {
        if (layers.TryResume(stream, frame, out ProducerStream? waiting, out SequenceNumber first))
        {
            ForwardStored(now, consumer, layers, waiting, first, waiting == stream ? packet.SequenceNumber : waiting.HighestSequence.Next);
        }

        ProducerStream? before = layers.Stream;
        MediaDropReason? refusal = layers.Take(now, stream, packet, frame, consumer.Target ?? default, ref consumer.Timestamp, out OutgoingFrame outgoing);
        if (refusal is null && (before != layers.Stream || (frame.Has(FrameFlags.KeyFrame) && frame.Has(FrameFlags.BeginsPicture))))
        {
            consumer.BeginAnew(now, outgoing.Sequence);
        }

        if (refusal is null && consumer.State == ConsumerState.AwaitingStart)
        {
            consumer.TryGo(ConsumerState.Forwarding);
        }
        else if (frame.Has(FrameFlags.BeginsPicture) && !layers.IsShrinking(now))
        {
            consumer.NoteLayers();
        }

        if (refusal is { } reason)
        {
            consumer.Drop(reason);
            return;
        }

        Send(now, consumer, packet, slots, frame, outgoing, traits);
        if (layers.TryResumeAfter(out waiting, out first))
        {
            ForwardStored(now, consumer, layers, waiting, first, waiting.HighestSequence.Next);
        }
    }

    /// <summary>Sends what became of a packet, which may be less than the packet or only its number.</summary>
    public static void Send(
        Instant now,
        Consumer consumer,
        in RtpPacket packet,
        in ExtensionSlots slots,
        in FrameFacts frame,
        in OutgoingFrame outgoing,
        PayloadTraits traits)
    {
        SentPacket sent = outgoing.Sent;
        RtpTimestamp timestamp = packet.Timestamp + outgoing.TimestampOffset;
        RtpHeaderFields fields = new(consumer.Plan.PayloadType, sent.Has(SentFlags.Marker), outgoing.Sequence, timestamp, consumer.Plan.Ssrc);
        if (sent.Has(SentFlags.Empty))
        {
            // Without what the packet's header says of a payload that is not there; the header in hand is the others'.
            ForwardHeader header = consumer.Transport.Router.Header;
            header.Begin();
            consumer.Send(now, packet, default, fields, default, default, 0, default, PayloadTraits.None);
            header.Begin();
            return;
        }

        Span<byte> prefix = stackalloc byte[IPacketSink.MaxPrefixLength];
        ReadOnlySpan<byte> payload = frame.Picture.Rewrite(packet.Payload, sent, prefix, out int prefixLength);

        // Without RTX a packet may have to be sent again to the bit, when what it told is long forgotten.
        ActiveDecodeTargets targets = outgoing.Targets == 0 || consumer.Plan.RtxPayloadType is null ? default : frame.Targets with { Mask = outgoing.Targets };
        consumer.Send(now, packet, slots, fields, prefix[..prefixLength], payload, outgoing.FrameOffset, targets, traits);
    }

    // What came of a keyframe while a picture of another encoding was under way: begun now, from the store.
    private static void ForwardStored(Instant now, Consumer consumer, LayeredOutput layers, ProducerStream stream, SequenceNumber first, SequenceNumber end)
    {
        Router router = consumer.Transport.Router;
        Span<byte> scratch = router.StoredScratch;
        for (SequenceNumber sequence = first; SequenceNumber.Distance(sequence, end) > 0; sequence = sequence.Next)
        {
            if (!stream.Store.TryGet(now, sequence, out StoredPacket stored) || stored.Header.Length + stored.Payload.Length > scratch.Length)
            {
                continue;
            }

            stored.Header.CopyTo(scratch);
            stored.Payload.CopyTo(scratch[stored.Header.Length..]);
            scratch[0] &= 0xDF; // The padding is not stored.
            if (RtpPacket.TryParse(scratch[..(stored.Header.Length + stored.Payload.Length)], out RtpPacket packet))
            {
                ExtensionSlots slots = ExtensionSlots.Find(packet, consumer.Producer.Plan.Extensions);
                stream.Layers.ReadAgain(packet, slots, ref router.StoredFrame);
                router.Header.Begin();
                Forward(now, consumer, layers, stream, packet, slots, router.StoredFrame, PayloadTraits.None);
            }
        }

        router.Header.Begin();
    }
}
