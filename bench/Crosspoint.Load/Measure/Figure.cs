namespace Crosspoint.Load.Measure;

/// <summary>What several rounds measured: never one number without its spread.</summary>
internal sealed record Figure(double Min, double Median, double Max)
{
    /// <summary>Of at least one value; of an even number of them the median is the mean of the middle two.</summary>
    public static Figure Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Figure(Round(sorted[0]), Round(median), Round(sorted[^1]));
    }

    // Five significant digits: more is noise.
    private static double Round(double value) =>
        value == 0 || !double.IsFinite(value) ? 0 : Math.Round(value, Math.Clamp(4 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 15));
}
