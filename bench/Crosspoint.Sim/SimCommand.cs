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
        Option<string> policy = new("--policy") { Description = "plain: a forwarder; remb: adapts by the receiver's estimate alone; full: everything.", DefaultValueFactory = _ => Policy.Full.Name };
        Option<long> seed = new("--seed") { Description = "Of all that is drawn.", DefaultValueFactory = _ => 1 };
        Option<bool> json = new("--json") { Description = "Print a JSON array instead of a table." };
        Option<bool> list = new("--list") { Description = "Say what scenarios there are." };
        policy.AcceptOnlyFromAmong([.. Policy.All.Select(known => known.Name)]);
        RootCommand root = new("Runs the routing engine between publishers and subscribers on virtual time.") { all, scenario, policy, seed, json, list };
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
            return Run(run, Policy.All.First(known => known.Name == result.GetValue(policy)), result.GetValue(seed), result.GetValue(json));
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

        if (json)
        {
            Console.WriteLine(JsonReport.Print(results));
        }

        return results.TrueForAll(result => result.Pass) ? 0 : 1;
    }
}
