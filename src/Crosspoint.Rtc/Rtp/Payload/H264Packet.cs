using System.Buffers.Binary;

namespace Crosspoint.Rtc.Rtp.Payload;

/// <summary>H.264 payloads (RFC 6184 §5): single NAL units, STAP-A and FU-A, the modes 0 and 1 that browsers speak.</summary>
/// <remarks>
/// <code>
///         |F|NRI|  Type   |
/// STAP-A: | 24 |  size (16) | NAL unit |  size (16) | NAL unit | …
/// FU-A:   | 28 | |S|E|R|  Type   | fragment
/// </code>
/// </remarks>
public static class H264Packet
{
    private const int Slice = 1;
    private const int IdrSlice = 5;
    private const int SupplementalInformation = 6;
    private const int SequenceParameterSet = 7;
    private const int PictureParameterSet = 8;
    private const int AccessUnitDelimiter = 9;
    private const int SingleTimeAggregation = 24;
    private const int Fragmentation = 28;

    /// <summary>Reads a payload; false when it is empty, cut short or of another packet type.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, bool marker, out PayloadFacts facts)
    {
        facts = default;
        if (payload.IsEmpty)
        {
            return false;
        }

        int type = payload[0] & 0x1F;
        PayloadFlags flags;
        bool sound = type switch
        {
            >= 1 and < SingleTimeAggregation => TryReadUnit(payload, type, out flags),
            SingleTimeAggregation => TryReadAggregate(payload[1..], out flags),
            Fragmentation => TryReadFragment(payload, out flags),
            _ => Refuse(out flags),
        };
        facts = sound ? new PayloadFacts(flags | PayloadFacts.When(marker, PayloadFlags.EndOfFrame)) : default;
        return sound;
    }

    private static bool Refuse(out PayloadFlags flags)
    {
        flags = default;
        return false;
    }

    private static bool TryReadUnit(ReadOnlySpan<byte> unit, int type, out PayloadFlags flags)
    {
        flags = Describe(type, unit.Length > 1 ? unit[1] : (byte)0)
            | PayloadFacts.When(type == Slice && (unit[0] & 0x60) == 0, PayloadFlags.Discardable);
        return true;
    }

    private static bool TryReadFragment(ReadOnlySpan<byte> payload, out PayloadFlags flags)
    {
        flags = default;
        if (payload.Length < 3)
        {
            return false;
        }

        int type = payload[1] & 0x1F;
        bool start = (payload[1] & 0x80) != 0;
        flags = (start ? Describe(type, payload[2]) : PayloadFlags.None)
            | PayloadFacts.When(type == Slice && (payload[0] & 0x60) == 0, PayloadFlags.Discardable);
        return true;
    }

    private static bool TryReadAggregate(ReadOnlySpan<byte> rest, out PayloadFlags flags)
    {
        flags = default;
        bool sound = !rest.IsEmpty;
        while (sound && !rest.IsEmpty)
        {
            int size = rest.Length < 2 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(rest);
            sound = size > 0 && size <= rest.Length - 2;
            if (sound)
            {
                ReadOnlySpan<byte> unit = rest.Slice(2, size);
                flags |= Describe(unit[0] & 0x1F, unit.Length > 1 ? unit[1] : (byte)0);
                rest = rest[(2 + size)..];
            }
        }

        return sound;
    }

    // Parameter sets and the like come before the first slice; a slice is the first when its first macroblock is number 0,
    // which Exp-Golomb writes as a single one bit (H.264 §7.3.3, §9.1). The keyframe begins at its sequence parameter set, which
    // WebRTC sends in band (RFC 7742 §6.2): at a bare IDR slice a receiver that has just come could not begin.
    private static PayloadFlags Describe(int type, byte next) => type switch
    {
        SequenceParameterSet => PayloadFlags.KeyFrame | PayloadFlags.StartOfFrame | PayloadFlags.SwitchingPoint,
        IdrSlice => PayloadFlags.SwitchingPoint | PayloadFacts.When((next & 0x80) != 0, PayloadFlags.StartOfFrame),
        Slice => PayloadFacts.When((next & 0x80) != 0, PayloadFlags.StartOfFrame),
        PictureParameterSet or SupplementalInformation or AccessUnitDelimiter => PayloadFlags.StartOfFrame,
        _ => PayloadFlags.None,
    };
}
