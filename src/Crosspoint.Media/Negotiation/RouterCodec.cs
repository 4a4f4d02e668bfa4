using Crosspoint.Contracts.Rtp;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Negotiation;

/// <summary>One codec the router speaks, with the payload types it announces. Immutable.</summary>
/// <param name="Codec">Which.</param>
/// <param name="PayloadType">The router's payload type for media; 96 to 127, so that RTCP can share the port (RFC 5761 §4).</param>
/// <param name="RtxPayloadType">The router's payload type for retransmissions; null for none.</param>
/// <param name="Parameters">The format parameters announced.</param>
public sealed record RouterCodec(PayloadFormat Codec, byte PayloadType, byte? RtxPayloadType, ParameterBag Parameters)
{
    /// <summary>Audio or video.</summary>
    public MediaKind Kind => Codec == PayloadFormat.Opus ? MediaKind.Audio : MediaKind.Video;

    /// <summary>The media type.</summary>
    public string MimeType => Codec switch
    {
        PayloadFormat.Opus => "audio/opus",
        PayloadFormat.Vp8 => "video/VP8",
        PayloadFormat.Vp9 => "video/VP9",
        PayloadFormat.H264 => "video/H264",
        PayloadFormat.Av1 => "video/AV1",
        _ => throw new InvalidOperationException($"No media type for {Codec}."),
    };

    /// <summary>RTP clock rate in Hz.</summary>
    public int ClockRate => Codec == PayloadFormat.Opus ? 48_000 : 90_000;

    /// <summary>Channels; null for video.</summary>
    public int? Channels => Codec == PayloadFormat.Opus ? 2 : null;
}
