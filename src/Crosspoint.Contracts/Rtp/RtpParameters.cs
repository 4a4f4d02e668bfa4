using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Rtp;

/// <summary>How one track is sent. An empty object is what the first clients send to a control-plane-only server.</summary>
public sealed record RtpParameters
{
    /// <summary>The media identification tag (RFC 9143) the sender puts into the MID header extension.</summary>
    [StringLength(32)]
    public string? Mid { get; init; }

    /// <summary>Codecs in use; the first one is the media codec, RTX may follow.</summary>
    [MaxLength(32)]
    [AlwaysWritten]
    public IReadOnlyList<RtpCodecParameters> Codecs { get => field ?? []; init; } = [];

    /// <summary>Header extensions in use.</summary>
    [MaxLength(32)]
    public IReadOnlyList<RtpHeaderExtensionParameters> HeaderExtensions { get => field ?? []; init; } = [];

    /// <summary>RTP streams: one, or one per simulcast layer.</summary>
    [MaxLength(16)]
    public IReadOnlyList<RtpEncodingParameters> Encodings { get => field ?? []; init; } = [];

    /// <summary>RTCP settings.</summary>
    public RtcpParameters? Rtcp { get; init; }

    /// <summary>MediaStream and track identification (<c>a=msid</c>, RFC 8830).</summary>
    [StringLength(512)]
    public string? Msid { get; init; }
}
