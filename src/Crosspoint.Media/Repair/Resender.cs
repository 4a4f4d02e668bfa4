using System.Buffers.Binary;
using Crosspoint.Media.Congestion;
using Crosspoint.Media.Forwarding;
using Crosspoint.Media.Layers;
using Crosspoint.Media.Plans;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Extensions;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Media.Repair;

/// <summary>
/// Sends packets of a consumer again: those its receiver asks for, within bounds, and what a probe is filled with. With RTX as a stream of its
/// own (RFC 4588), without it under the old number and the same to the bit.
/// </summary>
/// <remarks>One owner: the consumer.</remarks>
internal sealed class Resender
{
    // How far back a probe goes for packets to fill it with.
    private const int MaxOld = 32;

    private static readonly byte[] Padding = [.. new byte[254], 255];

    // Given to me.
    private readonly Consumer _consumer;
    private readonly ConsumerPlan _plan;
    private readonly Router _router;

    // Made by me.
    private readonly ResendThrottle _throttle = new(128);

    // Only without RTX.
    private SentNumbers? _numbers;

    // State.
    private SequenceNumber _rtxSequence;
    private ResendBudget _budget;
    private int _oldSent;

    /// <summary>Has sent nothing again yet.</summary>
    public Resender(Consumer consumer)
    {
        _consumer = consumer;
        _plan = consumer.Plan;
        _router = consumer.Transport.Router;
        _rtxSequence = new((ushort)(_router.NextRandom() & 0x7FFF));
    }

    /// <summary>Packets asked for, each request counted.</summary>
    public long Nacks { get; private set; }

    /// <summary>Packets sent again because they were asked for.</summary>
    public long Resent { get; private set; }

    /// <summary>Their payload.</summary>
    public long ResentBytes { get; private set; }

    /// <summary>The receiver asks for packets.</summary>
    public void HandleNack(Instant now, in GenericNack nack)
    {
        if (!_plan.Feedback.Includes(FeedbackFlags.Nack))
        {
            _consumer.Drop(MediaDropReason.FeedbackNotNegotiated);
            return;
        }

        // What goes out to repair is not repaired.
        if (nack.MediaSsrc != _plan.Ssrc)
        {
            _consumer.Drop(MediaDropReason.RtcpUnknownSsrc);
            return;
        }

        foreach (SequenceNumber sequence in nack)
        {
            if (!_budget.TryAsk(now, _router.Options.MaxNacksPerWindow))
            {
                _consumer.Drop(MediaDropReason.NackThrottled);
                return;
            }

            Nacks++;
            MediaDropReason? refusal = TryResend(now, sequence);
            if (refusal is { } reason)
            {
                _consumer.Drop(reason);
            }
        }
    }

    /// <summary>Sends again one of the packets sent last, as RTX and unasked; what it took on the wire, 0 when there is none.</summary>
    public int TrySendOld(Instant now)
    {
        SequenceNumber highest = _consumer.HighestOutput;
        return _consumer.State == ConsumerState.Forwarding
            && _consumer.Transport.Sink.IsReady
            && _consumer.TryFindSent(highest - (_oldSent++ % MaxOld), out ProducerStream? stream, out OutgoingFrame outgoing)
            && stream!.Store.TryGet(now, outgoing.Sent.Input, out StoredPacket stored)
            && RtpPacket.TryParseHeader(stored.Header, out RtpPacket header)
            ? Resend(now, stream!, header, stored, outgoing, SentKind.Padding)
            : 0;
    }

    /// <summary>Sends an RTX packet of nothing but padding; what it took on the wire.</summary>
    public int SendEmpty(Instant now)
    {
        if (!_consumer.Transport.Sink.IsReady || !_consumer.Transport.MayReceive || _plan.RtxPayloadType is not { } payloadType)
        {
            return 0;
        }

        ForwardHeader header = _router.Header;
        header.Begin();
        Span<byte> bytes = header.Write(now, _plan, new(payloadType, false, _rtxSequence, _consumer.NewestTimestamp, _plan.RtxSsrc), default, default);
        bytes[0] |= 0x20; // RFC 3550 §5.1: the last octet says how much padding there is.
        _rtxSequence = _rtxSequence.Next;
        int sent = _consumer.Transport.SendPadding(now, OutgoingRtp.InHand(_consumer, SentKind.Padding, bytes, default, Padding, PayloadTraits.None));
        header.Begin();
        return sent;
    }

    /// <summary>A packet of a consumer that <see cref="Consumer.KeepsNumbers"/> left with a transport-wide number: it has it again when it is sent again.</summary>
    public void NoteNumber(ReadOnlySpan<byte> header, SequenceNumber number)
    {
        // A repair stream (RFC 8627) counts its packets by itself, and nobody asks for them again.
        if (BinaryPrimitives.ReadUInt32BigEndian(header[8..]) == _plan.Ssrc.Value)
        {
            _numbers ??= new SentNumbers(_consumer.Producer.IsVideo ? 1024 : 128);
            _numbers.Note(new(BinaryPrimitives.ReadUInt16BigEndian(header[2..])), number);
        }
    }

    private MediaDropReason? TryResend(Instant now, SequenceNumber sequence)
    {
        if (!_consumer.Transport.Sink.IsReady)
        {
            return MediaDropReason.SinkNotReady;
        }

        if (!_consumer.Transport.MayReceive || _consumer.Producer.IsStopped)
        {
            return MediaDropReason.ForwardingStopped;
        }

        // It begins again with a keyframe: nobody needs what is missing before.
        if (_consumer.Producer.IsVideo && _consumer.State != ConsumerState.Forwarding)
        {
            return MediaDropReason.NackNotStored;
        }

        if (!_consumer.TryFindSent(sequence, out ProducerStream? stream, out OutgoingFrame outgoing)
            || !stream!.Store.TryGet(now, outgoing.Sent.Input, out StoredPacket stored)
            || !RtpPacket.TryParseHeader(stored.Header, out RtpPacket header))
        {
            return MediaDropReason.NackNotStored;
        }

        // What came before the last keyframe can wait, and where others wait already, or some of it was never to arrive, it would be in their way.
        if (_consumer.Began is { } began
            && began.IsNewerThan(sequence)
            && _consumer.Transport.Downlink is { } downlink
            && (_consumer.HasSkipped || downlink.IsDraining || downlink.IsBehind(now)))
        {
            return MediaDropReason.NackThrottled;
        }

        // A little less than a round trip: a receiver that asks once per round trip must not be ignored every second time.
        TimeSpan apart = (_consumer.MeasuredRoundTrip ?? _router.Options.AssumedRoundTrip) * 7 / 8;
        if (!_budget.HasRoom(now, _router.Options.MaxResendsPerWindow) || !_throttle.TryPass(now, sequence, apart, out bool isAgain))
        {
            return MediaDropReason.NackThrottled;
        }

        _budget.Take();
        if (isAgain && _plan.RtxPayloadType is not null && _consumer.Transport.Downlink is { LosesAtRandom: true })
        {
            // Two were lost already, or one and the request for it, and a picture waits: now it is not left to one packet.
            _budget.Take();
            Resend(now, stream!, header, stored, outgoing, SentKind.Resend);
        }

        return Resend(now, stream!, header, stored, outgoing, SentKind.Resend) > 0 ? null : MediaDropReason.NackNotStored;
    }

    // False when it never left, or so long ago that nobody knows what with.
    private bool TryWriteOldNumber(SequenceNumber sequence, Span<byte> header)
    {
        int offset = _router.Header.NumberOffset;
        if (offset == 0)
        {
            return true;
        }

        SequenceNumber number = default;
        bool found = _numbers is not null && _numbers.TryFind(sequence, out number);
        TransportSequenceNumber.Write(number, header[offset..]);
        return found;
    }

    private ActiveDecodeTargets TargetsAgain(ProducerStream stream, in RtpPacket header, in ExtensionSlots slots, LayerId layer) =>
        slots.TryGet(header, HeaderExtensionKind.DependencyDescriptor, out ReadOnlySpan<byte> element)
            ? stream.Layers.TargetsAgain(element, layer, _router.DescriptorScratch)
            : default;

    private int Resend(Instant now, ProducerStream stream, in RtpPacket header, in StoredPacket stored, in OutgoingFrame outgoing, SentKind kind)
    {
        ExtensionSlots slots = ExtensionSlots.Find(header, _consumer.Producer.Plan.Extensions);
        RtpTimestamp timestamp = header.Timestamp + outgoing.TimestampOffset;
        if (header.PayloadType == _consumer.Producer.Plan.RedPayloadType)
        {
            return ResendRed(now, header, stored, outgoing.Sequence, timestamp, slots);
        }

        bool asRtx = _plan.RtxPayloadType is not null;
        SentPacket sent = outgoing.Sent;
        bool marker = !_consumer.IsLayered ? header.Marker || outgoing.Sequence == _consumer.SpurtAt : sent.Has(SentFlags.Marker);
        RtpHeaderFields fields = asRtx
            ? new(_plan.RtxPayloadType!.Value, marker, _rtxSequence, timestamp, _plan.RtxSsrc)
            : new(_plan.PayloadType, marker, outgoing.Sequence, timestamp, _plan.Ssrc);
        _router.Header.Begin();
        bool isEmpty = sent.Has(SentFlags.Empty);
        ActiveDecodeTargets targets = asRtx && sent.Told != 0 ? TargetsAgain(stream, header, slots, LayerMask.At(sent.Told - 1)) : default;
        Span<byte> bytes = _router.Header.Write(now, _plan, fields, header, isEmpty ? default : slots, outgoing.FrameOffset, targets);
        if (!asRtx && !TryWriteOldNumber(outgoing.Sequence, bytes))
        {
            return 0;
        }

        PictureFields picture = sent.IsRewritten ? PictureFields.Read(_plan.Codec, stored.Payload) : default;
        Span<byte> prefix = stackalloc byte[IPacketSink.MaxPrefixLength];
        int original = asRtx ? RtxPacket.OriginalSequenceNumberLength : 0;
        ReadOnlySpan<byte> payload = picture.Rewrite(stored.Payload, sent, prefix[original..], out int rewritten);
        if (asRtx)
        {
            RtxPacket.WriteOriginalSequenceNumber(prefix, outgoing.Sequence);
            _rtxSequence = _rtxSequence.Next;
        }

        prefix = prefix[..(original + rewritten)];
        OutgoingRtp packet = asRtx ? OutgoingRtp.InHand(_consumer, kind, bytes, prefix, payload, PayloadTraits.None) : new(_consumer, kind, bytes, prefix, payload, PayloadTraits.None);
        if (kind == SentKind.Padding)
        {
            return _consumer.Transport.SendPadding(now, packet);
        }

        _consumer.Transport.Send(now, packet);
        Resent++;
        ResentBytes += prefix.Length + payload.Length;
        return packet.Length;
    }

    // As it was the first time, to the bit: audio has no RTX, so it goes out under its old number.
    private int ResendRed(Instant now, in RtpPacket header, in StoredPacket stored, SequenceNumber sequence, RtpTimestamp timestamp, in ExtensionSlots slots)
    {
        if (!_router.Red.TryBegin(_consumer.Producer.Plan, header.PayloadType, stored.Payload))
        {
            return 0;
        }

        _router.Red.Split(_plan, stored.Payload, out PayloadType type, out ReadOnlySpan<byte> prefix, out ReadOnlySpan<byte> payload);
        _router.Header.Begin();
        Span<byte> bytes = _router.Header.Write(now, _plan, new(type, header.Marker || sequence == _consumer.SpurtAt, sequence, timestamp, _plan.Ssrc), header, slots);
        if (!TryWriteOldNumber(sequence, bytes))
        {
            return 0;
        }

        _consumer.Transport.Send(now, new OutgoingRtp(_consumer, SentKind.Resend, bytes, prefix, payload, PayloadTraits.None));
        Resent++;
        ResentBytes += prefix.Length + payload.Length;
        return bytes.Length + prefix.Length + payload.Length;
    }
}
