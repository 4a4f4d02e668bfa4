namespace Crosspoint.Media.Speakers;

/// <summary>When somebody counts as speaking. Loudness here is 127 less the level of RFC 6464: 0 is silence, 127 is full scale.</summary>
public sealed record ActiveSpeakerOptions
{
    /// <summary>How often levels are judged, and so the most often the list can change. Default 250 ms.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Speakers listed at most. Default 5.</summary>
    public int MaxSpeakers { get; init; } = 5;

    /// <summary>Smoothed loudness at which speech begins. Default 77 (−50 dBov): above a quiet room, below a soft voice.</summary>
    public double OnLoudness { get; init; } = 77;

    /// <summary>Smoothed loudness under which speech may have ended. Default 67 (−60 dBov).</summary>
    public double OffLoudness { get; init; } = 67;

    /// <summary>How long it must stay under that. Default 800 ms, longer than a pause between words.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>How much louder one must be to be listed before another. Default 6 dB: twice the amplitude.</summary>
    public double OvertakeBy { get; init; } = 6;

    /// <summary>How long somebody must be the loudest to become dominant while the one before still speaks. Default 1.5 s: longer than a word of agreement.</summary>
    public TimeSpan DominantAfter { get; init; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>Share of the step taken when it gets louder. Default 0.6.</summary>
    public double Attack { get; init; } = 0.6;

    /// <summary>Share of the step taken when it gets quieter. Default 0.35.</summary>
    public double Release { get; init; } = 0.35;
}
