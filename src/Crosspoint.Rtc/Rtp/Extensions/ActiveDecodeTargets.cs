namespace Crosspoint.Rtc.Rtp.Extensions;

/// <summary>
/// The decode targets that are being sent (RTP Payload Format For AV1, A.4.4 and A.8.2), and where in a dependency descriptor that is told. Whoever
/// forwards fewer of them has to say so, so that the receiver does not wait for what does not come.
/// </summary>
/// <param name="Mask">One bit each, the lowest for target 0; as the sender told last.</param>
/// <param name="Position">Bits from the beginning of the element to the bitmask, or to where it belongs.</param>
/// <param name="Count">Decode targets of the structure, 1 to 32; 0 where there is no descriptor.</param>
/// <param name="IsTold">The bitmask is in this element.</param>
public readonly record struct ActiveDecodeTargets(uint Mask, ushort Position, byte Count, bool IsTold)
{
    /// <summary>Bytes that <see cref="Write"/> may add to an element.</summary>
    public const int MaxGrowth = 5;

    private const int MandatoryLength = 3;

    // A.8.2: behind the flag of the structure.
    private const int PresentFlag = (MandatoryLength * 8) + 1;

    /// <summary>Writes the element this was read from, telling the bitmask <see cref="Mask"/>; everything else stays as it is.</summary>
    /// <param name="element">The element.</param>
    /// <param name="into">At least <see cref="MaxGrowth"/> bytes more than the element has.</param>
    /// <returns>Bytes written.</returns>
    public int Write(ReadOnlySpan<byte> element, Span<byte> into)
    {
        int had = element.Length <= MandatoryLength ? Position : element.Length * 8;
        int bits = had + (IsTold ? 0 : Count);
        int length = (bits + 7) / 8;
        into[..length].Clear();
        element.CopyTo(into);
        if (!IsTold)
        {
            into[(Position / 8)..length].Clear();
            Copy(element, Position / 8 * 8, into, Position / 8 * 8, Position % 8);
            Copy(element, Position, into, Position + Count, had - Position);
        }

        Set(into, PresentFlag, true);
        for (int i = 0; i < Count; i++)
        {
            Set(into, Position + i, ((Mask >> (Count - 1 - i)) & 1) != 0);
        }

        return length;
    }

    private static void Copy(ReadOnlySpan<byte> from, int at, Span<byte> into, int to, int count)
    {
        for (int i = 0; i < count; i++, at++)
        {
            bool bit = at < from.Length * 8 && ((from[at / 8] >> (7 - (at % 8))) & 1) != 0;
            Set(into, to + i, bit);
        }
    }

    private static void Set(Span<byte> bytes, int at, bool bit)
    {
        byte mask = (byte)(0x80 >> (at % 8));
        bytes[at / 8] = bit ? (byte)(bytes[at / 8] | mask) : (byte)(bytes[at / 8] & ~mask);
    }
}
