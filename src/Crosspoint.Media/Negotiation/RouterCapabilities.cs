using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Media.Negotiation;

/// <summary>Spells a codec policy out as the capabilities a client loads.</summary>
internal static class RouterCapabilities
{
    // Only what the router acts on: congestion control feedback is not offered until there is a controller behind it.
    private static readonly RtcpFeedback[] AudioFeedback = [new() { Type = "nack", Parameter = "" }];

    private static readonly RtcpFeedback[] VideoFeedback =
    [
        new() { Type = "nack", Parameter = "" },
        new() { Type = "nack", Parameter = "pli" },
        new() { Type = "ccm", Parameter = "fir" },
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

    private static RtpCodecCapability Rtx(RouterCodec codec, byte payloadType) => new()
    {
        Kind = codec.Kind,
        MimeType = codec.Kind == MediaKind.Audio ? "audio/rtx" : "video/rtx",
        PreferredPayloadType = payloadType,
        ClockRate = codec.ClockRate,
        Parameters = new ParameterBag { ["apt"] = (int)codec.PayloadType },
    };
}
