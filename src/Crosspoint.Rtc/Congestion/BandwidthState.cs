namespace Crosspoint.Rtc.Congestion;

/// <summary>What keeps <see cref="BandwidthEstimator.Target"/> from being higher; a metric label.</summary>
public enum BandwidthState : byte
{
    /// <summary>Nothing: the estimate is growing.</summary>
    None,

    /// <summary>Packets take longer and longer, or a queue that had built up is being let drain.</summary>
    Delay,

    /// <summary>Packets are lost in a way that sending less cures.</summary>
    Loss,

    /// <summary>Less is sent than may be, so nobody can know whether more would pass; only probes find out.</summary>
    ApplicationLimited,

    /// <summary>The receiver asked for no more (REMB).</summary>
    Remb,

    /// <summary>The configured maximum.</summary>
    Maximum,

    /// <summary>Packets are sent and no feedback comes back.</summary>
    NoFeedback,
}
