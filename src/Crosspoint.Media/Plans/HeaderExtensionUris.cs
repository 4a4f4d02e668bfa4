namespace Crosspoint.Media.Plans;

/// <summary>The URI of every <see cref="HeaderExtensionKind"/>.</summary>
public static class HeaderExtensionUris
{
    /// <summary>How many kinds there are.</summary>
    public const int Count = 9;

    private static readonly string[] Uris =
    [
        "urn:ietf:params:rtp-hdrext:sdes:mid",
        "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
        "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
        "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        "urn:3gpp:video-orientation",
        "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension",
        "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time",
        "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    ];

    /// <summary>The URI of a kind.</summary>
    public static string Of(HeaderExtensionKind kind) => Uris[(int)kind];

    /// <summary>The kind of a URI; false for one we do not know.</summary>
    public static bool TryParse(string uri, out HeaderExtensionKind kind)
    {
        int index = Array.IndexOf(Uris, uri);
        kind = index < 0 ? default : (HeaderExtensionKind)index;
        return index >= 0;
    }
}
