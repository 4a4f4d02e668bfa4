using System.Globalization;
using Crosspoint.Load.Measure;
using Crosspoint.Load.Servers;

namespace Crosspoint.Load.Scenarios;

/// <summary>Measures every case round after round, servers next to each other in time: A B A B, so that a busy neighbour hits both.</summary>
internal sealed class Runner(LoadOptions options)
{
    private const int Attempts = 3;

    private static readonly Scenario[] All = [new CallScenario(), new AudioScenario(), new SaturateScenario(), new DelayScenario(), new MemoryScenario(), new StormScenario(), new WorkersScenario(), new OverloadScenario(), new SoakScenario(), new FloorScenario(), new RelayFloorScenario(), new StillnessScenario()];

    /// <summary>Names that may be asked for.</summary>
    public static IEnumerable<string> Names => All.Select(scenario => scenario.Name);

    /// <summary>True when a measurement failed every time; its row then has fewer rounds than the others.</summary>
    public bool HasFailures { get; private set; }

    /// <summary>Whether everything that was asked for exists.</summary>
    public bool TryCheck(out string problem)
    {
        string[] unknown = [.. options.Scenarios.Except(Names), .. options.Servers.Except(ServerCatalogue.Names)];
        bool lacksBefore = options.Servers.Contains(ServerCatalogue.Before) && options.CrosspointBefore is null;
        problem = lacksBefore ? "the server before is another build: --before says which" : unknown.Length == 0 ? "" : $"there is no {string.Join(", ", unknown)}; scenarios are {string.Join(", ", Names)}, servers {string.Join(", ", ServerCatalogue.Names)}";
        return problem.Length == 0;
    }

    /// <summary>Everything that was asked for. The raw samples are written after each round: what was measured is not lost with what comes after.</summary>
    public async Task<IReadOnlyList<Row>> RunAsync(CancellationToken cancellationToken)
    {
        using Bench bench = new(options);
        (Scenario Scenario, Case Case)[] cases = [.. Cases()];
        List<Sample>[] samples = [.. cases.Select(_ => new List<Sample>())];
        for (int round = 0; round < options.Rounds; round++)
        {
            for (int i = 0; i < cases.Length; i++)
            {
                (Scenario scenario, Case measured) = cases[i];
                if (round > 0 && measured.IsSupporting && options.IsEverything)
                {
                    continue;
                }

                if (await MeasureAsync(scenario, measured, bench, cancellationToken) is { } sample)
                {
                    samples[i].Add(sample);
                    Bench.Say(Describe(round, measured, sample));
                }
            }

            if (options.Csv is { } csv)
            {
                await File.WriteAllTextAsync(csv, RowCsv.Write(Rows(bench, cases, samples)), cancellationToken);
            }
        }

        return Rows(bench, cases, samples);
    }

    private static Row[] Rows(Bench bench, (Scenario Scenario, Case Case)[] cases, List<Sample>[] samples) =>
        [.. cases.Select((entry, i) => new Row(entry.Case, bench.VersionOf(entry.Case.Server), samples[i]))];

    // Again after a failure: a neighbour may have had the machine. Always is a finding.
    private async Task<Sample?> MeasureAsync(Scenario scenario, Case measured, Bench bench, CancellationToken cancellationToken)
    {
        for (int attempt = 1; attempt <= Attempts; attempt++)
        {
            try
            {
                return await scenario.MeasureAsync(measured, bench, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                Bench.Say($"FAILED ({attempt} of {Attempts})  {measured.Scenario} {measured.Server}/{measured.Variant}: {exception.GetBaseException().Message}");
            }
        }

        HasFailures = true;
        return null;
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
