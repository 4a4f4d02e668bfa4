using Crosspoint.Fuzz.Engine;

namespace Crosspoint.Fuzz.Tests;

/// <summary>The corpus of every target passes the oracle, and so does a little mutation from a fixed seed.</summary>
public sealed class CorpusTests
{
    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Every_input_of_the_corpus_passes(string name)
    {
        FuzzTarget target = Assert.Single(FuzzTargets.Select(name)!);
        IReadOnlyList<byte[]> corpus = Corpus.LoadWithSeeds(Path.Combine(Root, "fuzz", "corpus"), target);
        Assert.NotEmpty(corpus);
        foreach (byte[] input in corpus)
        {
            FuzzProblem? problem = Oracle.Check(target, input, out _);
            Assert.True(problem is null, $"{FuzzFinding.HashOf(input)}: {problem}");
        }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Seeds_go_more_than_one_way(string name)
    {
        // A target whose well-formed inputs all look like the empty one does not reach its parser.
        FuzzTarget target = Assert.Single(FuzzTargets.Select(name)!);
        Oracle.Check(target, [], out int nothing);
        int reached = target.Seeds().Count(seed => Oracle.Check(target, seed, out int way) is null && way != nothing);
        Assert.True(reached > 0, "no seed gets further than an empty input");
    }

    [Fact]
    public void Names_are_unique_and_can_be_selected()
    {
        Assert.Equal(FuzzTargets.All.Count, FuzzTargets.All.Select(t => t.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(FuzzTargets.All, FuzzTargets.Select("all"));
        Assert.Null(FuzzTargets.Select("nonsense"));
    }

    private static string Root
    {
        get
        {
            string? folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, "Crosspoint.slnx")))
            {
                folder = Path.GetDirectoryName(folder);
            }

            return folder ?? throw new InvalidOperationException("The repository is not above the tests.");
        }
    }
}
