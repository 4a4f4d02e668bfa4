using System.Buffers.Binary;

namespace Crosspoint.Rtc.Rtp.Extensions;

/// <summary>The number of a packet among all that a transport sends (draft-holmer-rmcat-transport-wide-cc-extensions-01 §2).</summary>
public static class TransportSequenceNumber
{
    /// <summary>Bytes written.</summary>
    public const int Length = 2;

    /// <summary>Reads an element; the longer second version begins alike.</summary>
    public static bool TryRead(ReadOnlySpan<byte> element, out SequenceNumber number)
    {
        bool sound = element.Length is 2 or 4;
        number = sound ? new(BinaryPrimitives.ReadUInt16BigEndian(element)) : default;
        return sound;
    }

    /// <summary>Writes two bytes.</summary>
    public static void Write(SequenceNumber number, Span<byte> into) => BinaryPrimitives.WriteUInt16BigEndian(into, number.Value);
}
