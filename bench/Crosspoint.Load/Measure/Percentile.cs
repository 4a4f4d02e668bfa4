namespace Crosspoint.Load.Measure;

/// <summary>Percentiles by nearest rank: values that were really measured.</summary>
internal static class Percentile
{
    /// <summary>Sorts the values and picks; 0 when there are none.</summary>
    public static double Of(float[] sorted, double share) =>
        sorted.Length == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
}
