using Crosspoint.Contracts.Rtp;
using Crosspoint.Rtc.Rtp.Extensions;

namespace Crosspoint.Load.Media;

/// <summary>How one track of a publisher is sent: what signalling must tell the server.</summary>
/// <param name="Kind">Audio is Opus, video is VP8.</param>
/// <param name="Ssrc">The stream.</param>
/// <param name="Mid">Its media identification, also sent in the header extension.</param>
internal sealed record TrackDescription(MediaKind Kind, uint Ssrc, string Mid)
{
    /// <summary>Local identifiers of the header extensions, as Chrome numbers them.</summary>
    public const int AudioLevelId = 1;

    /// <summary>abs-send-time.</summary>
    public const int AbsoluteSendTimeId = 2;

    /// <summary>MID.</summary>
    public const int MidId = 4;

    /// <summary>111 for Opus and 96 for VP8, as Chrome numbers them.</summary>
    public byte PayloadType => Kind == MediaKind.Audio ? (byte)111 : (byte)96;

    /// <summary>In Hz.</summary>
    public int ClockRate => Kind == MediaKind.Audio ? 48_000 : 90_000;

    /// <summary>audio/opus or video/VP8.</summary>
    public string MimeType => Kind == MediaKind.Audio ? "audio/opus" : "video/VP8";

    /// <summary>The header extensions its packets carry.</summary>
    public IReadOnlyList<(string Uri, int Id)> HeaderExtensions => Kind == MediaKind.Audio
        ? [(RtpExtensionUris.AudioLevel, AudioLevelId), (RtpExtensionUris.AbsoluteSendTime, AbsoluteSendTimeId), (RtpExtensionUris.Mid, MidId)]
        : [(RtpExtensionUris.AbsoluteSendTime, AbsoluteSendTimeId), (RtpExtensionUris.Mid, MidId)];
}
