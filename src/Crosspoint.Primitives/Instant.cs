namespace Crosspoint.Primitives;

/// <summary>
/// A point on a monotonic clock, in ticks of 100 ns since an origin that only the clock's owner knows.
/// Protocol code receives instants as arguments and never reads a clock, so it runs the same on virtual time.
/// </summary>
public readonly record struct Instant(long Ticks) : IComparable<Instant>
{
    /// <summary>The origin of the clock.</summary>
    public static readonly Instant Zero;

    /// <summary>Later than any timer; what a state machine answers when it waits for nothing.</summary>
    public static readonly Instant Never = new(long.MaxValue);

    /// <summary>True for <see cref="Never"/>.</summary>
    public bool IsNever => Ticks == long.MaxValue;

    /// <summary>Milliseconds since the origin.</summary>
    public double TotalMilliseconds => Ticks / (double)TimeSpan.TicksPerMillisecond;

    /// <summary>An instant <paramref name="milliseconds"/> after the origin.</summary>
    public static Instant FromMilliseconds(double milliseconds) => new((long)(milliseconds * TimeSpan.TicksPerMillisecond));

    /// <summary>The earlier of two instants.</summary>
    public static Instant Min(Instant left, Instant right) => left.Ticks <= right.Ticks ? left : right;

    /// <summary>The later of two instants.</summary>
    public static Instant Max(Instant left, Instant right) => left.Ticks >= right.Ticks ? left : right;

    /// <summary>Since when something holds, of which this is what was known: never where it does not hold, <paramref name="now"/> where it begins to.</summary>
    public Instant While(bool holds, Instant now) => !holds ? Never : IsNever ? now : this;

    /// <summary>Moves an instant; <see cref="Never"/> stays never.</summary>
    public static Instant operator +(Instant instant, TimeSpan span) => instant.IsNever ? Never : new(instant.Ticks + span.Ticks);

    /// <summary>Moves an instant back; <see cref="Never"/> stays never.</summary>
    public static Instant operator -(Instant instant, TimeSpan span) => instant.IsNever ? Never : new(instant.Ticks - span.Ticks);

    /// <summary>The time from <paramref name="right"/> to <paramref name="left"/>.</summary>
    public static TimeSpan operator -(Instant left, Instant right) => new(left.Ticks - right.Ticks);

    public static bool operator <(Instant left, Instant right) => left.Ticks < right.Ticks;

    public static bool operator >(Instant left, Instant right) => left.Ticks > right.Ticks;

    public static bool operator <=(Instant left, Instant right) => left.Ticks <= right.Ticks;

    public static bool operator >=(Instant left, Instant right) => left.Ticks >= right.Ticks;

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Ticks.CompareTo(other.Ticks);

    /// <inheritdoc/>
    public override string ToString() => IsNever ? "never" : $"{TotalMilliseconds:0.###} ms";
}
