using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Crosspoint.Media.Plans;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Extensions;

namespace Crosspoint.Media.Forwarding;

/// <summary>
/// Writes the header a consumer gets: its own fixed fields, its MID, and the producer's extensions under the consumer's ids.
/// Consumers of one packet mostly differ in the fixed fields and the MID alone, so a header that fits is changed in place
/// instead of being written anew. CSRC lists are not forwarded: nothing in a room mixes.
/// </summary>
/// <remarks>One owner: the router's thread.</remarks>
internal sealed class ForwardHeader
{
    // Room enough for every extension at its longest that RFC 8285 and a datagram allow.
    private const int MaxLength = 1024;

    // AV1 RTP A.8.2: behind start, end and template id.
    private const int FrameNumberOffset = 1;

    private static readonly HeaderExtensionKind[] Copied =
    [
        HeaderExtensionKind.AudioLevel,
        HeaderExtensionKind.VideoOrientation,
        HeaderExtensionKind.DependencyDescriptor,
        HeaderExtensionKind.AbsoluteCaptureTime,
    ];

    // Made by me.
    private readonly byte[] _bytes = new byte[MaxLength];
    private readonly byte[] _descriptor = new byte[byte.MaxValue];

    // State: what the header in hand was written for.
    private UInt128 _extensions;
    private int _midLength;
    private bool _hasSendTime;
    private int _length;
    private int _frameNumberAt;
    private ushort _frameNumber;
    private ActiveDecodeTargets _targets;

    /// <summary>Another packet follows: the header in hand is not its.</summary>
    public void Begin() => _length = 0;

    /// <summary>Where in the header in hand the transport-wide number belongs; 0 when the consumer gets none. Whoever sends it writes it.</summary>
    public int NumberOffset { get; private set; }

    /// <summary>Where in the header in hand the absolute send time stands; 0 when there is none.</summary>
    public int SendTimeOffset { get; private set; }

    /// <summary>The header for one consumer; valid until the next call.</summary>
    /// <param name="now">For the absolute send time.</param>
    /// <param name="plan">The consumer's.</param>
    /// <param name="fields">The fixed fields.</param>
    /// <param name="packet">The producer's packet, the same since <see cref="Begin"/>.</param>
    /// <param name="slots">Its extensions.</param>
    /// <param name="frameOffset">Added to the frame number of the dependency descriptor, if there is one.</param>
    /// <param name="targets">What the dependency descriptor is to tell of decode targets; nothing else than it does where that is empty.</param>
    public Span<byte> Write(
        Instant now,
        ConsumerPlan plan,
        in RtpHeaderFields fields,
        in RtpPacket packet,
        in ExtensionSlots slots,
        ushort frameOffset = 0,
        ActiveDecodeTargets targets = default)
    {
        // Without RTX a packet is resent under its old number and so under its old nonce: its header must not change by a bit.
        bool hasSendTime = plan.RtxPayloadType is not null;
        if (_length != 0 && plan.Extensions.Signature == _extensions && plan.Mid.Length == _midLength && hasSendTime == _hasSendTime && targets.Mask == _targets.Mask)
        {
            RtpHeaderWriter.Overwrite(_bytes, fields);
            OverwriteMid(plan);
            OverwriteFrameNumber(frameOffset);
            return _bytes.AsSpan(0, _length);
        }

        _extensions = plan.Extensions.Signature;
        _midLength = plan.Mid.Length;
        _hasSendTime = hasSendTime;
        _targets = targets;
        _length = WriteNew(now, plan, fields, packet, slots);
        _frameNumberAt = FindFrameNumber(plan);
        OverwriteFrameNumber(frameOffset);
        return _bytes.AsSpan(0, _length);
    }

    private int WriteNew(Instant now, ConsumerPlan plan, in RtpHeaderFields fields, in RtpPacket packet, in ExtensionSlots slots)
    {
        HeaderExtensionIds ids = plan.Extensions;
        RtpHeaderWriter writer = new(_bytes, fields);
        if (HasMid(plan))
        {
            writer.TryAdd(ids[HeaderExtensionKind.Mid], plan.Mid.Span);
        }

        byte number = ids[HeaderExtensionKind.TransportSequenceNumber];
        bool numbered = number != 0 && writer.TryAdd(number, [0, 0]);
        byte sendTime = ids[HeaderExtensionKind.AbsoluteSendTime];
        bool timed = sendTime != 0 && _hasSendTime && writer.TryAdd(sendTime, [0, 0, 0]);

        foreach (HeaderExtensionKind kind in Copied)
        {
            byte id = ids[kind];
            if (id != 0 && slots.TryGet(packet, kind, out ReadOnlySpan<byte> value))
            {
                bool tells = kind == HeaderExtensionKind.DependencyDescriptor && _targets.Mask != 0;
                writer.TryAdd(id, tells ? Tell(value) : value);
            }
        }

        int length = writer.Complete();
        Locate(plan, numbered, timed);
        if (timed)
        {
            AbsoluteSendTime.From(now).Write(_bytes.AsSpan(SendTimeOffset));
        }

        return length;
    }

    // An element that would become longer than one can be stays as it is.
    private ReadOnlySpan<byte> Tell(ReadOnlySpan<byte> descriptor) =>
        descriptor.Length > _descriptor.Length - ActiveDecodeTargets.MaxGrowth ? descriptor : _descriptor.AsSpan(0, _targets.Write(descriptor, _descriptor));

    // MID, number and time come first, in this order; the two-byte form moves them all.
    private void Locate(ConsumerPlan plan, bool numbered, bool timed)
    {
        int element = _bytes[RtpPacket.FixedHeaderLength] == 0xBE ? 1 : 2;
        int offset = RtpPacket.FixedHeaderLength + 4 + (HasMid(plan) ? element + plan.Mid.Length : 0) + element;
        NumberOffset = numbered ? offset : 0;
        offset += numbered ? TransportSequenceNumber.Length + element : 0;
        SendTimeOffset = timed ? offset : 0;
    }

    // The first element: its value lies behind the fixed header, the extension's own four bytes and one or two of its own.
    private void OverwriteMid(ConsumerPlan plan)
    {
        if (HasMid(plan))
        {
            bool oneByte = _bytes[RtpPacket.FixedHeaderLength] == 0xBE;
            plan.Mid.Span.CopyTo(_bytes.AsSpan(RtpPacket.FixedHeaderLength + 4 + (oneByte ? 1 : 2)));
        }
    }

    private int FindFrameNumber(ConsumerPlan plan)
    {
        byte id = plan.Extensions[HeaderExtensionKind.DependencyDescriptor];
        if (id == 0
            || !RtpPacket.TryParseHeader(_bytes.AsSpan(0, _length), out RtpPacket header)
            || !header.TryGetExtension(id, out ReadOnlySpan<byte> element)
            || element.Length < FrameNumberOffset + sizeof(ushort))
        {
            return 0;
        }

        _frameNumber = BinaryPrimitives.ReadUInt16BigEndian(element[FrameNumberOffset..]);
        return FrameNumberOffset + (int)Unsafe.ByteOffset(in _bytes[0], in MemoryMarshal.GetReference(element));
    }

    // Always: the consumer before may have had other numbers.
    private void OverwriteFrameNumber(ushort offset)
    {
        if (_frameNumberAt != 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(_frameNumberAt), (ushort)(_frameNumber + offset));
        }
    }

    private static bool HasMid(ConsumerPlan plan) => !plan.Mid.IsEmpty && plan.Extensions.Has(HeaderExtensionKind.Mid);
}
