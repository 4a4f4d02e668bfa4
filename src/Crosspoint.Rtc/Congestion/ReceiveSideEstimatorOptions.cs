using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>Bounds of a <see cref="ReceiveSideEstimator"/>.</summary>
public sealed record ReceiveSideEstimatorOptions
{
    /// <summary>The estimate never goes below. Default 30 kbit/s, one Opus stream.</summary>
    public Bitrate Min { get; init; } = Bitrate.FromKilobits(30);

    /// <summary>The estimate at the beginning. Default 1 Mbit/s: nothing limits a sender before there is something to see; its own start rate is below.</summary>
    public Bitrate Start { get; init; } = Bitrate.FromKilobits(1000);

    /// <summary>The estimate never goes above. Default 50 Mbit/s.</summary>
    public Bitrate Max { get; init; } = Bitrate.FromKilobits(50_000);

    /// <summary>How often REMB is sent while the estimate does not fall. Default 1 s; senders forget none, but packets are lost.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A fall to this share of what was last sent is told at once. Default 0.97.</summary>
    public double UrgentShare { get; init; } = 0.97;
}
