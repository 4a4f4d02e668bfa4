namespace Crosspoint.Rtc.Fec;

/// <summary>How packets are grouped for protection: one repair packet for each group, and neighbours in different groups.</summary>
/// <remarks>
/// <code>
/// packet      0 1 2 3 4 5 6 7
/// depth 2     a b a b a b a b     group size 4: parity of a and of b, each survives one loss; together a burst of two
/// </code>
/// </remarks>
/// <param name="GroupSize">Packets that share one repair packet, 1 to 46; 0 protects nothing.</param>
/// <param name="Depth">Groups that are open side by side: 1, 2, 4 or 8, and so the longest burst that is repaired.</param>
public readonly record struct FecProtection(int GroupSize, int Depth)
{
    /// <summary>The longest reach of a group from its first packet to one past its last: what two words of mask name, and less than the 48 packets that Chromium's decoder remembers.</summary>
    public const int MaxReach = 46;

    /// <summary>The deepest interleaving.</summary>
    public const int MaxDepth = 8;

    /// <summary>No protection.</summary>
    public static readonly FecProtection None;

    /// <summary>True when packets are protected.</summary>
    public bool IsOn => GroupSize > 0;

    /// <summary>Repair packets for each media packet.</summary>
    public double Ratio => IsOn ? 1.0 / GroupSize : 0;

    /// <summary>For a wished ratio of repair packets to media packets and a burst to survive; both are cut to what can be done.</summary>
    /// <param name="ratio">0 to 1; what is below one in 46 is none.</param>
    /// <param name="burst">Packets in a row that are lost together, at least 1.</param>
    public static FecProtection For(double ratio, int burst)
    {
        if (!(ratio >= 1.0 / MaxReach))
        {
            return None;
        }

        int size = Math.Clamp((int)Math.Round(1 / ratio), 1, MaxReach);
        int depth = 1;
        while (depth < burst && depth < MaxDepth && ((size - 1) * depth * 2) + 1 <= MaxReach)
        {
            depth *= 2;
        }

        return new FecProtection(size, depth);
    }
}
