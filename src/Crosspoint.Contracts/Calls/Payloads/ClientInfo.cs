using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>What a client says of itself.</summary>
public sealed record ClientInfo
{
    /// <summary><c>web</c>, <c>android</c>, <c>ios</c>; other words are accepted.</summary>
    [StringLength(32)]
    public string? Platform { get; init; }

    /// <summary>The version of the application.</summary>
    [StringLength(64)]
    public string? AppVersion { get; init; }

    /// <summary>The device; the server makes up one (<c>dev_…</c>) when absent. It is bound to the user at AUTH.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? DeviceId { get; init; }

    /// <summary>The build of the application.</summary>
    [StringLength(64)]
    public string? Build { get; init; }

    /// <summary>A BCP 47 language tag.</summary>
    [StringLength(35)]
    public string? Locale { get; init; }
}
