using Crosspoint.Contracts.Rtp;
using Crosspoint.Rtc.Rtp.Payload;
using Crosspoint.Sim.Encode;
using Crosspoint.Sim.Server;

namespace Crosspoint.Sim.Publish;

/// <summary>Describes tracks as a browser does: the server's payload types and extension ids, RIDs for simulcast, SSRCs otherwise.</summary>
internal static class TrackParameters
{
    public static RtpParameters Video(EncoderShape shape, uint ssrc, string mid, Policy policy)
    {
        string name = "video/" + (shape.Codec == PayloadFormat.Av1 ? "AV1" : shape.Codec == PayloadFormat.Vp9 ? "VP9" : "VP8");
        RtpCapabilities all = policy.Reduce(SimServer.Capabilities);
        RtpCodecCapability media = all.Codecs.First(codec => string.Equals(codec.MimeType, name, StringComparison.OrdinalIgnoreCase));
        RtpCodecCapability rtx = all.Codecs.First(codec => codec.MimeType == "video/rtx" && codec.Parameters.GetInt32("apt") == media.PreferredPayloadType);
        string? mode = shape.IsSimulcast ? $"L1T{shape.TemporalLayers}" : shape.Layers.Count > 1 ? $"L{shape.Layers.Count}T{shape.TemporalLayers}{(shape.KeyFramesOnlyRefer ? "_KEY" : "")}" : null;
        IReadOnlyList<RtpEncodingParameters> encodings = shape.IsSimulcast
            ? [.. shape.Layers.Select((layer, i) => new RtpEncodingParameters { Rid = $"r{i}", ScalabilityMode = mode, MaxBitrate = layer.Max.BitsPerSecond, Active = true, ScaleResolutionDownBy = 1 << (shape.Layers.Count - 1 - i) })]
            : [new RtpEncodingParameters { Ssrc = ssrc, Rtx = new RtxStream { Ssrc = ssrc + 1 }, ScalabilityMode = mode, MaxBitrate = shape.Max.BitsPerSecond }];
        return new RtpParameters
        {
            Mid = mid,
            Codecs = [Codec(media), Codec(rtx)],
            HeaderExtensions = Extensions(all, MediaKind.Video, shape),
            Encodings = encodings,
            Rtcp = new RtcpParameters { Cname = "sim", ReducedSize = true },
        };
    }

    public static RtpParameters Audio(uint ssrc, string mid, Policy policy)
    {
        RtpCapabilities all = policy.Reduce(SimServer.Capabilities);
        return new RtpParameters
        {
            Mid = mid,
            Codecs = [Codec(all.Codecs.First(codec => codec.MimeType == "audio/opus"))],
            HeaderExtensions = Extensions(all, MediaKind.Audio, null),
            Encodings = [new RtpEncodingParameters { Ssrc = ssrc }],
            Rtcp = new RtcpParameters { Cname = "sim", ReducedSize = true },
        };
    }

    private static RtpCodecParameters Codec(RtpCodecCapability codec) => new()
    {
        MimeType = codec.MimeType,
        PayloadType = codec.PreferredPayloadType!.Value,
        ClockRate = codec.ClockRate,
        Channels = codec.Channels,
        Parameters = codec.Parameters,
        RtcpFeedback = codec.RtcpFeedback,
    };

    // Browsers send a dependency descriptor with AV1 only, unless told otherwise.
    private static IReadOnlyList<RtpHeaderExtensionParameters> Extensions(RtpCapabilities all, MediaKind kind, EncoderShape? shape) =>
        [.. all.HeaderExtensions
            .Where(extension => extension.Kind == kind)
            .Where(extension => shape is null || shape.Codec == PayloadFormat.Av1 || !extension.Uri.Contains("dependency-descriptor", StringComparison.Ordinal))
            .Select(extension => new RtpHeaderExtensionParameters { Uri = extension.Uri, Id = extension.PreferredId })];
}
