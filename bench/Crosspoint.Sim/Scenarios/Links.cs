using Crosspoint.Netem;
using Crosspoint.Primitives;

namespace Crosspoint.Sim.Scenarios;

/// <summary>Links that several scenarios have in common.</summary>
internal static class Links
{
    public static LinkPlan Steady(double kilobits, double delayMs = 25) => new() { Rate = RatePlan.Steady(kilobits), Delay = Milliseconds(delayMs) };

    public static LinkPlan Steps(double delayMs, params (double AtSeconds, double Kilobits)[] steps) =>
        new() { Rate = new RatePlan([.. steps.Select(step => new RateStep(TimeSpan.FromSeconds(step.AtSeconds), Bitrate.FromKilobits(step.Kilobits)))]), Delay = Milliseconds(delayMs) };

    public static LinkPlan Lossy(double kilobits, double percent, double delayMs) => Steady(kilobits, delayMs) with { Loss = Chance.FromPercent(percent) };

    public static LinkPlan Radio(long seed, double kilobits, double delayMs = 30) => new()
    {
        Rate = RadioTrace.Generate(seed, Bitrate.FromKilobits(kilobits), Bitrate.FromKilobits(kilobits / 10), TimeSpan.FromSeconds(60), Chance.FromPercent(1), Chance.FromPercent(0.3)),
        Delay = Milliseconds(delayMs),
        Jitter = Milliseconds(8),
    };

    public static TimeSpan Milliseconds(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
