using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>Bounds of a <see cref="BandwidthEstimator"/>.</summary>
public sealed record BandwidthEstimatorOptions
{
    /// <summary>The target never goes below. Default 30 kbit/s: one Opus stream with its overhead; without audio nobody stays in a call.</summary>
    public Bitrate Min { get; init; } = Bitrate.FromKilobits(30);

    /// <summary>The target at the beginning, before anything is known. Default 300 kbit/s: the smallest simulcast layer; the first probes find more within a round trip or two.</summary>
    public Bitrate Start { get; init; } = Bitrate.FromKilobits(300);

    /// <summary>The target never goes above. Default 50 Mbit/s: more than 16 videos of 2.5 Mbit/s.</summary>
    public Bitrate Max { get; init; } = Bitrate.FromKilobits(50_000);

    /// <summary>Packets remembered until feedback about them comes. Default 8192 (up to 256 KiB, reached only when so many are under way): 0.8 s at 100 Mbit/s.</summary>
    public int MaxPackets { get; init; } = 8192;

    /// <summary>How long a packet is remembered. Default 10 s: longer than any queue of a link that one can still talk over.</summary>
    public TimeSpan MaxPacketAge { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How much faster than the target the pacer lets a burst drain. Default 1.5: a frame of twice the mean size leaves before the next two.</summary>
    public double PacingFactor { get; init; } = 1.5;

    /// <summary>
    /// How far above what arrives the target may grow while nothing but the absence of a queue speaks for it. Default 1.5, for an encoder,
    /// which uses what it gets at once. A forwarder jumps from layer to layer and should look before: 1.1, and probes do the rest.
    /// </summary>
    public double MostUnproven { get; init; } = 1.5;

    /// <summary>How long, beside three round trips, feedback may stay away before the target is halved. Default 500 ms: five feedbacks in a row; two and a half intervals of a receiver that reports more rarely.</summary>
    public TimeSpan FeedbackTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <exception cref="ArgumentException">The bounds contradict one another.</exception>
    internal void Validate()
    {
        if (Min <= Bitrate.Zero || Start < Min || Max < Start)
        {
            throw new ArgumentException($"Not 0 < min ({Min}) <= start ({Start}) <= max ({Max}).");
        }
    }
}
