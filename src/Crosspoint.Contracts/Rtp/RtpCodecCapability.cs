using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Rtp;

/// <summary>A codec an endpoint can use.</summary>
public sealed record RtpCodecCapability
{
    /// <summary>Audio or video.</summary>
    public required MediaKind Kind { get; init; }

    /// <summary><c>audio/opus</c>, <c>video/VP8</c>, <c>video/rtx</c> …; compared without case.</summary>
    [StringLength(64, MinimumLength = 7)]
    public required string MimeType { get; init; }

    /// <summary>The payload type the endpoint prefers; the router always gives one.</summary>
    [Range(0, 127)]
    [AlwaysWritten]
    public int? PreferredPayloadType { get; init; }

    /// <summary>RTP clock rate in Hz.</summary>
    [Range(1, 1_000_000)]
    public required int ClockRate { get; init; }

    /// <summary>Channels; audio only, 1 when absent.</summary>
    [Range(1, 255)]
    public int? Channels { get; init; }

    /// <summary>Codec parameters (fmtp).</summary>
    [MaxLength(32)]
    public ParameterBag Parameters { get => field ?? []; init; } = [];

    /// <summary>RTCP feedback the codec may use.</summary>
    [MaxLength(32)]
    public IReadOnlyList<RtcpFeedback> RtcpFeedback { get => field ?? []; init; } = [];
}
