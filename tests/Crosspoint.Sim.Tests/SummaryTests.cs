using Crosspoint.Sim.Report;
using Crosspoint.Sim.Scenarios;

namespace Crosspoint.Sim.Tests;

public class SummaryTests
{
    [Theory]
    [InlineData("7", 7, 7)]
    [InlineData("1-12", 1, 12)]
    [InlineData("5-5", 5, 5)]
    public void A_range_names_both_its_ends(string text, long first, long last)
    {
        Assert.True(SeedRange.TryParse(text, out IReadOnlyList<long> seeds));
        Assert.Equal([.. Enumerable.Range(0, (int)(last - first) + 1).Select(step => first + step)], seeds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12-1")]
    [InlineData("1-2-3")]
    [InlineData("-3")]
    [InlineData("1-")]
    [InlineData("one")]
    [InlineData("1-9223372036854775807")]
    public void What_is_no_range_is_refused(string text) => Assert.False(SeedRange.TryParse(text, out _));

    [Fact]
    public void A_line_holds_the_worst_of_each_figure_and_the_seeds_that_fail()
    {
        Scenario scenario = Catalogue.Find("step-svc")!;
        string line = SummaryReport.Line(scenario,
        [
            new ScenarioResult { Name = scenario.Name, Seed = 4, Policy = "full", LinkUsePercent = 91.5, QueueP95Ms = 60, AdaptMs = 300, RecoverMs = 4000, FreezesOver500Ms = 0, FreezeRatioPercent = 0.25, Pass = true },
            new ScenarioResult { Name = scenario.Name, Seed = 5, Policy = "full", LinkUsePercent = 88.25, QueueP95Ms = 41, AdaptMs = 700, RecoverMs = null, FreezesOver500Ms = 3, FreezeRatioPercent = 2.5, Pass = false },
        ]);
        Assert.Equal(["step-svc", "1/2", "88.3", "60", "700", "never", "3", "2.50", "0.0", "–", "5"], line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
