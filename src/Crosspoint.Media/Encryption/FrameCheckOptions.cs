namespace Crosspoint.Media.Encryption;

/// <summary>When a producer whose frames are refused must go.</summary>
public sealed record FrameCheckOptions
{
    /// <summary>So many refused frames within <see cref="Window"/>. Default 5: a tenth of a second of sound; by chance alone not one comes in a call.</summary>
    public int MaxRefusedFrames { get; init; } = 5;

    /// <summary>Default 10 s, so that a screen that shows two pictures a second is noticed too.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);
}
