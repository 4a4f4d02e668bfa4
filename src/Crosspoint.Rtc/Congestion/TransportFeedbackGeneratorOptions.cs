namespace Crosspoint.Rtc.Congestion;

/// <summary>How transport-wide feedback is generated.</summary>
public sealed record TransportFeedbackGeneratorOptions
{
    /// <summary>The least time between two feedbacks. Default 50 ms: the sender's control loop gains nothing from more.</summary>
    public TimeSpan MinInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The most time from an arrival to the feedback about it. Default 100 ms: longer, and a sender notices a slower link too late.</summary>
    public TimeSpan MaxInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Share of what arrives that feedback may take between the two bounds. Default 0.05, as RTCP may (RFC 3550 §6.2).</summary>
    public double BandwidthShare { get; init; } = 0.05;

    /// <summary>
    /// How long arrivals are remembered after they were reported, so that a packet that comes late can be reported in its range.
    /// Default 250 ms: later than that, the sender has given it up.
    /// </summary>
    public TimeSpan KeepReported { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Numbers remembered at most. Default 4096 (up to 64 KiB): 100 ms at 400 Mbit/s.</summary>
    public int MaxPackets { get; init; } = 4096;
}
