using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Rtp;

/// <summary>A header extension an endpoint can use (RFC 8285).</summary>
public sealed record RtpHeaderExtension
{
    /// <summary>Audio or video; absent means both.</summary>
    [AlwaysWritten]
    public MediaKind? Kind { get; init; }

    /// <summary>The extension's URI.</summary>
    [StringLength(256, MinimumLength = 1)]
    [KnownWords(
        "urn:ietf:params:rtp-hdrext:sdes:mid",
        "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
        "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
        "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
        "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension",
        "urn:3gpp:video-orientation",
        "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time",
        "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
        "urn:mediasoup:params:rtp-hdrext:packet-id")]
    public required string Uri { get; init; }

    /// <summary>The local identifier the endpoint prefers.</summary>
    [Range(1, 255)]
    public required int PreferredId { get; init; }

    /// <summary>Whether the endpoint prefers it encrypted (RFC 6904); not supported, false when absent.</summary>
    public bool? PreferredEncrypt { get; init; }

    /// <summary>In which direction it is supported; <c>sendrecv</c> when absent.</summary>
    public RtpHeaderExtensionDirection? Direction { get; init; }
}
