using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Rtp;

/// <summary>What an endpoint or the router can receive. An empty object means nothing at all.</summary>
public sealed record RtpCapabilities
{
    /// <summary>Codecs, RTX included.</summary>
    [MaxLength(64)]
    public IReadOnlyList<RtpCodecCapability> Codecs { get => field ?? []; init; } = [];

    /// <summary>Header extensions.</summary>
    [MaxLength(64)]
    public IReadOnlyList<RtpHeaderExtension> HeaderExtensions { get => field ?? []; init; } = [];
}
