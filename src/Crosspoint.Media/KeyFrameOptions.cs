namespace Crosspoint.Media;

/// <summary>How often a producer is asked for keyframes.</summary>
public sealed record KeyFrameOptions
{
    /// <summary>The least time between two requests to one stream. Default 500 ms: a keyframe costs as much as ten other frames.</summary>
    public TimeSpan MinInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The least time after a request to one stream before another is sent only for somebody who is to be sent something better. Default 2 s: in a
    /// large room somebody always is, and each keyframe is a burst for all.
    /// </summary>
    public TimeSpan MinUpgradeInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The most time between repetitions while no keyframe comes. Default 4 s.</summary>
    public TimeSpan MaxInterval { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>What an encoder takes to answer on top of the round trip. Default 70 ms, two frames at 30 per second.</summary>
    public TimeSpan EncoderDelay { get; init; } = TimeSpan.FromMilliseconds(70);

    /// <summary>How often a request is repeated on its own; packets that are not keyframes renew the wish. Default 4.</summary>
    public int MaxRepeats { get; init; } = 4;
}
