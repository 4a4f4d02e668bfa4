using System.Text.Json;
using Crosspoint.Sim.Encode;
using Crosspoint.Sim.Publish;
using Crosspoint.Sim.Receive;
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

    // What congestion control and layers are for, as a difference: the same network, the same seed, with and without.
    [Theory]
    [InlineData("step-svc", 45)]
    [InlineData("steady-1", 40)]
    [InlineData("steady-up-1", 25)]
    public void A_plain_forwarder_fails_where_all_of_it_passes(string name, double seconds)
    {
        // The step up comes after the end: what is asked of it is not asked.
        Scenario scenario = Catalogue.Find(name)! with { Length = TimeSpan.FromSeconds(seconds) };
        scenario = scenario with { Bars = [.. scenario.Bars.Where(bar => !bar.Name.StartsWith("recovered", StringComparison.Ordinal))] };
        ScenarioResult full = ScenarioRunner.Run(scenario, Policy.Full, 1);
        ScenarioResult plain = ScenarioRunner.Run(scenario, Policy.Plain, 1);
        Assert.True(full.Pass, $"{name}: {string.Join("; ", full.Failed)}\n{TableReport.Head}\n{TableReport.Line(full)}");
        Assert.False(plain.Pass, $"{TableReport.Head}\n{TableReport.Line(plain)}");
    }

    // Loss alone a forwarder repairs as well; where a link is full besides, only one of them leaves room for it.
    [Fact]
    public void Loss_on_a_full_link_is_repaired_only_by_who_leaves_room()
    {
        Scenario scenario = new("loss-full", "four cameras over 2 Mbit/s with 5 % loss", TimeSpan.FromSeconds(30), stage =>
        {
            List<Publisher> publishers = [.. Enumerable.Range(0, 4).Select(i => stage.AddCamera(EncoderShape.Vp8Simulcast, withAudio: i == 0))];
            Subscriber subscriber = stage.AddSubscriber(stage.Path(Links.Lossy(2000, 5, 25)));
            Stage.Watch(subscriber, publishers);
            stage.Measure(subscriber, 10);
        })
        {
            MeasureFromSeconds = 10,
            Bars = [Bar.NoLongFreeze(), Bar.Queue()],
        };
        ScenarioResult full = ScenarioRunner.Run(scenario, Policy.Full, 1);
        Assert.True(full.Pass, $"{string.Join("; ", full.Failed)}\n{TableReport.Head}\n{TableReport.Line(full)}");
        Assert.False(ScenarioRunner.Run(scenario, Policy.Plain, 1).Pass);
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
