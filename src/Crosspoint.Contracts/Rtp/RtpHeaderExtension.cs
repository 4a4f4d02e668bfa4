using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Rtp;

/// <summary>A header extension an endpoint can use (RFC 8285).</summary>
public sealed record RtpHeaderExtension
{
    /// <summary>Audio or video; absent means both.</summary>
    public MediaKind? Kind { get; init; }

    /// <summary>The extension's URI.</summary>
    [StringLength(256, MinimumLength = 1)]
    public required string Uri { get; init; }

    /// <summary>The local identifier the endpoint prefers.</summary>
    [Range(1, 255)]
    public required int PreferredId { get; init; }

    /// <summary>Whether the endpoint prefers it encrypted (RFC 6904); not supported, false when absent.</summary>
    public bool? PreferredEncrypt { get; init; }

    /// <summary>In which direction it is supported; <c>sendrecv</c> when absent.</summary>
    public RtpHeaderExtensionDirection? Direction { get; init; }
}
