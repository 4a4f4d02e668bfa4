using Crosspoint.Contracts.Rtp;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Negotiation;

/// <summary>Spells a codec policy out as the capabilities a client loads.</summary>
internal static class RouterCapabilities
{
    // Only what the router acts on.
    private static readonly RtcpFeedback[] AudioFeedback =
    [
        new() { Type = "nack", Parameter = "" },
        new() { Type = "transport-cc", Parameter = "" },
    ];

    private static readonly RtcpFeedback[] VideoFeedback =
    [
        new() { Type = "nack", Parameter = "" },
        new() { Type = "nack", Parameter = "pli" },
        new() { Type = "ccm", Parameter = "fir" },
        new() { Type = "transport-cc", Parameter = "" },
        new() { Type = "goog-remb", Parameter = "" },
    ];

    public static RtpCapabilities Of(CodecPolicy policy)
    {
        List<RtpCodecCapability> codecs = [];
        foreach (RouterCodec codec in policy.Codecs)
        {
            codecs.Add(Media(codec));
            if (codec.RtxPayloadType is { } rtx)
            {
                codecs.Add(Rtx(codec, rtx));
            }

            if (codec.Codec == PayloadFormat.Opus && policy.Red)
            {
                codecs.Add(Red(codec));
            }
        }

        if (policy.FlexFec)
        {
            codecs.Add(FlexFec);
        }

        return new RtpCapabilities { Codecs = codecs, HeaderExtensions = RouterHeaderExtensions.Capabilities() };
    }

    private static RtpCodecCapability Media(RouterCodec codec) => new()
    {
        Kind = codec.Kind,
        MimeType = codec.MimeType,
        PreferredPayloadType = codec.PayloadType,
        ClockRate = codec.ClockRate,
        Channels = codec.Channels,
        Parameters = codec.Parameters,
        RtcpFeedback = codec.Kind == MediaKind.Audio ? AudioFeedback : VideoFeedback,
    };

    // RFC 2198 §5: what the blocks may be. In SDP these parameters have no name.
    private static RtpCodecCapability Red(RouterCodec codec) => new()
    {
        Kind = MediaKind.Audio,
        MimeType = "audio/red",
        PreferredPayloadType = CodecPolicy.RedPayloadType,
        ClockRate = codec.ClockRate,
        Channels = codec.Channels,
        Parameters = RedBlocks.Parameters(codec.PayloadType),
    };

    private static RtpCodecCapability FlexFec { get; } = new()
    {
        Kind = MediaKind.Video,
        MimeType = "video/flexfec-03",
        PreferredPayloadType = CodecPolicy.FlexFecPayloadType,
        ClockRate = 90_000,
        Parameters = FlexFecParameters,
    };

    /// <summary>What Chromium says: a receiver waits up to 10 s, in microseconds.</summary>
    public static ParameterBag FlexFecParameters => new() { ["repair-window"] = 10_000_000 };

    private static RtpCodecCapability Rtx(RouterCodec codec, byte payloadType) => new()
    {
        Kind = codec.Kind,
        MimeType = codec.Kind == MediaKind.Audio ? "audio/rtx" : "video/rtx",
        PreferredPayloadType = payloadType,
        ClockRate = codec.ClockRate,
        Parameters = new ParameterBag { ["apt"] = (int)codec.PayloadType },
    };
}
