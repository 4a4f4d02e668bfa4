using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Rtcp;

/// <summary>Wallclock time as 32.32 fixed-point seconds since 1900 (RFC 3550 §4).</summary>
public readonly record struct NtpTimestamp(ulong Value)
{
    private const double UnitsPerSecond = 4294967296.0;

    /// <summary>No time: what a sender without a wallclock writes.</summary>
    public static readonly NtpTimestamp None;

    /// <summary>True for <see cref="None"/>.</summary>
    public bool IsNone => Value == 0;

    /// <summary>The middle 32 bits, as LSR and LRR carry them.</summary>
    public NtpShort Middle => new((uint)(Value >> 16));

    /// <summary>Moves in time.</summary>
    public static NtpTimestamp operator +(NtpTimestamp timestamp, TimeSpan span) => new(timestamp.Value + (ulong)ToUnits(span));

    /// <summary>The time from <paramref name="right"/> to <paramref name="left"/>; right over the era boundary of 2036.</summary>
    public static TimeSpan operator -(NtpTimestamp left, NtpTimestamp right) => FromUnits((long)(left.Value - right.Value));

    /// <summary>From a calendar time.</summary>
    public static NtpTimestamp From(DateTimeOffset time) => new NtpTimestamp(0) + (time - new DateTimeOffset(1900, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static long ToUnits(TimeSpan span)
    {
        long seconds = span.Ticks / TimeSpan.TicksPerSecond;
        long rest = span.Ticks % TimeSpan.TicksPerSecond;
        return (seconds << 32) + (long)(rest * UnitsPerSecond / TimeSpan.TicksPerSecond);
    }

    private static TimeSpan FromUnits(long units) =>
        new(((units >> 32) * TimeSpan.TicksPerSecond) + (long)Math.Round((uint)units * (double)TimeSpan.TicksPerSecond / UnitsPerSecond));
}

/// <summary>16.16 fixed-point seconds: the middle of an NTP timestamp (LSR), or a span of up to 18 hours (DLSR) (RFC 3550 §6.4.1).</summary>
public readonly record struct NtpShort(uint Value)
{
    /// <summary>What LSR and DLSR are when no report has come.</summary>
    public static readonly NtpShort Zero;

    /// <summary>As a span of time.</summary>
    public TimeSpan ToTimeSpan() => new((long)(Value * (double)TimeSpan.TicksPerSecond / 65536));

    /// <summary>From a span of time, clamped to what can be expressed.</summary>
    public static NtpShort From(TimeSpan span) => new((uint)Math.Clamp(span.TotalSeconds * 65536, 0, uint.MaxValue));
}

/// <summary>Ties our monotonic clock to a wallclock, so that sender reports carry NTP time without anyone reading a clock.</summary>
/// <param name="At">An instant of the monotonic clock.</param>
/// <param name="Ntp">The wallclock at that instant.</param>
public readonly record struct NtpClock(Instant At, NtpTimestamp Ntp)
{
    /// <summary>The wallclock at an instant.</summary>
    public NtpTimestamp ToNtp(Instant instant) => Ntp + (instant - At);

    /// <summary>The instant of a wallclock time.</summary>
    public Instant ToInstant(NtpTimestamp ntp) => At + (ntp - Ntp);
}
