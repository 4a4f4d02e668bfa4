using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>The nested spelling of E2EE_CAPS.</summary>
public sealed record E2eeCapabilities
{
    /// <summary>Whether the client can encrypt at all.</summary>
    public required bool SupportsE2ee { get; init; }

    /// <summary>How.</summary>
    public E2eeMode? Mode { get; init; }

    /// <summary>From 1.</summary>
    [Range(1, 1000)]
    public int? ProtocolVersion { get; init; }

    /// <summary>Ciphers by name.</summary>
    [MaxLength(16)]
    public IReadOnlyList<string>? Ciphers { get; init; }

    /// <summary>Signature algorithms by name.</summary>
    [MaxLength(16)]
    public IReadOnlyList<string>? Signatures { get; init; }
}
