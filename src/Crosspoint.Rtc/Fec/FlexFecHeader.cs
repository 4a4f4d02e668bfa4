using System.Buffers.Binary;

namespace Crosspoint.Rtc.Fec;

/// <summary>
/// The header of a FlexFEC repair packet in the form of draft-ietf-payload-flexible-fec-scheme-03 §4.2, with one protected stream and
/// a flexible mask: SDP codec <c>flexfec-03</c>, the only form that Chromium speaks. RFC 8627, which came of the draft, has another header.
/// </summary>
/// <remarks>
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |R|F|P|X|  CC   |M| PT recovery |        length recovery        |
/// |                          TS recovery                          |
/// | SSRC count, 1 |                reserved, 0                    |
/// |                        protected SSRC                         |
/// |            SN base            |k|        mask 0 to 14         |
/// |k|                      mask 15 to 45                          |  when the first k is 0
/// |k|                      mask 46 to 76                          |  when the second k is 0,
/// |                        mask 77 to 108                         |  and then the third must be 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// </code>
/// Packets are named from the left. What is recovered of a header is the exclusive or of the protected packets' fields;
/// the length counts all that follows the first 12 bytes.
/// </remarks>
/// <param name="FirstBytes">Padding, extension, CSRC count; marker and payload type: the first two bytes of the packets without their version.</param>
/// <param name="Length">Length recovery.</param>
/// <param name="Timestamp">TS recovery.</param>
/// <param name="Protected">Whose packets.</param>
/// <param name="Base">The packet that the mask's first bit means.</param>
/// <param name="Mask">Which packets.</param>
public readonly record struct FlexFecHeader(ushort FirstBytes, ushort Length, uint Timestamp, Ssrc Protected, SequenceNumber Base, FecMask Mask)
{
    /// <summary>Bytes of the longest form.</summary>
    public const int MaxLength = 32;

    /// <summary>Bytes of the form that names 15 packets.</summary>
    public const int MinLength = 20;

    /// <summary>Bits of the mask's parts, and so how many packets each form names.</summary>
    private const int Short = 15;
    private const int Medium = 46;
    private const int MaskOffset = 18;
    private const ushort VersionBits = 0xC000;

    /// <summary>Bytes on the wire.</summary>
    public int EncodedLength => LengthFor(Mask.Span);

    /// <summary>Bytes of a header whose mask reaches over <paramref name="span"/> packets.</summary>
    public static int LengthFor(int span) => span switch
    {
        <= Short => MinLength,
        <= Medium => MinLength + 4,
        _ => MaxLength,
    };

    /// <summary>Reads the header at the front of a repair packet's payload.</summary>
    /// <param name="bytes">The payload.</param>
    /// <param name="header">The header.</param>
    /// <param name="reason">What is wrong otherwise.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out FlexFecHeader header, out FlexFecDropReason reason)
    {
        header = default;
        reason = Check(bytes);
        if (reason != FlexFecDropReason.None)
        {
            return false;
        }

        reason = ReadMask(bytes[MaskOffset..], out FecMask mask);
        if (reason != FlexFecDropReason.None)
        {
            return false;
        }

        header = new FlexFecHeader(
            BinaryPrimitives.ReadUInt16BigEndian(bytes),
            BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
            new(BinaryPrimitives.ReadUInt32BigEndian(bytes[12..])),
            new(BinaryPrimitives.ReadUInt16BigEndian(bytes[16..])),
            mask);
        return true;
    }

    /// <summary>
    /// How long the header is on the wire: what <see cref="TryParse"/> took, which may be more than <see cref="EncodedLength"/>,
    /// since a long form may have an empty end.
    /// </summary>
    public static int MeasureParsed(ReadOnlySpan<byte> bytes) =>
        (bytes[MaskOffset] & 0x80) != 0 ? MinLength : (bytes[MinLength] & 0x80) != 0 ? MinLength + 4 : MaxLength;

    /// <summary>Writes the shortest form that holds the mask; returns its length.</summary>
    /// <exception cref="ArgumentException">The mask is empty or too long, or there is no room.</exception>
    public int Write(Span<byte> into)
    {
        int length = EncodedLength;
        if (Mask.IsEmpty || Mask.Span > FecMask.MaxPackets || into.Length < length)
        {
            throw new ArgumentException("No mask that can be written, or no room.", nameof(into));
        }

        BinaryPrimitives.WriteUInt16BigEndian(into, (ushort)(FirstBytes & ~VersionBits));
        BinaryPrimitives.WriteUInt16BigEndian(into[2..], Length);
        BinaryPrimitives.WriteUInt32BigEndian(into[4..], Timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(into[8..], 0x0100_0000);
        BinaryPrimitives.WriteUInt32BigEndian(into[12..], Protected.Value);
        BinaryPrimitives.WriteUInt16BigEndian(into[16..], Base.Value);
        WriteMask(into[MaskOffset..], length);
        return length;
    }

    private static FlexFecDropReason Check(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < MinLength)
        {
            return FlexFecDropReason.Truncated;
        }

        if ((bytes[0] & 0x80) != 0)
        {
            return FlexFecDropReason.Retransmission;
        }

        if ((bytes[0] & 0x40) != 0)
        {
            return FlexFecDropReason.FixedMask;
        }

        return bytes[8] == 1 ? FlexFecDropReason.None : FlexFecDropReason.SourceCount;
    }

    // The parts are read into one number with packet 0 as its highest bit, then turned round.
    private static FlexFecDropReason ReadMask(ReadOnlySpan<byte> bytes, out FecMask mask)
    {
        mask = default;
        uint first = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        UInt128 bits = Reverse(first & 0x7FFF, Short);
        if ((first & 0x8000) == 0)
        {
            if (bytes.Length < 6)
            {
                return FlexFecDropReason.Truncated;
            }

            uint second = BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]);
            bits |= Reverse(second & 0x7FFF_FFFF, Medium - Short) << Short;
            if ((second & 0x8000_0000) == 0)
            {
                if (bytes.Length < 14)
                {
                    return FlexFecDropReason.Truncated;
                }

                ulong third = BinaryPrimitives.ReadUInt64BigEndian(bytes[6..]);
                bits |= (UInt128)Reverse(third & long.MaxValue, FecMask.MaxPackets - Medium) << Medium;
                if ((third & 0x8000_0000_0000_0000) == 0)
                {
                    return FlexFecDropReason.Mask;
                }
            }
        }

        mask = new FecMask(bits);
        return mask.IsEmpty ? FlexFecDropReason.Mask : FlexFecDropReason.None;
    }

    private void WriteMask(Span<byte> into, int length)
    {
        ulong first = Reverse((ulong)(Mask.Bits & 0x7FFF), Short);
        BinaryPrimitives.WriteUInt16BigEndian(into, (ushort)(first | (length == MinLength ? 0x8000u : 0)));
        if (length == MinLength)
        {
            return;
        }

        ulong second = Reverse((ulong)((Mask.Bits >> Short) & 0x7FFF_FFFF), Medium - Short);
        BinaryPrimitives.WriteUInt32BigEndian(into[2..], (uint)second | (length == MaxLength ? 0 : 0x8000_0000));
        if (length == MaxLength)
        {
            ulong third = Reverse((ulong)(Mask.Bits >> Medium), FecMask.MaxPackets - Medium);
            BinaryPrimitives.WriteUInt64BigEndian(into[6..], third | 0x8000_0000_0000_0000);
        }
    }

    private static ulong Reverse(ulong value, int bits)
    {
        ulong reversed = 0;
        for (; value != 0; value &= value - 1)
        {
            reversed |= 1UL << (bits - 1 - System.Numerics.BitOperations.TrailingZeroCount(value));
        }

        return reversed;
    }
}
