using Crosspoint.Contracts.Rtp;
using Crosspoint.Load.Engine;
using Crosspoint.Load.Janus.Sdp;
using Crosspoint.Load.Media;

namespace Crosspoint.Load.Janus;

/// <summary>What a publisher's leg offers to Janus: one section for each track, sent only.</summary>
internal static class JanusOffer
{
    private static readonly string[] VideoFeedback = ["nack", "nack pli", "ccm fir"];

    /// <summary>The offer. Janus answers actpass with active, and so is the DTLS client.</summary>
    public static SdpDescription Of(Leg leg, IReadOnlyList<TrackDescription> tracks) => new()
    {
        Transport = LegTransport.Of(leg, SdpSetup.ActPass),
        Media = [.. tracks.Select(Section)],
    };

    /// <summary>A track as Chrome would describe it.</summary>
    public static SdpMedia Section(TrackDescription track) => new()
    {
        Kind = track.Kind == MediaKind.Audio ? "audio" : "video",
        Mid = track.Mid,
        Direction = SdpDirection.SendOnly,
        Codecs = [Codec(track)],
        Extensions = [.. track.HeaderExtensions.Select(extension => new SdpExtension((byte)extension.Id, extension.Uri))],
        Ssrcs = [track.Ssrc],
        Cname = "crosspoint-load",
    };

    private static SdpCodec Codec(TrackDescription track) => track.Kind == MediaKind.Audio
        ? new SdpCodec { PayloadType = track.PayloadType, Name = "opus", ClockRate = track.ClockRate, Channels = 2, Format = "minptime=10;useinbandfec=1" }
        : new SdpCodec { PayloadType = track.PayloadType, Name = "VP8", ClockRate = track.ClockRate, Feedback = VideoFeedback };
}
