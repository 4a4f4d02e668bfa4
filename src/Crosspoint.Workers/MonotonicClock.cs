using System.Diagnostics;
using Crosspoint.Primitives;

namespace Crosspoint.Workers;

/// <summary>The one place where the shell reads time: monotonic, with the wall clock beside it for sender reports. Any thread.</summary>
public sealed class MonotonicClock
{
    private readonly long _origin = Stopwatch.GetTimestamp();

    /// <summary>Unix time of <see cref="Instant.Zero"/> on this clock; fixed at construction, so sender reports never jump with the wall clock.</summary>
    public DateTimeOffset Epoch { get; } = DateTimeOffset.UtcNow;

    /// <summary>The instant now.</summary>
    public Instant Now => new(Stopwatch.GetElapsedTime(_origin).Ticks);
}
