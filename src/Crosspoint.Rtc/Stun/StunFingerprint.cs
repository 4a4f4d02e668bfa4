using System.Buffers.Binary;

namespace Crosspoint.Rtc.Stun;

/// <summary>FINGERPRINT: CRC-32 of everything before it, XOR 0x5354554E (RFC 8489 §14.7). No secret; it only tells STUN from other bytes, cheaply.</summary>
public static class StunFingerprint
{
    private const uint Xor = 0x5354_554E;
    private static readonly uint[] Table = BuildTable();

    /// <summary>True when the message carries a fingerprint and it is right.</summary>
    public static bool Verify(in StunMessage message)
    {
        int at = message.Layout.Fingerprint;
        return at != 0 && BinaryPrimitives.ReadUInt32BigEndian(message.Bytes[(at + 4)..]) == Compute(message.Bytes[..at]);
    }

    /// <summary>The value over the bytes before the attribute, whose header length already counts it.</summary>
    public static uint Compute(ReadOnlySpan<byte> before)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in before)
        {
            crc = Table[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return ~crc ^ Xor;
    }

    // The reflected polynomial of ITU-T V.42.
    private static uint[] BuildTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB8_8320 : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
