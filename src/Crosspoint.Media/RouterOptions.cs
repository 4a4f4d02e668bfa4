using Crosspoint.Media.Allocation;
using Crosspoint.Media.Congestion;
using Crosspoint.Media.Encryption;
using Crosspoint.Media.Repair;
using Crosspoint.Media.Speakers;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Media;

/// <summary>How a router behaves and how much it may hold.</summary>
public sealed record RouterOptions
{
    /// <summary>Keyframe requests.</summary>
    public KeyFrameOptions KeyFrames { get; init; } = new();

    /// <summary>Requests to producers for lost packets.</summary>
    public NackOptions Nack { get; init; } = new();

    /// <summary>Active speakers.</summary>
    public ActiveSpeakerOptions Speakers { get; init; } = new();

    /// <summary>What is done about receivers' networks that carry less than there is; senders are told of theirs in any case. Default: transport-wide feedback where it is negotiated.</summary>
    public CongestionControl CongestionControl { get; init; } = CongestionControl.TransportWide;

    /// <summary>How much each transport's network is believed to carry.</summary>
    public BandwidthEstimatorOptions Bandwidth { get; init; } = new() { MostUnproven = 1.1 };

    /// <summary>What waits for its turn to leave.</summary>
    public PacingOptions Pacing { get; init; } = new();

    /// <summary>How what a network carries is shared among the videos on it.</summary>
    public AllocationOptions Allocation { get; init; } = new();

    /// <summary>Transport-wide feedback to those who send.</summary>
    public TransportFeedbackGeneratorOptions Feedback { get; init; } = new();

    /// <summary>REMB to those who send and know no transport-wide feedback.</summary>
    public ReceiveSideEstimatorOptions ReceiveSide { get; init; } = new();

    /// <summary>RTCP reports. Audio alone reports every 2 s here: its first report is what lip-sync and round trips wait for.</summary>
    public ReportSchedulerOptions Reports { get; init; } = new() { AudioInterval = TimeSpan.FromSeconds(2) };

    /// <summary>What is kept of a video stream for all its consumers. Default 0.5 to 2 s by their round trips, 1024 packets, 1 MiB.</summary>
    public RetransmissionBufferOptions VideoStore { get; init; } = new();

    /// <summary>What is kept of an audio stream for all its consumers. Default 1 s, 128 packets, 64 KiB.</summary>
    public RetransmissionBufferOptions AudioStore { get; init; } = new() { MaxAge = TimeSpan.FromSeconds(1), MaxPackets = 128, MaxBytes = 1 << 16 };

    /// <summary>The round trip assumed where none has been measured. Default 100 ms.</summary>
    public TimeSpan AssumedRoundTrip { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A stream found by MID or RID may change its SSRC after this much silence. Default 1 s.</summary>
    public TimeSpan RelearnAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A simulcast layer that is silent this long gives way to another. Default 500 ms: the browser has switched it off.</summary>
    public TimeSpan LayerSilence { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// A layer that fits and is silent this long gives way to one that does not. Default 3 s: a small encoding's keyframe is half a second of its
    /// bits, which its encoder saves afterwards, and the larger one would cost what is not there and another keyframe to come back.
    /// </summary>
    public TimeSpan SmallerLayerSilence { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Only so many audio tracks are forwarded, the loudest. Default 0, all: what is not spoken costs little with DTX, and nobody is missed.</summary>
    public int LoudestAudio { get; init; }

    /// <summary>The least time an audio track stays among the loudest. Default 2 s, longer than the pause between two sentences.</summary>
    public TimeSpan LoudestAudioHold { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long less of a video must be watched before its sender is told. Default 2 s: an encoder that stops begins with a keyframe.</summary>
    public TimeSpan UnwatchedAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Packets resent to one consumer in 100 ms at most. Default 200, 20 Mbit/s: a burst is answered, a flood is not.</summary>
    public int MaxResendsPerWindow { get; init; } = 200;

    /// <summary>
    /// Packets a consumer may ask for in 100 ms; those beyond are not even looked for. Default 1000: a browser that lost all of a 10 Mbit/s
    /// video asks for a hundred.
    /// </summary>
    public int MaxNacksPerWindow { get; init; } = 1000;

    /// <summary>Producers of encrypted rooms whose frames are refused.</summary>
    public FrameCheckOptions FrameCheck { get; init; } = new();

    /// <summary>Repair packets to consumers that take them.</summary>
    public FecOptions Fec { get; init; } = new();

    /// <summary>Producers on one transport. Default 64.</summary>
    public int MaxProducersPerTransport { get; init; } = 64;

    /// <summary>Consumers on one transport. Default 1024.</summary>
    public int MaxConsumersPerTransport { get; init; } = 1024;

    /// <summary>Tracks on the way to another router of the room. Default 16,384: more than a room of any size has.</summary>
    public int MaxTracksPerRelay { get; init; } = 16_384;
}
