using Crosspoint.Sim.Scenarios;

namespace Crosspoint.Sim.Report;

/// <summary>Results as lines for people, each as soon as it is there.</summary>
internal static class TableReport
{
    public const string Head = "scenario               use %  p95 ms  adapt ms  recover ms  >500ms  freeze %   lost  switches  over %  pass";

    public static string Line(ScenarioResult r)
    {
        string verdict = r.Pass ? "yes" : "NO: " + string.Join("; ", r.Failed);
        return $"{r.Name,-22}{r.LinkUsePercent,6:0.0}{r.QueueP95Ms,8:0}{Optional(r.AdaptMs),10}{Optional(r.RecoverMs),12}{r.FreezesOver500Ms,8}{r.FreezeRatioPercent,10:0.00}{r.FramesLost,7}{r.LayerSwitches,10}{r.OverheadPercent,8:0.0}  {verdict}";
    }

    private static string Optional(double? milliseconds) => milliseconds is { } value ? $"{value:0}" : "–";
}
