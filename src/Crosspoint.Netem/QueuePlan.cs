namespace Crosspoint.Netem;

/// <summary>The queue before the bottleneck: what does not fit is dropped at its tail.</summary>
public sealed record QueuePlan
{
    /// <summary>
    /// How long the last packet in it may have to wait at the rate of the moment (in an outage: at the rate before it).
    /// Default 300 ms, what RFC 8867 §4.1 asks for. Two full packets always fit.
    /// </summary>
    public TimeSpan? Time { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How many bytes may wait; null for no such limit. Both limits hold.</summary>
    public int? Bytes { get; init; }

    /// <summary>Packets of any size that may wait. Default 10,000: memory has an end even where the plan names none.</summary>
    public int Packets { get; init; } = 10_000;

    /// <summary>Whether the queue is managed by CoDel (RFC 8289) with its usual target of 5 ms and interval of 100 ms.</summary>
    public bool CoDel { get; init; }
}
