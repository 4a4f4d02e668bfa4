namespace Crosspoint.Calls.Limits;

/// <summary>Counts messages by bucket in fixed windows: a window starts with its first message and ends after its time.</summary>
/// <remarks>One connection's read loop at a time owns it.</remarks>
public sealed class RateCounter(RateRule[] rules, TimeProvider time)
{
    private readonly (long StartedAt, int Count)[] _windows = new (long, int)[rules.Length];

    /// <summary>Counts one more message.</summary>
    public RateVerdict Count(RateBucket bucket)
    {
        RateRule rule = rules[(int)bucket];
        ref (long StartedAt, int Count) window = ref _windows[(int)bucket];
        long now = time.GetTimestamp();
        if (window.Count == 0 || time.GetElapsedTime(window.StartedAt, now) >= rule.Window)
        {
            window = (now, 0);
        }

        window.Count = Math.Min(window.Count + 1, int.MaxValue - 1);
        return window.Count <= rule.Limit ? RateVerdict.Allowed
            : window.Count <= (long)rule.Limit * RateRule.AbuseFactor ? RateVerdict.Limited
            : RateVerdict.Abusive;
    }

    /// <summary>Time until the bucket's window ends and messages are allowed again; zero when they are.</summary>
    public TimeSpan RetryAfter(RateBucket bucket)
    {
        (long startedAt, int count) = _windows[(int)bucket];
        TimeSpan left = rules[(int)bucket].Window - time.GetElapsedTime(startedAt);
        return count < rules[(int)bucket].Limit || left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }
}
