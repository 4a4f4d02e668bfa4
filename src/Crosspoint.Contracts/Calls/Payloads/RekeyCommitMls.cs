using System.ComponentModel.DataAnnotations;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>The MLS side of a commit. A client sends the first three; the server tells everyone the others.</summary>
public sealed record RekeyCommitMls
{
    /// <summary>The commit, an MLSMessage with a PublicMessage in it, base64url; absent for a group's first epoch, which has none.</summary>
    [StringLength(MlsLimits.CommitCharacters)]
    public string? Commit { get; init; }

    /// <summary>The GroupInfo after it, an MLSMessage with external_pub and ratchet_tree, base64url. The server keeps it for those who join.</summary>
    [StringLength(MlsLimits.GroupInfoCharacters)]
    public string? GroupInfo { get; init; }

    /// <summary>The tag of the new epoch, 16 bytes, base64url.</summary>
    [StringLength(MlsLimits.TagCharacters, MinimumLength = MlsLimits.TagCharacters)]
    public required string Tag { get; init; }

    /// <summary>Which MLS group of the room.</summary>
    [Range(0L, WholeNumberConverter.MaxSafeInteger)]
    public long? Generation { get; init; }

    /// <summary>The group's own epoch after the commit.</summary>
    [Range(0L, WholeNumberConverter.MaxSafeInteger)]
    public long? MlsEpoch { get; init; }

    /// <summary>The committer's leaf.</summary>
    [Range(0, MlsLimits.Devices - 1)]
    public int? Leaf { get; init; }

    /// <summary>Whom it removes; empty when nobody.</summary>
    [MaxLength(MlsLimits.Devices)]
    public IReadOnlyList<MlsMember>? Removes { get; init; }

    /// <summary>Who came in by it.</summary>
    public MlsMember? Joined { get; init; }

    /// <summary>Keeps key material out of logs.</summary>
    public override string ToString() => $"RekeyCommitMls generation {Generation} epoch {MlsEpoch}";
}
