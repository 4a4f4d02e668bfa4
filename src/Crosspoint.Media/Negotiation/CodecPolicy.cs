using Crosspoint.Contracts.Rtp;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Negotiation;

/// <summary>
/// Which codecs a router speaks, in order of preference (a browser takes the first it shares), and under which payload types.
/// The payload types are fixed so that they mean the same in every room, capture and log:
/// <code>
/// 100 opus           103/104 VP9 profile 0     107/108 H264 42e01f     111/112 AV1
/// 101/102 VP8        105/106 VP9 profile 2     109/110 H264 4d0032     (media/rtx)
///  98 red            99 flexfec-03
/// </code>
/// </summary>
public sealed record CodecPolicy
{
    /// <summary>Where video senders start, in kbit/s; read by Chromium from <c>x-google-start-bitrate</c>.</summary>
    public const int StartBitrateKilobits = 1000;

    /// <summary>The payload type of Opus.</summary>
    public const byte OpusPayloadType = 100;

    /// <summary>The payload type of redundant audio.</summary>
    public const byte RedPayloadType = 98;

    /// <summary>The payload type of repair packets.</summary>
    public const byte FlexFecPayloadType = 99;

    /// <summary>All codecs, VP8 first.</summary>
    public static readonly CodecPolicy Default = new() { Codecs = [Opus(), Vp8(), Vp9(0), H264("42e01f", 107), H264("4d0032", 109), Av1(), Vp9(2)] };

    /// <summary>The codecs.</summary>
    public required IReadOnlyList<RouterCodec> Codecs { get; init; }

    /// <summary>
    /// Whether senders may send Opus with redundancy (<c>audio/red</c>, RFC 2198). It is passed on to receivers that take it and
    /// taken apart for the others; nobody sends it unasked, so it is on by default.
    /// </summary>
    public bool Red { get; init; } = true;

    /// <summary>
    /// Whether receivers may be sent repair packets for video (<c>video/flexfec-03</c>). Off by default: see <c>RouterOptions.Fec</c>,
    /// which says when such packets are sent at all.
    /// </summary>
    public bool FlexFec { get; init; }

    /// <summary>The names that <see cref="TryParse"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["opus", "red", "vp8", "vp9", "h264", "av1", "flexfec-03"];

    /// <summary>
    /// A policy from the names of what is allowed, in order of preference; what is not named is not offered. <c>vp9</c> and <c>h264</c>
    /// stand for both of their profiles, <c>red</c> needs <c>opus</c>.
    /// </summary>
    /// <param name="names">Any of <see cref="Names"/>, without regard to case, each once.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="refused">Otherwise the first name that is unknown, repeated or alone; empty when there is no media codec at all.</param>
    public static bool TryParse(IReadOnlyList<string> names, out CodecPolicy policy, out string refused)
    {
        ArgumentNullException.ThrowIfNull(names);
        policy = Default;
        List<RouterCodec> codecs = [];
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (string name in names)
        {
            refused = name;
            if (!Names.Contains(name, StringComparer.OrdinalIgnoreCase) || !seen.Add(name))
            {
                return false;
            }

            codecs.AddRange(Named(name));
        }

        refused = seen.Contains("red") && !seen.Contains("opus") ? "red" : "";
        if (refused.Length > 0 || codecs.Count == 0)
        {
            return false;
        }

        policy = new CodecPolicy { Codecs = codecs, Red = seen.Contains("red"), FlexFec = seen.Contains("flexfec-03") };
        return true;
    }

    /// <summary>The same for rooms whose frames are encrypted: only codecs whose packets can be told apart then, and no redundancy around the frames of audio.</summary>
    public CodecPolicy ForEncryptedFrames() => this with
    {
        Codecs = [.. Codecs.Where(codec => codec.Codec is PayloadFormat.Opus or PayloadFormat.Vp8 or PayloadFormat.Vp9)],
        Red = false,
    };

    /// <summary>Opus with in-band FEC, RFC 7587 §6.1.</summary>
    public static RouterCodec Opus() => new(PayloadFormat.Opus, OpusPayloadType, null, new ParameterBag { ["useinbandfec"] = 1, ["minptime"] = 10 });

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

    private static RouterCodec[] Named(string name) => name.ToUpperInvariant() switch
    {
        "OPUS" => [Opus()],
        "VP8" => [Vp8()],
        "VP9" => [Vp9(0), Vp9(2)],
        "H264" => [H264("42e01f", 107), H264("4d0032", 109)],
        "AV1" => [Av1()],
        _ => [], // It goes with others.
    };

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
