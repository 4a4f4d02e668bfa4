using Crosspoint.Sim.Scenarios;

namespace Crosspoint.Sim.Report;

/// <summary>Several seeds of a scenario as one line: how many held their bars, and the worst of each figure.</summary>
internal static class SummaryReport
{
    public const string Head = "scenario               held   use %  p95 ms  adapt ms  recover ms  >500ms  freeze %  switches/10s  fairness  fails with seeds";

    /// <summary>The results are of one scenario, one of each seed.</summary>
    public static string Line(Scenario scenario, IReadOnlyList<ScenarioResult> results)
    {
        int held = results.Count(result => result.Pass);
        string seeds = string.Join(' ', results.Where(result => !result.Pass).Select(result => result.Seed));
        string fairness = results.Min(result => result.Fairness) is { } least ? $"{least:0.00}" : "–";
        return $"{scenario.Name,-22}{held,3}/{results.Count,-3}{results.Min(result => result.LinkUsePercent),6:0.0}{results.Max(result => result.QueueP95Ms),8:0}"
            + $"{Slowest(scenario.AdaptFromSeconds, results.Select(result => result.AdaptMs)),10}{Slowest(scenario.RecoverFromSeconds, results.Select(result => result.RecoverMs)),12}{results.Sum(result => result.FreezesOver500Ms),8}"
            + $"{results.Max(result => result.FreezeRatioPercent),10:0.00}{results.Max(result => result.WorstSwitchesPer10s),14:0.0}{fairness,10}  {seeds}";
    }

    /// <summary>All of them together.</summary>
    public static string Total(IReadOnlyList<ScenarioResult> results) =>
        $"{results.Count(result => result.Pass)} of {results.Count} runs hold their bars, {results.Sum(result => result.FreezesOver500Ms)} gaps above 500 ms";

    // Where one seed never came that far, that is the worst; where there is no step, there is no figure.
    private static string Slowest(double? step, IEnumerable<double?> milliseconds) =>
        step is null ? "–" : milliseconds.Max(one => one ?? double.PositiveInfinity) is var slowest && double.IsFinite(slowest) ? $"{slowest:0}" : "never";
}
