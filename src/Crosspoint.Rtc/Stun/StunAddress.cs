using System.Buffers.Binary;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Stun;

/// <summary>The address attributes, plain and XOR'd (RFC 8489 §14.1, §14.2).</summary>
public static class StunAddress
{
    /// <summary>Most bytes an address value takes.</summary>
    public const int MaxLength = 20;

    private const byte FamilyIPv4 = 1;
    private const byte FamilyIPv6 = 2;

    // | 0 (8) | family (8) | port (16) | address (32 or 128) |

    /// <summary>Reads a plain address value.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, TransportProtocol protocol, out TransportAddress address)
    {
        address = default;
        bool valid = value.Length >= 4 && ((value[1] == FamilyIPv4 && value.Length == 8) || (value[1] == FamilyIPv6 && value.Length == 20));
        if (valid)
        {
            address = TransportAddress.FromBytes(value[4..], BinaryPrimitives.ReadUInt16BigEndian(value[2..]), protocol);
        }

        return valid;
    }

    /// <summary>Reads an XOR'd value; <paramref name="mask"/> is the message's magic cookie and transaction id (16 bytes).</summary>
    public static bool TryReadXor(ReadOnlySpan<byte> value, ReadOnlySpan<byte> mask, TransportProtocol protocol, out TransportAddress address)
    {
        address = default;
        if (value.Length is < 4 or > MaxLength)
        {
            return false;
        }

        Span<byte> plain = stackalloc byte[MaxLength];
        value.CopyTo(plain);
        Mask(plain[..value.Length], mask);
        return TryRead(plain[..value.Length], protocol, out address);
    }

    /// <summary>Writes a plain value; returns its length, 8 or 20.</summary>
    public static int Write(Span<byte> into, TransportAddress address)
    {
        into[0] = 0;
        into[1] = address.IsIPv4 ? FamilyIPv4 : FamilyIPv6;
        BinaryPrimitives.WriteUInt16BigEndian(into[2..], address.Port);
        return 4 + address.WriteIp(into[4..]);
    }

    /// <summary>Writes an XOR'd value; returns its length, 8 or 20.</summary>
    public static int WriteXor(Span<byte> into, TransportAddress address, ReadOnlySpan<byte> mask)
    {
        int length = Write(into, address);
        Mask(into[..length], mask);
        return length;
    }

    private static void Mask(Span<byte> value, ReadOnlySpan<byte> mask)
    {
        value[2] ^= mask[0];
        value[3] ^= mask[1];
        for (int i = 4; i < value.Length; i++)
        {
            value[i] ^= mask[i - 4];
        }
    }
}
