using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Rtp;

/// <summary>Who one end of a DTLS association is.</summary>
public sealed record DtlsParameters
{
    /// <summary>The role of the end that sends these parameters; <c>auto</c> when absent.</summary>
    public DtlsRole? Role { get; init; }

    /// <summary>Certificate fingerprints; at least one, except towards a control-plane-only server.</summary>
    [MaxLength(8)]
    [AlwaysWritten]
    public IReadOnlyList<DtlsFingerprint> Fingerprints { get => field ?? []; init; } = [];
}

/// <summary>A certificate fingerprint (RFC 8122 §5).</summary>
public sealed record DtlsFingerprint
{
    /// <summary><c>sha-256</c>, <c>sha-384</c>, <c>sha-512</c> …</summary>
    [StringLength(16, MinimumLength = 1)]
    [KnownWords("sha-1", "sha-224", "sha-256", "sha-384", "sha-512")]
    public required string Algorithm { get; init; }

    /// <summary>Upper-case hex pairs joined with colons.</summary>
    [StringLength(256, MinimumLength = 2)]
    public required string Value { get; init; }
}

/// <summary>The DTLS role of an end (RFC 8842).</summary>
[JsonConverter(typeof(LowerCamelEnumConverter<DtlsRole>))]
public enum DtlsRole
{
    /// <summary><c>"auto"</c>: whatever the other end is not; the server then waits for the ClientHello.</summary>
    Auto,

    /// <summary><c>"client"</c>: sends the ClientHello.</summary>
    Client,

    /// <summary><c>"server"</c>: waits for it.</summary>
    Server,
}
