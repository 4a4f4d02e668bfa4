using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Rtp;

/// <summary>A header extension in use (RFC 8285).</summary>
public sealed record RtpHeaderExtensionParameters
{
    /// <summary>The extension's URI.</summary>
    [StringLength(256, MinimumLength = 1)]
    public required string Uri { get; init; }

    /// <summary>The local identifier on the wire; above 14 it needs the two-byte form.</summary>
    [Range(1, 255)]
    public required int Id { get; init; }

    /// <summary>Whether it is encrypted (RFC 6904); not supported, false when absent.</summary>
    public bool? Encrypt { get; init; }

    /// <summary>Parameters of the extension.</summary>
    [MaxLength(16)]
    public ParameterBag? Parameters { get; init; }
}
