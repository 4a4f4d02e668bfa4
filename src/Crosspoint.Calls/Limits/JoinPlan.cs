using Crosspoint.Calls.Options;

namespace Crosspoint.Calls.Limits;

/// <summary>How fast newcomers are let in, and how many may wait for it. Immutable.</summary>
/// <param name="Interval">Time between two of a long row; zero lets everybody in at once.</param>
/// <param name="Burst">How many come in at once after a quiet time, at least one.</param>
/// <param name="MaxWaiting">How many may wait, those who come back and newcomers together.</param>
public readonly record struct JoinPlan(TimeSpan Interval, int Burst, int MaxWaiting)
{
    /// <summary>False when nobody ever waits.</summary>
    public bool IsOn => Interval > TimeSpan.Zero;

    /// <summary>What the operator asked for: as many may wait as come in within the longest wait.</summary>
    public static JoinPlan Of(LimitOptions limits) => limits.JoinRate == 0
        ? default
        : new(TimeSpan.FromSeconds(1.0 / limits.JoinRate), limits.JoinBurst, (int)(limits.JoinRate * limits.JoinWait.TotalSeconds));
}
