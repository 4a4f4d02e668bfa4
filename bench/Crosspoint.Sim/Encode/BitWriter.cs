namespace Crosspoint.Sim.Encode;

/// <summary>Writes bits from the most significant on, into a buffer that is cleared first.</summary>
internal ref struct BitWriter
{
    private readonly Span<byte> _into;
    private int _at;

    public BitWriter(Span<byte> into)
    {
        _into = into;
        _into.Clear();
    }

    public readonly int ByteLength => (_at + 7) / 8;

    public void Write(int value, int count)
    {
        for (int bit = count - 1; bit >= 0; bit--, _at++)
        {
            _into[_at >> 3] |= (byte)(((value >> bit) & 1) << (7 - (_at & 7)));
        }
    }

    public void WriteFlag(bool value) => Write(value ? 1 : 0, 1);

    /// <summary>ns(n) of the AV1 specification §4.10.7.</summary>
    public void WriteNonSymmetric(int value, int n)
    {
        int width = 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)n);
        int shorter = (1 << width) - n;
        if (value < shorter)
        {
            Write(value, width - 1);
        }
        else
        {
            Write((value + shorter) >> 1, width - 1);
            Write((value + shorter) & 1, 1);
        }
    }
}
