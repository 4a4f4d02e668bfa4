using Crosspoint.Contracts.Rtp;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Negotiation;

/// <summary>
/// Which codecs a router speaks, in order of preference (a browser takes the first it shares), and under which payload types.
/// The payload types are fixed so that they mean the same in every room, capture and log:
/// <code>
/// 100 opus           103/104 VP9 profile 0     107/108 H264 42e01f     111/112 AV1
/// 101/102 VP8        105/106 VP9 profile 2     109/110 H264 4d0032     (media/rtx)
/// </code>
/// </summary>
public sealed record CodecPolicy
{
    /// <summary>Where video senders start, in kbit/s; read by Chromium from <c>x-google-start-bitrate</c>.</summary>
    public const int StartBitrateKilobits = 1000;

    /// <summary>All codecs, VP8 first.</summary>
    public static readonly CodecPolicy Default = new() { Codecs = [Opus(), Vp8(), Vp9(0), H264("42e01f", 107), H264("4d0032", 109), Av1(), Vp9(2)] };

    /// <summary>The codecs.</summary>
    public required IReadOnlyList<RouterCodec> Codecs { get; init; }

    /// <summary>Opus with in-band FEC, RFC 7587 §6.1.</summary>
    public static RouterCodec Opus() => new(PayloadFormat.Opus, 100, null, new ParameterBag { ["useinbandfec"] = 1, ["minptime"] = 10 });

    /// <summary>VP8.</summary>
    public static RouterCodec Vp8() => new(PayloadFormat.Vp8, 101, 102, Video());

    /// <summary>VP9, profile 0 (8 bit 4:2:0) or 2 (10 bit).</summary>
    public static RouterCodec Vp9(int profile) => profile switch
    {
        0 => new(PayloadFormat.Vp9, 103, 104, Video(("profile-id", 0))),
        2 => new(PayloadFormat.Vp9, 105, 106, Video(("profile-id", 2))),
        _ => throw new ArgumentOutOfRangeException(nameof(profile), "VP9 profile 0 or 2."),
    };

    /// <summary>H.264 in non-interleaved mode.</summary>
    /// <param name="profileLevelId">RFC 6184 §8.1.</param>
    /// <param name="payloadType">The media payload type; RTX takes the next.</param>
    public static RouterCodec H264(string profileLevelId, byte payloadType) => new(
        PayloadFormat.H264,
        payloadType,
        (byte)(payloadType + 1),
        Video(("packetization-mode", 1), ("profile-level-id", profileLevelId), ("level-asymmetry-allowed", 1)));

    /// <summary>AV1, main profile.</summary>
    public static RouterCodec Av1() => new(PayloadFormat.Av1, 111, 112, Video(("profile", 0)));

    private static ParameterBag Video(params (string Name, ParameterValue Value)[] parameters)
    {
        ParameterBag bag = [];
        foreach ((string name, ParameterValue value) in parameters)
        {
            bag[name] = value;
        }

        bag["x-google-start-bitrate"] = StartBitrateKilobits;
        return bag;
    }
}
