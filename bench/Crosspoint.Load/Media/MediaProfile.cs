namespace Crosspoint.Load.Media;

/// <summary>What one publisher sends.</summary>
internal sealed record MediaProfile
{
    /// <summary>VP8-shaped video in bit/s of payload, mean over the frames between keyframes; 0 for none. Default 2 Mbit/s: a 720p camera.</summary>
    public int VideoBitsPerSecond { get; init; } = 2_000_000;

    /// <summary>Frames a second. Default 30.</summary>
    public int FramesPerSecond { get; init; } = 30;

    /// <summary>How much bigger a keyframe is than another frame. Default 5, as a camera's at a steady bitrate.</summary>
    public double KeyFrameFactor { get; init; } = 5;

    /// <summary>Between keyframes that nobody asked for. Default 10 s; the server's PLI and FIR are answered besides.</summary>
    public TimeSpan KeyFrameInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Frame sizes vary by so much, evenly in both directions. Default 0.15.</summary>
    public double FrameVariation { get; init; } = 0.15;

    /// <summary>The most payload a packet takes, in bytes: what libwebrtc leaves of its 1,200 after header and extensions. Default 1,168.</summary>
    public int MaxPayloadBytes { get; init; } = 1168;

    /// <summary>Over which time a frame's packets leave. Default zero: all at once. A browser's pacer takes up to 5 ms.</summary>
    public TimeSpan Pacing { get; init; }

    /// <summary>Whether there is Opus besides, 50 packets a second.</summary>
    public bool Audio { get; init; } = true;

    /// <summary>Mean payload of an Opus packet in bytes; it varies by ±20 %. Default 100: 40 kbit/s.</summary>
    public int AudioPayloadBytes { get; init; } = 100;

    /// <summary>Opus alone.</summary>
    public static MediaProfile AudioOnly { get; } = new() { VideoBitsPerSecond = 0 };

    /// <summary>Camera and microphone at a bitrate.</summary>
    public static MediaProfile Video(double megabitsPerSecond) => new() { VideoBitsPerSecond = (int)(megabitsPerSecond * 1_000_000) };
}
