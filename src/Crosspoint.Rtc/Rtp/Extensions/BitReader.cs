namespace Crosspoint.Rtc.Rtp.Extensions;

/// <summary>Reads bits from the most significant on. Past the end it reads zeros and remembers that it did.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <summary>Bits read so far.</summary>
    public int Position => _at;

    public bool IsPastEnd => _at > _bytes.Length * 8;

    public int Read(int count)
    {
        int value = 0;
        for (; count > 0; count--, _at++)
        {
            int bit = _at < _bytes.Length * 8 ? (_bytes[_at >> 3] >> (7 - (_at & 7))) & 1 : 0;
            value = (value << 1) | bit;
        }

        return value;
    }

    public bool ReadFlag() => Read(1) != 0;

    /// <summary>ns(n) of the AV1 specification §4.10.7: a number below <paramref name="n"/>.</summary>
    public int ReadNonSymmetric(int n)
    {
        int width = 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)n);
        int shorter = (1 << width) - n;
        int value = Read(width - 1);
        return value < shorter ? value : (value << 1) - shorter + Read(1);
    }
}
