using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>Shows that a device has an epoch's secrets, in profile <c>mls-sframe-v1</c>.</summary>
public sealed record E2eeReadyMls
{
    /// <summary>The epoch's tag, base64url; must be the committer's.</summary>
    [StringLength(MlsLimits.TagCharacters, MinimumLength = MlsLimits.TagCharacters)]
    public required string Tag { get; init; }

    /// <summary>Keeps tags out of logs.</summary>
    public override string ToString() => nameof(E2eeReadyMls);
}
