namespace Crosspoint.Micro.Allocations;

/// <summary>The two verbs besides running benchmarks: hold what is allocated against the baseline, and write the baseline anew.</summary>
internal static class AllocationCommand
{
    /// <summary>Prints each figure and what is wrong with it; 1 when anything is.</summary>
    public static int Check(TextWriter output)
    {
        IReadOnlyDictionary<string, long> baseline = AllocationBaseline.Read();
        int wrong = 0;
        foreach (AllocationFigure figure in AllocationProbe.Cases.Select(AllocationProbe.Measure))
        {
            string? complaint = AllocationBaseline.Judge(baseline, figure);
            wrong += complaint is null ? 0 : 1;
            output.WriteLine($"{figure.BytesPerOperation,6} B  {figure.Benchmark}{(complaint is null ? "" : "  <-- " + complaint)}");
        }

        return wrong == 0 ? 0 : 1;
    }

    /// <summary>Measures everything and writes the baseline.</summary>
    public static int Write(TextWriter output)
    {
        AllocationFigure[] figures = [.. AllocationProbe.Cases.Select(AllocationProbe.Measure)];
        AllocationBaseline.Write(figures);
        output.WriteLine($"{figures.Length} figures, {figures.Count(figure => figure.BytesPerOperation > 0)} of them above 0 B");
        return 0;
    }
}
