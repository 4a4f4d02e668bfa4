using System.Diagnostics;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Load.Engine;

/// <summary>The engine's time: monotonic, with the wall clock beside it for sender reports and for the kernel's timestamps. Any thread.</summary>
internal sealed class LoadClock
{
    private readonly long _origin = Stopwatch.GetTimestamp();

    private readonly long _unixOrigin = UnixNanoseconds;

    public LoadClock() => Ntp = new NtpClock(Instant.Zero, NtpTimestamp.From(DateTimeOffset.UtcNow));

    /// <summary>For sender reports.</summary>
    public NtpClock Ntp { get; }

    /// <summary>The instant now.</summary>
    public Instant Now => new(Stopwatch.GetElapsedTime(_origin).Ticks);

    /// <summary>The instant of one of the kernel's timestamps.</summary>
    public Instant FromUnix(long nanoseconds) => new((nanoseconds - _unixOrigin) / TimeSpan.NanosecondsPerTick);

    /// <summary>Nanoseconds since 1970 on the clock that SO_TIMESTAMPNS uses, to 100 ns.</summary>
    public static long UnixNanoseconds => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick;
}
