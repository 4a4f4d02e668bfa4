using System.Globalization;
using Crosspoint.Load.Measure;

namespace Crosspoint.Load.Scenarios;

/// <summary>Measures every case round after round, servers next to each other in time: A B A B, so that a busy neighbour hits both.</summary>
internal sealed class Runner(LoadOptions options)
{
    private static readonly Scenario[] All = [new CallScenario(), new AudioScenario(), new SaturateScenario(), new DelayScenario(), new MemoryScenario(), new StormScenario(), new WorkersScenario(), new OverloadScenario(), new SoakScenario(), new FloorScenario()];

    /// <summary>Names that may be asked for.</summary>
    public static IEnumerable<string> Names => All.Select(scenario => scenario.Name);

    /// <summary>Everything that was asked for.</summary>
    public async Task<IReadOnlyList<Row>> RunAsync(CancellationToken cancellationToken)
    {
        Bench bench = new(options);
        (Scenario Scenario, Case Case)[] cases = [.. Cases()];
        List<Sample>[] samples = [.. cases.Select(_ => new List<Sample>())];
        for (int round = 0; round < options.Rounds; round++)
        {
            for (int i = 0; i < cases.Length; i++)
            {
                (Scenario scenario, Case measured) = cases[i];
                Sample sample = await scenario.MeasureAsync(measured, bench, cancellationToken);
                samples[i].Add(sample);
                Bench.Say(Describe(round, measured, sample));
            }
        }

        return [.. cases.Select((entry, i) => new Row(entry.Case, bench.VersionOf(entry.Case.Server), samples[i]))];
    }

    private IEnumerable<(Scenario Scenario, Case Case)> Cases()
    {
        foreach (Scenario scenario in All.Where(IsWanted))
        {
            Case[][] byServer = [.. options.Servers.Select(server => scenario.Cases(server, options).ToArray())];
            int most = byServer.Max(cases => cases.Length);
            for (int i = 0; i < most; i++)
            {
                foreach (Case[] cases in byServer.Where(cases => i < cases.Length))
                {
                    yield return (scenario, cases[i]);
                }
            }
        }
    }

    private bool IsWanted(Scenario scenario) => options.Scenarios.Count > 0
        ? options.Scenarios.Contains(scenario.Name)
        : options.Quick ? scenario.IsQuick : scenario.IsInFullRun;

    private static string Describe(int round, Case measured, Sample sample) => string.Create(
        CultureInfo.InvariantCulture,
        $"round {round + 1}  {measured.Scenario} {measured.Server}/{measured.Variant} {measured.ProfileName} {measured.Publishers}→{measured.Subscribers}:  {string.Join(", ", Figures.All.Where(name => sample[name] is not null).Select(name => Text(name, sample[name]!.Value)))}");

    private static string Text(string name, double value) => string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.####}");
}
