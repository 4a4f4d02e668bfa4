namespace Crosspoint.Rtc.Rtp.Extensions;

/// <summary>How long a receiver should buffer at least and at most: two times 12 bits in units of 10 ms.</summary>
/// <param name="Minimum">0 to 40.95 s.</param>
/// <param name="Maximum">0 to 40.95 s.</param>
public readonly record struct PlayoutDelay(TimeSpan Minimum, TimeSpan Maximum)
{
    /// <summary>Bytes written.</summary>
    public const int Length = 3;

    private const int MaxUnits = 0xFFF;
    private static readonly TimeSpan Unit = TimeSpan.FromMilliseconds(10);

    /// <summary>Reads an element; false when the least is more than the most.</summary>
    public static bool TryRead(ReadOnlySpan<byte> element, out PlayoutDelay delay)
    {
        delay = default;
        if (element.Length != Length)
        {
            return false;
        }

        int minimum = (element[0] << 4) | (element[1] >> 4);
        int maximum = ((element[1] & 0x0F) << 8) | element[2];
        delay = new PlayoutDelay(Unit * minimum, Unit * maximum);
        return minimum <= maximum;
    }

    /// <summary>Writes three bytes; what is out of range is clamped.</summary>
    public void Write(Span<byte> into)
    {
        int minimum = Units(Minimum);
        int maximum = Units(Maximum);
        into[0] = (byte)(minimum >> 4);
        into[1] = (byte)((minimum << 4) | (maximum >> 8));
        into[2] = (byte)maximum;
    }

    private static int Units(TimeSpan span) => (int)Math.Clamp(span.Ticks / Unit.Ticks, 0, MaxUnits);
}
