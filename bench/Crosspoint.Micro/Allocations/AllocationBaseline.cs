using System.Text.Json;

namespace Crosspoint.Micro.Allocations;

/// <summary>
/// The checked-in figures of <c>allocations.json</c>: benchmark to bytes per operation. A figure only grows by an edit of that file,
/// which a reviewer sees.
/// </summary>
public static class AllocationBaseline
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    private static string File => Path.Combine(MicroConfig.ProjectFolder, "allocations.json");

    /// <summary>The figures as checked in.</summary>
    public static IReadOnlyDictionary<string, long> Read() =>
        JsonSerializer.Deserialize<Dictionary<string, long>>(System.IO.File.ReadAllText(File)) ?? [];

    /// <summary>Replaces them.</summary>
    public static void Write(IEnumerable<AllocationFigure> figures)
    {
        SortedDictionary<string, long> sorted = new(StringComparer.Ordinal);
        foreach (AllocationFigure figure in figures)
        {
            sorted.Add(figure.Benchmark, figure.BytesPerOperation);
        }

        System.IO.File.WriteAllText(File, JsonSerializer.Serialize(sorted, Format) + "\n");
    }

    /// <summary>What is wrong with a figure; null when nothing is.</summary>
    public static string? Judge(IReadOnlyDictionary<string, long> baseline, AllocationFigure figure)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        if (!baseline.TryGetValue(figure.Benchmark, out long allowed))
        {
            return $"{figure.Benchmark} has no baseline";
        }

        return figure.BytesPerOperation > allowed
            ? $"{figure.Benchmark} allocates {figure.Bytes} B in {figure.Operations} operations, allowed are {allowed} B in each"
            : null;
    }
}
