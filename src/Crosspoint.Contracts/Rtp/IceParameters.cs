using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Rtp;

/// <summary>The ICE credentials of one end of a transport (RFC 8839 §5.4).</summary>
public sealed record IceParameters
{
    /// <summary>The ufrag.</summary>
    [StringLength(256, MinimumLength = 4)]
    public required string UsernameFragment { get; init; }

    /// <summary>The password. Never logged.</summary>
    [StringLength(256, MinimumLength = 22)]
    public required string Password { get; init; }

    /// <summary>Whether this end is a lite agent.</summary>
    public bool? IceLite { get; init; }

    /// <summary>Names the ufrag only.</summary>
    public override string ToString() => $"IceParameters {UsernameFragment}";
}
