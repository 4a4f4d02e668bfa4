namespace Crosspoint.Rtc.Srtp;

/// <summary>The 48-bit packet index, 2^16 · ROC + SEQ (RFC 3711 §3.3.1).</summary>
internal static class SrtpPacketIndex
{
    /// <summary>The last index of a key's life (RFC 3711 §9.2: 2^48 packets).</summary>
    public const long Max = (1L << 48) - 1;

    /// <summary>
    /// The index nearest to the highest one seen that ends in <paramref name="sequence"/> (RFC 3711 §3.3.1 and appendix A).
    /// </summary>
    /// <param name="highest">The highest index seen; −1 before the first packet, whose roll-over counter is zero.</param>
    /// <param name="sequence">The sequence number in the packet.</param>
    /// <returns>Negative when the packet lies before the first roll-over period, where no index is.</returns>
    public static long Guess(long highest, ushort sequence)
    {
        if (highest < 0)
        {
            return sequence;
        }

        var last = (int)(highest & 0xffff);
        var rollOver = highest >> 16;
        if (last < 32768)
        {
            rollOver -= sequence - last > 32768 ? 1 : 0;
        }
        else
        {
            rollOver += last - 32768 > sequence ? 1 : 0;
        }

        return (rollOver << 16) + sequence;
    }
}
