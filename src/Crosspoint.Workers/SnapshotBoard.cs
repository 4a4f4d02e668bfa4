using Crosspoint.Primitives;

namespace Crosspoint.Workers;

/// <summary>What a worker last said of itself: one small object a second for readers on other threads, so that they never wait for the worker nor it for them.</summary>
/// <remarks>Written by one worker thread; <see cref="Last"/> and <see cref="TurnedAt"/> are for any thread.</remarks>
internal sealed class SnapshotBoard
{
    // A snapshot looks at every transport and holds up media meanwhile: once a second, and never more than a thousandth of the time.
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);
    private const int Share = 1000;

    // One that was held up by others, for lack of a core, must not keep the figures still for minutes.
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(10);

    // State.
    private WorkerSnapshot _last = null!;
    private long _turnedAt;
    private Instant _takenAt;
    private TimeSpan _interval = ShortestInterval;

    /// <summary>The newest; null before <see cref="Put"/>. Any thread.</summary>
    public WorkerSnapshot Last => Volatile.Read(ref _last);

    /// <summary>When the worker's last turn began. Any thread.</summary>
    public Instant TurnedAt => new(Volatile.Read(ref _turnedAt));

    /// <summary>When <see cref="Last"/> was put here.</summary>
    public Instant TakenAt => _takenAt;

    /// <summary>A turn begins; true when it is time for a new one.</summary>
    public bool IsDue(Instant now)
    {
        Volatile.Write(ref _turnedAt, now.Ticks);
        return now - _takenAt >= _interval;
    }

    /// <summary>A new one.</summary>
    public void Put(Instant now, WorkerSnapshot snapshot)
    {
        Volatile.Write(ref _last, snapshot);
        _takenAt = now;
    }

    /// <summary>So long it took: those that cost much come less often.</summary>
    public void Charge(TimeSpan cost) =>
        _interval = TimeSpan.FromTicks(Math.Clamp(cost.Ticks * Share, ShortestInterval.Ticks, LongestInterval.Ticks));
}
