using System.CommandLine;
using Crosspoint.Sim.Report;
using Crosspoint.Sim.Scenarios;
using Crosspoint.Sim.Server;

namespace Crosspoint.Sim;

/// <summary>The command line: which scenarios, under which policy, from which seed, printed how.</summary>
internal static class SimCommand
{
    public static RootCommand Create()
    {
        Option<bool> all = new("--all") { Description = "Run every scenario." };
        Option<string[]> scenario = new("--scenario") { Description = "Run these, by name; see --list.", AllowMultipleArgumentsPerToken = true };
        Option<string> policy = new("--policy") { Description = "plain: a forwarder; remb: adapts by the receiver's estimate alone; no-rtx: everything, to receivers without RTX; full: everything.", DefaultValueFactory = _ => Policy.Full.Name };
        Option<long> seed = new("--seed") { Description = "Of all that is drawn.", DefaultValueFactory = _ => 1 };
        Option<string?> seeds = new("--seeds") { Description = "Several instead, as 1-12: a line for each scenario with the worst of its figures; with --json all rows." };
        Option<bool> json = new("--json") { Description = "Print a JSON array instead of a table." };
        Option<bool> list = new("--list") { Description = "Say what scenarios there are." };
        policy.AcceptOnlyFromAmong([.. Policy.All.Select(known => known.Name)]);
        RootCommand root = new("Runs the routing engine between publishers and subscribers on virtual time.") { all, scenario, policy, seed, seeds, json, list };
        root.Subcommands.Add(E2ee.E2eeCommand.Create());
        root.SetAction(result =>
        {
            if (result.GetValue(list))
            {
                return List();
            }

            string[] names = result.GetValue(scenario) ?? [];
            List<Scenario> chosen = [];
            foreach (string name in names)
            {
                if (Catalogue.Find(name) is not { } found)
                {
                    Console.Error.WriteLine($"There is no scenario '{name}'; --list says which there are.");
                    return 2;
                }

                chosen.Add(found);
            }

            IReadOnlyList<Scenario> run = result.GetValue(all) || chosen.Count == 0 ? Catalogue.All : chosen;
            Policy under = Policy.All.First(known => known.Name == result.GetValue(policy));
            if (result.GetValue(seeds) is not { } range)
            {
                return Run(run, under, result.GetValue(seed), result.GetValue(json));
            }

            if (!SeedRange.TryParse(range, out IReadOnlyList<long> several))
            {
                Console.Error.WriteLine($"'{range}' is no range of seeds; it is written as 1-12.");
                return 2;
            }

            return RunSeveral(run, under, several, result.GetValue(json));
        });
        return root;
    }

    private static int List()
    {
        foreach (Scenario scenario in Catalogue.All)
        {
            string bars = scenario.Bars.Count == 0 ? "for comparison" : string.Join(", ", scenario.Bars.Select(bar => bar.Name));
            Console.WriteLine($"{scenario.Name,-22}{scenario.About} ({scenario.Length.TotalSeconds:0} s): {bars}");
        }

        return 0;
    }

    // Zero when every bar holds, so that a script can ask.
    private static int Run(IReadOnlyList<Scenario> scenarios, Policy policy, long seed, bool json)
    {
        List<ScenarioResult> results = [];
        if (!json)
        {
            Console.WriteLine($"policy {policy.Name}, seed {seed}");
            Console.WriteLine(TableReport.Head);
        }

        foreach (Scenario scenario in scenarios)
        {
            results.Add(ScenarioRunner.Run(scenario, policy, seed));
            if (!json)
            {
                Console.WriteLine(TableReport.Line(results[^1]));
            }
        }

        return Finish(results, json);
    }

    // Scenario by scenario, so that each line is there as soon as its last seed is.
    private static int RunSeveral(IReadOnlyList<Scenario> scenarios, Policy policy, IReadOnlyList<long> seeds, bool json)
    {
        List<ScenarioResult> results = [];
        if (!json)
        {
            Console.WriteLine($"policy {policy.Name}, seeds {seeds[0]} to {seeds[^1]}, the worst of each figure");
            Console.WriteLine(SummaryReport.Head);
        }

        foreach (Scenario scenario in scenarios)
        {
            ScenarioResult[] one = [.. seeds.Select(seed => ScenarioRunner.Run(scenario, policy, seed))];
            results.AddRange(one);
            if (!json)
            {
                Console.WriteLine(SummaryReport.Line(scenario, one));
            }
        }

        if (!json)
        {
            Console.WriteLine(SummaryReport.Total(results));
        }

        return Finish(results, json);
    }

    private static int Finish(List<ScenarioResult> results, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonReport.Print(results));
        }

        return results.TrueForAll(result => result.Pass) ? 0 : 1;
    }
}
