using System.Globalization;
using Crosspoint.Primitives;

namespace Crosspoint.Netem;

/// <summary>
/// Reads a plan from a line such as <c>rate=1mbit,delay=50ms,loss=2%</c>, for command lines.
/// </summary>
/// <remarks>
/// <code>
/// rate=300kbit | rate=3mbit@0s;300kbit@10s;3mbit@20s      queue=300ms | queue=64kb      codel
/// delay=50ms   jitter=20ms   jitter-reorders              loss=2%    burst=ENTER%:LEAVE%:LOSS%
/// reorder=1%:10ms            duplicate=1%                 cross=500kbit    tcp=50ms
/// </code>
/// </remarks>
public static class LinkPlanText
{
    /// <summary>Reads a plan; false with what is wrong, in words for the operator.</summary>
    public static bool TryParse(string text, long seed, out LinkPlan plan, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        plan = new LinkPlan { Seed = seed };
        error = "";
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] pair = part.Split('=', 2);
            if (Apply(plan, pair[0], pair.Length == 2 ? pair[1] : "") is not { } next)
            {
                error = $"'{part}' is not understood";
                return false;
            }

            plan = next;
        }

        return true;
    }

    private static LinkPlan? Apply(LinkPlan plan, string name, string value) => name switch
    {
        "rate" => ReadRates(value) is { } rate ? plan with { Rate = rate } : null,
        "queue" => ReadQueue(plan.Queue, value) is { } queue ? plan with { Queue = queue } : null,
        "codel" when value.Length == 0 => plan with { Queue = plan.Queue with { CoDel = true } },
        "delay" => ReadTime(value) is { } delay ? plan with { Delay = delay } : null,
        "jitter" => ReadTime(value) is { } jitter ? plan with { Jitter = jitter } : null,
        "jitter-reorders" when value.Length == 0 => plan with { JitterReorders = true },
        "loss" => ReadChance(value) is { } loss ? plan with { Loss = loss } : null,
        "burst" => ReadBurst(value) is { } burst ? plan with { Burst = burst } : null,
        "reorder" => ReadReorder(plan, value),
        "duplicate" => ReadChance(value) is { } twice ? plan with { Duplicate = twice } : null,
        "cross" => ReadRate(value) is { } cross ? plan with { Constant = [new ConstantTraffic(cross, TimeSpan.Zero)] } : null,
        "tcp" => ReadTime(value) is { } trip ? plan with { Tcp = [new TcpTraffic(trip, TimeSpan.Zero)] } : null,
        _ => null,
    };

    private static RatePlan? ReadRates(string value)
    {
        List<RateStep> steps = [];
        foreach (string item in value.Split(';'))
        {
            string[] pair = item.Split('@', 2);
            TimeSpan? at = pair.Length == 2 ? ReadTime(pair[1]) : TimeSpan.Zero;
            if (ReadRate(pair[0]) is not { } rate || at is not { } time || (steps.Count == 0 ? time != TimeSpan.Zero : time <= steps[^1].At))
            {
                return null;
            }

            steps.Add(new RateStep(time, rate));
        }

        return new RatePlan(steps);
    }

    private static QueuePlan? ReadQueue(QueuePlan queue, string value) =>
        ReadTime(value) is { } time ? queue with { Time = time }
        : ReadNumber(value, ("kb", 1000), ("mb", 1_000_000), ("b", 1)) is { } bytes && bytes <= int.MaxValue ? queue with { Time = null, Bytes = (int)bytes }
        : null;

    private static BurstLoss? ReadBurst(string value)
    {
        string[] parts = value.Split(':');
        return parts.Length == 3 && ReadChance(parts[0]) is { } enter && ReadChance(parts[1]) is { } leave && ReadChance(parts[2]) is { } loss
            ? new BurstLoss(enter, leave, loss)
            : null;
    }

    private static LinkPlan? ReadReorder(LinkPlan plan, string value)
    {
        string[] parts = value.Split(':', 2);
        TimeSpan? by = parts.Length == 2 ? ReadTime(parts[1]) : plan.ReorderBy;
        return ReadChance(parts[0]) is { } chance && by is { } span ? plan with { Reorder = chance, ReorderBy = span } : null;
    }

    private static Bitrate? ReadRate(string value) =>
        ReadNumber(value, ("kbit", 1000), ("mbit", 1_000_000), ("gbit", 1_000_000_000), ("bit", 1)) is { } bits ? new Bitrate((long)bits) : null;

    private static TimeSpan? ReadTime(string value) =>
        ReadNumber(value, ("ms", 1), ("s", 1000)) is { } milliseconds && milliseconds <= 86_400_000 ? TimeSpan.FromMilliseconds(milliseconds) : null;

    private static Chance? ReadChance(string value) =>
        ReadNumber(value, ("%", 1)) is { } percent && percent <= 100 ? Chance.FromPercent(percent) : null;

    private static double? ReadNumber(string value, params ReadOnlySpan<(string Unit, double Factor)> units)
    {
        foreach ((string unit, double factor) in units)
        {
            if (value.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(value.AsSpan(0, value.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
                && number * factor <= 1e12)
            {
                return number * factor;
            }
        }

        return null;
    }
}
