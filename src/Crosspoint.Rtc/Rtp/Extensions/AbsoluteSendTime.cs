using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Rtp.Extensions;

/// <summary>When a packet was sent: 24 bits, 6.18 fixed-point seconds, wrapping after 64 s.</summary>
/// <param name="Value">0 to 2²⁴ − 1.</param>
public readonly record struct AbsoluteSendTime(uint Value)
{
    /// <summary>Bytes written.</summary>
    public const int Length = 3;

    private const long WrapTicks = 64 * TimeSpan.TicksPerSecond;

    /// <summary>From an instant of the sender's clock. Once per packet sent: cut to one turn first, so that 64 bits suffice.</summary>
    public static AbsoluteSendTime From(Instant instant) =>
        new((uint)(((instant.Ticks % WrapTicks) << 18) / TimeSpan.TicksPerSecond) & 0xFF_FFFF);

    /// <summary>The time from <paramref name="from"/> to <paramref name="to"/>, the short way around.</summary>
    public static TimeSpan Distance(AbsoluteSendTime from, AbsoluteSendTime to) =>
        new(((long)((int)((to.Value - from.Value) << 8) >> 8) * TimeSpan.TicksPerSecond) >> 18);

    /// <summary>Reads an element.</summary>
    public static bool TryRead(ReadOnlySpan<byte> element, out AbsoluteSendTime time)
    {
        bool sound = element.Length == Length;
        time = sound ? new((uint)((element[0] << 16) | (element[1] << 8) | element[2])) : default;
        return sound;
    }

    /// <summary>Writes three bytes.</summary>
    public void Write(Span<byte> into)
    {
        into[0] = (byte)(Value >> 16);
        into[1] = (byte)(Value >> 8);
        into[2] = (byte)Value;
    }
}
