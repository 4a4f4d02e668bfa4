using System.Globalization;
using Crosspoint.Load.Floor;
using Crosspoint.Load.Measure;
using Crosspoint.Load.Servers;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Load.Scenarios;

/// <summary>No server and no traffic: how long the server's core stands still under a program that only reads the clock.</summary>
internal sealed class StillnessScenario : Scenario
{
    /// <inheritdoc/>
    public override string Name => "stillness";

    /// <inheritdoc/>
    public override IEnumerable<Case> Cases(string server, LoadOptions options) =>
        server == "crosspoint" ? [new Case(Name, "kernel", SrtpProfile.AeadAes128Gcm, 0, 0) { IsSupporting = true }] : [];

    /// <inheritdoc/>
    public override async Task<Sample> MeasureAsync(Case measured, Bench bench, CancellationToken cancellationToken)
    {
        string seconds = bench.Options.Window.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        await using ServerProcess clock = ServerProcess.Start(
            bench.BarePlan, System.Environment.ProcessPath!, [BareClock.Verb, "--seconds", seconds], new Dictionary<string, string>(StringComparer.Ordinal));
        while (clock.Output.Length == 0 && !clock.HasEnded)
        {
            await Task.Delay(100, cancellationToken);
        }

        await Task.Delay(100, cancellationToken);
        string[] words = clock.Output.Split(' ');
        return new Sample
        {
            [Figures.DelayMaxMs] = double.Parse(words[0], CultureInfo.InvariantCulture),
            [Figures.PausedPercent] = double.Parse(words[1], CultureInfo.InvariantCulture),
        };
    }
}
