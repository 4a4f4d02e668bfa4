using Crosspoint.Primitives;

namespace Crosspoint.Sim.Scenarios;

/// <summary>A network, who is on it, for how long, and what has to hold.</summary>
/// <param name="Name">For command lines.</param>
/// <param name="About">One sentence.</param>
/// <param name="Length">Of virtual time.</param>
/// <param name="Build">Puts everybody on the stage.</param>
internal sealed record Scenario(string Name, string About, TimeSpan Length, Action<Stage> Build)
{
    /// <summary>Routers.</summary>
    public int Rooms { get; init; } = 1;

    /// <summary>What has to hold; a scenario without bars is for comparison.</summary>
    public IReadOnlyList<Bar> Bars { get; init; } = [];

    /// <summary>The step up or the end of an outage that recovery is measured from.</summary>
    public double? RecoverFromSeconds { get; init; }

    /// <summary>The step down that adaptation is measured from.</summary>
    public double? AdaptFromSeconds { get; init; }

    /// <summary>Freezes count from here on: a call begins with a keyframe that has to come first.</summary>
    public double MeasureFromSeconds { get; init; } = 5;
}

/// <summary>One thing that has to hold.</summary>
/// <param name="Name">What, in words.</param>
/// <param name="Holds">Whether it does.</param>
internal sealed record Bar(string Name, Func<ScenarioResult, bool> Holds)
{
    public static Bar LinkUse(double percent) => new($"link use ≥ {percent} %", result => result.LinkUsePercent >= percent);

    public static Bar Queue(int milliseconds = 100) => new($"p95 queueing ≤ {milliseconds} ms", result => result.QueueP95Ms <= milliseconds);

    public static Bar NoLongFreeze() => new("no freeze above 500 ms", result => result.FreezesOver500Ms == 0);

    public static Bar FreezeRatio(double percent) => new($"freeze ratio ≤ {percent} %", result => result.FreezeRatioPercent <= percent);

    public static Bar Overhead(double percent) => new($"overhead ≤ {percent} %", result => result.OverheadPercent <= percent);

    public static Bar Adapts(int milliseconds) => new($"adapted within {milliseconds} ms", result => result.AdaptMs is { } ms && ms <= milliseconds);

    public static Bar Recovers(int milliseconds) => new($"recovered within {milliseconds} ms", result => result.RecoverMs is { } ms && ms <= milliseconds);

    public static Bar Switches(double perTenSeconds) => new($"≤ {perTenSeconds} switches per 10 s", result => result.WorstSwitchesPer10s <= perTenSeconds);

    public static Bar NotOverrun() => new("no link overrun", result => result.OverrunLinks == 0);

    public static Bar FairShare(double index) => new($"fairness (Jain) ≥ {index}", result => result.Fairness is { } fairness && fairness >= index);

    public static Bar NoUnexplainedFreeze() => new("no freeze without a requested keyframe", result => result.UnexplainedFreezes == 0);

    public static Bar LayersFit(double percent) => new($"another layer than the link carries ≤ {percent} % of the time", result => result.WrongLayerPercent <= percent);

    public static Bar FirstPicture(int milliseconds) => new($"first picture within {milliseconds} ms", result => result.FirstPictureMs is { } ms && ms <= milliseconds);

    public static Bar FirstLargest(int milliseconds) => new($"first largest picture within {milliseconds} ms", result => result.FirstLargestMs is { } ms && ms <= milliseconds);

    public static Bar EverybodyPlays() => new("everybody sees something", result => result.Blind == 0);
}

/// <summary>What came of a run.</summary>
internal sealed record ScenarioResult
{
    public required string Name { get; init; }

    public required long Seed { get; init; }

    public required string Policy { get; init; }

    public double LinkUsePercent { get; init; }

    public double QueueP95Ms { get; init; }

    public double? RecoverMs { get; init; }

    public double? AdaptMs { get; init; }

    public int FreezesOver500Ms { get; init; }

    public double FreezeRatioPercent { get; init; }

    public long FramesLost { get; init; }

    public long FramesShown { get; init; }

    public int LayerSwitches { get; init; }

    public double WorstSwitchesPer10s { get; init; }

    public double OverheadPercent { get; init; }

    public int OverrunLinks { get; init; }

    public int UnexplainedFreezes { get; init; }

    public int Blind { get; init; }

    public double? Fairness { get; init; }

    public double MeanKilobits { get; init; }

    public double LongestGapMs { get; init; }

    public double? WrongLayerPercent { get; init; }

    public double? FirstPictureMs { get; init; }

    public double? FirstLargestMs { get; init; }

    public long KeyFrameRequests { get; init; }

    public long Unreadable { get; init; }

    public bool Pass { get; init; }

    public IReadOnlyList<string> Failed { get; init; } = [];

    internal static double? Milliseconds(TimeSpan? span) => span?.TotalMilliseconds;

    internal static Instant At(double seconds) => Instant.FromMilliseconds(seconds * 1000);
}
