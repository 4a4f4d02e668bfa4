namespace Crosspoint.Rtc.Fec;

/// <summary>Which packets a repair packet protects: bit 0 is its base sequence number, bit 108 the last it can name.</summary>
/// <param name="Bits">The packets, lowest bit first.</param>
public readonly record struct FecMask(UInt128 Bits)
{
    /// <summary>How many packets the longest form on the wire can name.</summary>
    public const int MaxPackets = 109;

    /// <summary>True when nothing is protected.</summary>
    public bool IsEmpty => Bits == UInt128.Zero;

    /// <summary>How many packets are protected.</summary>
    public int Count => (int)UInt128.PopCount(Bits);

    /// <summary>The distance from the base to one past the last protected packet.</summary>
    public int Span => 128 - (int)UInt128.LeadingZeroCount(Bits);

    /// <summary>True when the packet <paramref name="offset"/> after the base is protected.</summary>
    public bool this[int offset] => (uint)offset < MaxPackets && ((Bits >> offset) & UInt128.One) != UInt128.Zero;

    /// <summary>With one packet more.</summary>
    public FecMask With(int offset) => new(Bits | (UInt128.One << offset));

    /// <summary>Takes the first protected packet out; false when none is left.</summary>
    public static bool TryTakeFirst(ref FecMask mask, out int offset)
    {
        offset = (int)UInt128.TrailingZeroCount(mask.Bits);
        if (mask.IsEmpty)
        {
            return false;
        }

        mask = new(mask.Bits & (mask.Bits - UInt128.One));
        return true;
    }
}
