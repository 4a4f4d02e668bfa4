using Crosspoint.Media.Plans;

namespace Crosspoint.Media.Forwarding;

/// <summary>Whether a payload is the first of a keyframe: where a decoder can begin.</summary>
internal static class KeyFrameStart
{
    private const int NalStapA = 24;
    private const int NalFuA = 28;
    private const int NalSequenceParameterSet = 7;

    /// <summary>Looks into a payload; never reads outside it, and takes what is too short for a packet in the middle.</summary>
    public static bool IsAt(MediaCodec codec, ReadOnlySpan<byte> payload) => codec switch
    {
        MediaCodec.Vp8 => IsVp8(payload),
        MediaCodec.Vp9 => IsVp9(payload),
        MediaCodec.H264 => IsH264(payload),
        MediaCodec.Av1 => IsAv1(payload),
        _ => false,
    };

    // RFC 7741 §4.2: |X|R|N|S|R| PID |, with X a byte |I|L|T|K|RSV| and what it announces; §4.3: the frame's first bit is P, 0 for a keyframe.
    private static bool IsVp8(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 2 || (payload[0] & 0x17) != 0x10)
        {
            return false;
        }

        int at = 1;
        if ((payload[0] & 0x80) != 0)
        {
            byte flags = payload[1];
            at = 2;
            if ((flags & 0x80) != 0)
            {
                at += at < payload.Length && (payload[at] & 0x80) != 0 ? 2 : 1;
            }

            at += (flags & 0x40) != 0 ? 1 : 0;
            at += (flags & 0x30) != 0 ? 1 : 0;
        }

        return at < payload.Length && (payload[at] & 0x01) == 0;
    }

    // RFC 9628 §4.2: |I|P|L|F|B|E|V|Z|; a picture that predicts from none (P = 0) begins (B = 1) in its lowest spatial layer.
    private static bool IsVp9(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 2 || (payload[0] & 0x48) != 0x08)
        {
            return false;
        }

        if ((payload[0] & 0x20) == 0)
        {
            return true;
        }

        int at = 1;
        if ((payload[0] & 0x80) != 0)
        {
            at += (payload[1] & 0x80) != 0 ? 2 : 1;
        }

        return at < payload.Length && ((payload[at] >> 1) & 0x07) == 0;
    }

    // RFC 6184 §5: a decoder begins at the sequence parameter set, alone, aggregated or (hardly ever) fragmented.
    private static bool IsH264(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 2)
        {
            return false;
        }

        return (payload[0] & 0x1F) switch
        {
            NalSequenceParameterSet => true,
            NalStapA => HasSequenceParameterSet(payload[1..]),
            NalFuA => (payload[1] & 0x80) != 0 && (payload[1] & 0x1F) == NalSequenceParameterSet,
            _ => false,
        };
    }

    private static bool HasSequenceParameterSet(ReadOnlySpan<byte> units)
    {
        while (units.Length > 2)
        {
            int length = (units[0] << 8) | units[1];
            if ((units[2] & 0x1F) == NalSequenceParameterSet && length > 0)
            {
                return true;
            }

            units = units.Length >= 2 + length ? units[(2 + length)..] : default;
        }

        return false;
    }

    // AV1 RTP §4.4: |Z|Y|W W|N|-|-|-|; N marks the first packet of a coded video sequence.
    private static bool IsAv1(ReadOnlySpan<byte> payload) => payload.Length > 1 && (payload[0] & 0x88) == 0x08;
}
