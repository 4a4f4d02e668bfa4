using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>What a commit under this lease is to do.</summary>
public sealed record RekeyBeginMls
{
    /// <summary>Which MLS group of the room.</summary>
    public long? Generation { get; init; }

    /// <summary>The members the commit must remove, no more and no fewer.</summary>
    [MaxLength(MlsLimits.Devices)]
    public required IReadOnlyList<MlsMember> Removes { get; init; }

    /// <summary>The group to join by an external commit, base64url; for the holder of a lease to join or resync only.</summary>
    [StringLength(MlsLimits.GroupInfoCharacters)]
    public string? GroupInfo { get; init; }

    /// <summary>Who has which leaf now, those to be removed included.</summary>
    [MaxLength(MlsLimits.Devices)]
    public required IReadOnlyList<MlsMember> Members { get; init; }
}
