using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>Who a device is in the MLS tree.</summary>
public sealed record MlsDevice
{
    /// <summary>The device; must be the one bound at AUTH.</summary>
    [StringLength(128, MinimumLength = 1)]
    public required string Dev { get; init; }

    /// <summary>Its public signature key, base64url.</summary>
    [StringLength(512, MinimumLength = 22)]
    public required string Key { get; init; }

    /// <summary>The identity its leaf will carry, base64url.</summary>
    [StringLength(2048, MinimumLength = 2)]
    public required string Identity { get; init; }
}
