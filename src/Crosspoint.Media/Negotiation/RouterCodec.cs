using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Plans;

namespace Crosspoint.Media.Negotiation;

/// <summary>One codec the router speaks, with the payload types it announces. Immutable.</summary>
/// <param name="Codec">Which.</param>
/// <param name="PayloadType">The router's payload type for media; 96 to 127, so that RTCP can share the port (RFC 5761 §4).</param>
/// <param name="RtxPayloadType">The router's payload type for retransmissions; null for none.</param>
/// <param name="Parameters">The format parameters announced.</param>
public sealed record RouterCodec(MediaCodec Codec, byte PayloadType, byte? RtxPayloadType, ParameterBag Parameters)
{
    /// <summary>Audio or video.</summary>
    public MediaKind Kind => Codec == MediaCodec.Opus ? MediaKind.Audio : MediaKind.Video;

    /// <summary>The media type.</summary>
    public string MimeType => Codec switch
    {
        MediaCodec.Opus => "audio/opus",
        MediaCodec.Vp8 => "video/VP8",
        MediaCodec.Vp9 => "video/VP9",
        MediaCodec.H264 => "video/H264",
        MediaCodec.Av1 => "video/AV1",
        _ => throw new InvalidOperationException($"No media type for {Codec}."),
    };

    /// <summary>RTP clock rate in Hz.</summary>
    public int ClockRate => Codec == MediaCodec.Opus ? 48_000 : 90_000;

    /// <summary>Channels; null for video.</summary>
    public int? Channels => Codec == MediaCodec.Opus ? 2 : null;
}
