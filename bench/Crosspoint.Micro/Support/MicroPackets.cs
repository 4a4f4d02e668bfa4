using System.Buffers.Binary;
using Crosspoint.Media.Plans;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.SFrame;

namespace Crosspoint.Micro.Support;

/// <summary>Packets as a browser sends them, made before anything is measured.</summary>
internal static class MicroPackets
{
    /// <summary>What libwebrtc leaves for VP8 of its 1,200 bytes.</summary>
    public const int VideoPayloadBytes = 1168;

    /// <summary>A VP8 payload descriptor and header that begin a keyframe (RFC 7741 §4.2, §4.3).</summary>
    public static readonly byte[] KeyFrame = [0x10, 0x00, 1, 2, 3];

    /// <summary>The same for a frame between keyframes.</summary>
    public static readonly byte[] DeltaFrame = [0x10, 0x01, 4, 5, 6];

    /// <summary>The epoch and the leaf in the key ids of encrypted frames.</summary>
    public const byte SealedEpoch = 41;

    /// <summary>The leaf in the key ids of encrypted frames.</summary>
    public const int SealedLeaf = 5;

    /// <summary>An encrypted keyframe of VP8: descriptor, the ten bytes that stay readable, SFrame header.</summary>
    public static readonly byte[] SealedKeyFrame = [0x10, 0x00, 2, 0, 0x9D, 1, 0x2A, 0x40, 1, 0xF0, 0, .. SealedHeader];

    /// <summary>The same for a frame between keyframes, of which one byte stays readable.</summary>
    public static readonly byte[] SealedDeltaFrame = [0x10, 0x31, .. SealedHeader];

    /// <summary>A VP8 keyframe of a stream with three temporal layers: picture id of 15 bits, TL0PICIDX and TID.</summary>
    public static readonly byte[] LayeredKeyFrame = [0x90, 0xE0, 0x80, 0x00, 0x00, 0x20, 0x00, 1, 2, 3];

    /// <summary>Makes of a <see cref="LayeredKeyFrame"/> packet another picture of the pattern T0 T2 T1 T2.</summary>
    public static void Picture(Span<byte> payload, int number)
    {
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], (ushort)(0x8000 | number));
        payload[4] = (byte)(number >> 2);
        payload[5] = (byte)((number & 3) switch { 0 => 0, 2 => 0x60, _ => 0xA0 });
        payload[6] = (byte)(number == 0 ? 0 : 1);
    }

    /// <summary>An RTP packet with absolute send time and MID.</summary>
    public static byte[] Rtp(Ssrc ssrc, PayloadType payloadType, ReadOnlySpan<byte> start, int payloadBytes)
    {
        byte[] bytes = new byte[1500];
        RtpHeaderWriter writer = new(bytes, new RtpHeaderFields(payloadType, true, new(0), new(0), ssrc));
        writer.TryAdd(2, [1, 2, 3]);
        writer.TryAdd(4, "0"u8);
        int length = writer.Complete();
        start.CopyTo(bytes.AsSpan(length));
        return bytes[..(length + payloadBytes)];
    }

    /// <summary>Gives a packet the next number, a millisecond later.</summary>
    public static void Number(Span<byte> packet, int number)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)number);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], (uint)number * 90);
    }

    private static byte[] SealedHeader
    {
        get
        {
            byte[] bytes = new byte[SFrameHeader.MaxLength];
            return bytes[..new SFrameHeader(new SFrameKeyId(1, SFrameKind.Camera, SealedLeaf, SealedEpoch).Value, 70_000).Write(bytes)];
        }
    }

    /// <summary>The extensions of <see cref="Rtp"/>.</summary>
    public static HeaderExtensionIds Extensions { get; } = new([(HeaderExtensionKind.AbsoluteSendTime, 2), (HeaderExtensionKind.Mid, 4)]);

    /// <summary>The same with transport-wide numbers.</summary>
    public static HeaderExtensionIds AdaptiveExtensions { get; } =
        new([(HeaderExtensionKind.AbsoluteSendTime, 2), (HeaderExtensionKind.Mid, 4), (HeaderExtensionKind.TransportSequenceNumber, 5)]);
}
