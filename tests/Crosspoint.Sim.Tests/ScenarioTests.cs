using System.Text.Json;
using Crosspoint.Sim.Report;
using Crosspoint.Sim.Scenarios;
using Crosspoint.Sim.Server;

namespace Crosspoint.Sim.Tests;

public class ScenarioTests
{
    [Theory]
    [InlineData("loss-5")]
    [InlineData("radio-1M")]
    public void A_seed_repeats_bit_for_bit(string name)
    {
        Assert.Equal(Print(name, Policy.Full, 7), Print(name, Policy.Full, 7));
    }

    [Fact]
    public void Another_seed_is_another_run() => Assert.NotEqual(Print("loss-5", Policy.Full, 7), Print("loss-5", Policy.Full, 8).Replace("\"seed\": 8", "\"seed\": 7", StringComparison.Ordinal));

    [Theory]
    [InlineData("loss-5")]
    [InlineData("jitter-50")]
    [InlineData("reorder")]
    [InlineData("duplicate")]
    public void A_quick_scenario_holds_its_bars(string name)
    {
        ScenarioResult result = ScenarioRunner.Run(Catalogue.Find(name)!, Policy.Full, 1);
        Assert.True(result.Pass, $"{name} with seed 1: {string.Join("; ", result.Failed)}\n{TableReport.Head}\n{TableReport.Line(result)}");
    }

    [Fact]
    public void Names_are_found_and_used_once()
    {
        Assert.Equal(Catalogue.All.Count, Catalogue.All.Select(scenario => scenario.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(Catalogue.All, scenario => Assert.Same(scenario, Catalogue.Find(scenario.Name)));
    }

    [Fact]
    public void Json_has_what_is_promised()
    {
        ScenarioResult result = new() { Name = "x", Seed = 1, Policy = "full" };
        using JsonDocument json = JsonDocument.Parse(JsonReport.Print([result]));
        string[] promised =
        [
            "name", "seed", "linkUsePercent", "queueP95Ms", "recoverMs", "freezesOver500Ms", "freezeRatioPercent", "framesLost", "layerSwitches", "overheadPercent", "pass",
        ];
        Assert.All(promised, name => Assert.True(json.RootElement[0].TryGetProperty(name, out _), name));
    }

    private static string Print(string name, Policy policy, long seed) => JsonReport.Print([ScenarioRunner.Run(Catalogue.Find(name)!, policy, seed)]);
}
