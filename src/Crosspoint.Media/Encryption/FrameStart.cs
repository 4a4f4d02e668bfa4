using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Encryption;

/// <summary>Where in a packet an encrypted frame begins. The payload descriptor is put before it by the packetizer and stays readable.</summary>
/// <remarks>
/// <code>
/// Opus  |                         SFrame header | …        every packet is a frame
/// VP8   | descriptor | clear 1/10 | SFrame header | …      10 bytes of a keyframe (P = 0), else 1
/// VP9   | descriptor |              SFrame header | …      a frame for each spatial layer
/// </code>
/// </remarks>
/// <param name="IsReadable">False when the payload descriptor breaks its format.</param>
/// <param name="IsStart">A frame begins with this packet.</param>
/// <param name="Offset">Where its SFrame header is; may lie behind the end of the payload.</param>
/// <param name="Spatial">Which frame of the picture it is: the spatial layer of VP9.</param>
/// <param name="IsKeyFrame">One can begin here.</param>
internal readonly record struct FrameStart(bool IsReadable, bool IsStart, int Offset, byte Spatial, bool IsKeyFrame)
{
    /// <summary>Bytes of a VP8 keyframe that stay readable: the frame tag, the start code and the size.</summary>
    public const int Vp8KeyFramePrefix = 10;

    /// <summary>Bytes of other VP8 frames that stay readable: the one with the P bit.</summary>
    public const int Vp8Prefix = 1;

    // S, and three bits of PID: of both VP8 says that a frame begins when S is set and PID is 0.
    private const byte Vp8StartMask = 0x17;
    private const byte Vp8Start = 0x10;

    // B, and L: there is a layer to read.
    private const byte Vp9Start = 0x08;
    private const byte Vp9Layers = 0x20;

    private static FrameStart Unreadable => default;

    private static FrameStart Continuation => new(true, false, 0, 0, false);

    /// <summary>Looks at a payload that is not empty.</summary>
    public static FrameStart Of(PayloadFormat codec, ReadOnlySpan<byte> payload) => codec switch
    {
        PayloadFormat.Vp8 => OfVp8(payload),
        PayloadFormat.Vp9 => OfVp9(payload),
        _ => new(true, true, 0, 0, false),
    };

    private static FrameStart OfVp8(ReadOnlySpan<byte> payload)
    {
        if ((payload[0] & Vp8StartMask) != Vp8Start)
        {
            return Continuation;
        }

        if (!Vp8Descriptor.TryMeasure(payload, out int length))
        {
            return Unreadable;
        }

        // RFC 7741 §4.3: P is the lowest bit of the frame's first byte, and 0 in keyframes.
        bool isKey = (payload[length] & 1) == 0;
        return new(true, true, length + (isKey ? Vp8KeyFramePrefix : Vp8Prefix), 0, isKey);
    }

    private static FrameStart OfVp9(ReadOnlySpan<byte> payload)
    {
        if ((payload[0] & (Vp9Start | Vp9Layers)) == 0)
        {
            return Continuation;
        }

        return Vp9Descriptor.TryRead(payload, out Vp9Descriptor descriptor)
            ? new(true, descriptor.IsStartOfFrame, descriptor.Length, descriptor.SpatialLayer, descriptor.IsKeyFrame)
            : Unreadable;
    }
}
