namespace Crosspoint.Netem;

/// <summary>How often something happens, in parts of a million, so that a draw is an integer comparison and repeats on every machine.</summary>
/// <param name="PartsPerMillion">0, never, to 1,000,000, always.</param>
public readonly record struct Chance(int PartsPerMillion)
{
    /// <summary>It never happens.</summary>
    public static readonly Chance Never;

    /// <summary>All of it.</summary>
    public const int Whole = 1_000_000;

    /// <summary>In percent, 0 to 100.</summary>
    public double Percent => PartsPerMillion / 10_000.0;

    /// <summary>A chance of <paramref name="percent"/>, rounded to a millionth and cut to 0 to 100.</summary>
    public static Chance FromPercent(double percent) => new((int)Math.Clamp(Math.Round(percent * 10_000), 0, Whole));

    /// <inheritdoc/>
    public override string ToString() => $"{Percent:0.####} %";
}
