namespace Crosspoint.Primitives;

/// <summary>A rate of information in bits per second, never negative.</summary>
public readonly record struct Bitrate(long BitsPerSecond) : IComparable<Bitrate>
{
    /// <summary>No data at all.</summary>
    public static readonly Bitrate Zero;

    /// <summary>Kilobits (1000 bits) per second.</summary>
    public double KilobitsPerSecond => BitsPerSecond / 1000.0;

    /// <summary>A rate of <paramref name="kilobits"/> · 1000 bits per second.</summary>
    public static Bitrate FromKilobits(double kilobits) => new((long)(kilobits * 1000));

    /// <summary>The mean rate of <paramref name="bytes"/> over <paramref name="span"/>; zero for an empty span.</summary>
    public static Bitrate Of(long bytes, TimeSpan span) => span <= TimeSpan.Zero ? Zero : new((long)(bytes * 8 / span.TotalSeconds));

    /// <summary>How long so many bytes take at this rate; a day at most.</summary>
    public TimeSpan TimeFor(long bytes) => TimeSpan.FromSeconds(Math.Min(86_400, bytes * 8.0 / Math.Max(1, BitsPerSecond)));

    public static bool operator <(Bitrate left, Bitrate right) => left.BitsPerSecond < right.BitsPerSecond;

    public static bool operator >(Bitrate left, Bitrate right) => left.BitsPerSecond > right.BitsPerSecond;

    public static bool operator <=(Bitrate left, Bitrate right) => left.BitsPerSecond <= right.BitsPerSecond;

    public static bool operator >=(Bitrate left, Bitrate right) => left.BitsPerSecond >= right.BitsPerSecond;

    /// <inheritdoc/>
    public int CompareTo(Bitrate other) => BitsPerSecond.CompareTo(other.BitsPerSecond);

    /// <inheritdoc/>
    public override string ToString() => $"{KilobitsPerSecond:0.#} kbit/s";
}
