namespace Crosspoint.Load.Measure;

/// <summary>What one round of one case measured. What does not apply is null.</summary>
internal sealed record Sample
{
    public double? UsPerPacket { get; init; }

    public double? PacketsPerSecond { get; init; }

    public double? LostPercent { get; init; }

    public double? RssMb { get; init; }

    public double? RssPerSubscriberKb { get; init; }

    public double? RssPerPublisherKb { get; init; }

    public double? DelayP50Ms { get; init; }

    public double? DelayP99Ms { get; init; }

    public double? DelayP999Ms { get; init; }

    public double? JoinSeconds { get; init; }

    public double? ServerCpuPercent { get; init; }

    public double? LoadCpuPercent { get; init; }

    public double? SendLateMs { get; init; }
}
