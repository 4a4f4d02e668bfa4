using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>A device and the leaf of the MLS tree it has.</summary>
public sealed record MlsMember
{
    /// <summary>The device.</summary>
    [StringLength(128, MinimumLength = 1)]
    public required string Dev { get; init; }

    /// <summary>Its leaf.</summary>
    [Range(0, MlsLimits.Devices - 1)]
    public required int Leaf { get; init; }
}
