namespace Crosspoint.Rtc.Tests.Rtp;

/// <summary>Writes bits from the most significant on; for building dependency descriptors.</summary>
internal sealed class BitWriter
{
    private readonly List<bool> _bits = [];

    public BitWriter Write(int value, int count)
    {
        for (int bit = count - 1; bit >= 0; bit--)
        {
            _bits.Add(((value >> bit) & 1) != 0);
        }

        return this;
    }

    /// <summary>ns(n) of the AV1 specification §4.10.7.</summary>
    public BitWriter WriteNonSymmetric(int value, int n)
    {
        int width = 32 - int.LeadingZeroCount(n);
        int shorter = (1 << width) - n;
        return value < shorter ? Write(value, width - 1) : Write(value + shorter, width);
    }

    public byte[] ToArray()
    {
        byte[] bytes = new byte[(_bits.Count + 7) / 8];
        for (int i = 0; i < _bits.Count; i++)
        {
            bytes[i / 8] |= (byte)(_bits[i] ? 0x80 >> (i % 8) : 0);
        }

        return bytes;
    }
}
