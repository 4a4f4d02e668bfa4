namespace Crosspoint.Media.Congestion;

/// <summary>What may wait for its turn to leave on one transport.</summary>
public sealed record PacingOptions
{
    /// <summary>The longest a packet waits. Default 400 ms: later, a call is no conversation, and the next keyframe shows more.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>
    /// The longest a packet of a track waits that began anew so short a time ago. Default 1.2 s: a keyframe that takes longer than <see cref="MaxDelay"/> to leave
    /// would be given up, asked for again, be as large again, and so on, while nothing is seen.
    /// </summary>
    public TimeSpan MaxKeyFrameDelay { get; init; } = TimeSpan.FromMilliseconds(1200);

    /// <summary>The most that waits. Default 512 KiB: one keyframe of a large picture, or 400 ms at 10 Mbit/s.</summary>
    public int MaxBytes { get; init; } = 512 << 10;

    /// <summary>What the wire adds to each RTP packet. Default 44 bytes: IPv4 and UDP headers and the tag of AES-GCM.</summary>
    public int Overhead { get; init; } = 44;

    /// <summary>
    /// How long after its first packet nothing is known of a transport's network, unless it shows. Default 2 s: probes need a few round trips.
    /// </summary>
    public TimeSpan Startup { get; init; } = TimeSpan.FromSeconds(2);
}
