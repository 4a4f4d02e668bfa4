namespace Crosspoint.Netem;

/// <summary>
/// Everything that a virtual link does to packets, in the order in which it does it: queue, rate, loss, delay, jitter, holding back,
/// doubling. What is lost is lost behind the bottleneck, as on a radio, so it has used the rate. Immutable, any thread.
/// </summary>
public sealed record LinkPlan
{
    /// <summary>A link that changes nothing.</summary>
    public static readonly LinkPlan Perfect = new();

    /// <summary>The bottleneck; null for none, then nothing ever waits.</summary>
    public RatePlan? Rate { get; init; }

    /// <summary>What waits before the bottleneck.</summary>
    public QueuePlan Queue { get; init; } = new();

    /// <summary>Propagation one way. Default none.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>At most so much more per packet, drawn evenly. Default none.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Whether jitter may change the order of packets. Default no: one queue delays all behind it.</summary>
    public bool JitterReorders { get; init; }

    /// <summary>Each packet for itself. Default none.</summary>
    public Chance Loss { get; init; }

    /// <summary>In bursts, besides <see cref="Loss"/>. Default none.</summary>
    public BurstLoss? Burst { get; init; }

    /// <summary>How often a packet is held back so that others overtake it. Default never.</summary>
    public Chance Reorder { get; init; }

    /// <summary>How long it is held back. Default 10 ms.</summary>
    public TimeSpan ReorderBy { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How often a packet arrives twice. Default never.</summary>
    public Chance Duplicate { get; init; }

    /// <summary>Packets under way behind the bottleneck. Default 20,000: memory has an end; beyond it they are dropped and counted.</summary>
    public int MaxUnderWay { get; init; } = 20_000;

    /// <summary>Others at a constant rate.</summary>
    public IReadOnlyList<ConstantTraffic> Constant { get; init; } = [];

    /// <summary>Others with a window.</summary>
    public IReadOnlyList<TcpTraffic> Tcp { get; init; } = [];

    /// <summary>The seed of every draw.</summary>
    public long Seed { get; init; } = 1;
}
