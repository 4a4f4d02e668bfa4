using System.Buffers.Binary;

namespace Crosspoint.Rtc.SFrame;

/// <summary>The header before the ciphertext: which key, and the number of the frame under it (RFC 9605 §4.3).</summary>
/// <remarks>
/// <code>
///  0 1 2 3 4 5 6 7
/// |X|  K  |Y|  C  |  KID, K+1 bytes, when X  |  CTR, C+1 bytes, when Y  |
/// </code>
/// Without X the three bits of K are the key id, without Y those of C the counter: 0 to 7.
/// </remarks>
/// <param name="KeyId">KID.</param>
/// <param name="Counter">CTR.</param>
public readonly record struct SFrameHeader(ulong KeyId, ulong Counter)
{
    /// <summary>Bytes that a header has at most.</summary>
    public const int MaxLength = 17;

    private const int Extended = 0x08;

    /// <summary>Bytes that it takes.</summary>
    public int Length => 1 + LengthOf(KeyId) + LengthOf(Counter);

    /// <summary>Reads the header that <paramref name="frame"/> begins with.</summary>
    /// <param name="frame">A frame, or the beginning of one.</param>
    /// <param name="isMinimal">Whether to refuse numbers written in more bytes than they need: one frame has one encoding then.</param>
    /// <param name="header">What was read.</param>
    /// <param name="length">Bytes that it took; of the minimal form <see cref="Length"/>.</param>
    public static bool TryRead(ReadOnlySpan<byte> frame, bool isMinimal, out SFrameHeader header, out int length)
    {
        header = default;
        length = 0;
        if (frame.IsEmpty)
        {
            return false;
        }

        int at = 1;
        if (!TryReadNumber(frame, frame[0] >> 4, isMinimal, ref at, out ulong keyId)
            || !TryReadNumber(frame, frame[0] & 0x0F, isMinimal, ref at, out ulong counter))
        {
            return false;
        }

        header = new(keyId, counter);
        length = at;
        return true;
    }

    /// <summary>Writes it in the fewest bytes.</summary>
    /// <returns>How many those were.</returns>
    public int Write(Span<byte> into)
    {
        int at = 1;
        int key = WriteNumber(KeyId, into, ref at);
        int counter = WriteNumber(Counter, into, ref at);
        into[0] = (byte)((key << 4) | counter);
        return at;
    }

    private static int LengthOf(ulong number) => number < Extended ? 0 : (64 - System.Numerics.BitOperations.LeadingZeroCount(number) + 7) / 8;

    private static bool TryReadNumber(ReadOnlySpan<byte> frame, int bits, bool isMinimal, ref int at, out ulong number)
    {
        number = (uint)bits;
        if (bits < Extended)
        {
            return true;
        }

        int length = (bits & 7) + 1;
        if (length > frame.Length - at)
        {
            return false;
        }

        number = ReadNumber(frame[at..], length);

        // A first byte of zero, or a number that had room in the first byte of the header.
        if (isMinimal && (frame[at] == 0 || number < Extended))
        {
            return false;
        }

        at += length;
        return true;
    }

    // A whole frame follows the header mostly: then eight bytes are read at once, and those beyond the number cut off.
    private static ulong ReadNumber(ReadOnlySpan<byte> bytes, int length)
    {
        if (bytes.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(bytes) >> (64 - (8 * length));
        }

        ulong number = 0;
        foreach (byte b in bytes[..length])
        {
            number = (number << 8) | b;
        }

        return number;
    }

    private static int WriteNumber(ulong number, Span<byte> into, ref int at)
    {
        int length = LengthOf(number);
        for (int i = length - 1; i >= 0; i--)
        {
            into[at++] = (byte)(number >> (8 * i));
        }

        return length == 0 ? (int)number : Extended | (length - 1);
    }
}
