using BenchmarkDotNet.Running;
using Crosspoint.Micro.Allocations;

namespace Crosspoint.Micro.Tests;

public class AllocationTests
{
    private static readonly IReadOnlyDictionary<string, long> Baseline = AllocationBaseline.Read();

    public static TheoryData<string> Benchmarks => [.. AllocationProbe.Cases.Select(AllocationProbe.NameOf)];

    [Theory]
    [MemberData(nameof(Benchmarks))]
    public void A_hot_structure_allocates_no_more_than_its_baseline(string name)
    {
        BenchmarkCase benchmark = AllocationProbe.Cases.Single(candidate => AllocationProbe.NameOf(candidate) == name);

        string? complaint = AllocationBaseline.Judge(Baseline, AllocationProbe.Measure(benchmark));

        Assert.True(complaint is null, complaint);
    }

    [Fact]
    public void The_baseline_names_no_benchmark_that_is_gone() =>
        Assert.Empty(Baseline.Keys.Except(AllocationProbe.Cases.Select(AllocationProbe.NameOf), StringComparer.Ordinal));

    [Fact]
    public void More_than_the_baseline_and_what_has_none_are_told()
    {
        Dictionary<string, long> baseline = new(StringComparer.Ordinal) { ["A"] = 0 };

        Assert.Null(AllocationBaseline.Judge(baseline, new AllocationFigure("A", 0, 10)));
        Assert.Equal("A allocates 24 B in 10 operations, allowed are 0 B in each", AllocationBaseline.Judge(baseline, new AllocationFigure("A", 24, 10)));
        Assert.Equal("B has no baseline", AllocationBaseline.Judge(baseline, new AllocationFigure("B", 0, 10)));
    }

    [Fact]
    public void The_probe_sees_a_single_byte_array()
    {
        BenchmarkCase benchmark = BenchmarkConverter.TypeToBenchmarks(typeof(AllocatingBenchmarks), new MicroConfig()).BenchmarksCases.Single();

        Assert.InRange(AllocationProbe.Measure(benchmark).BytesPerOperation, 25, 40);
    }
}
