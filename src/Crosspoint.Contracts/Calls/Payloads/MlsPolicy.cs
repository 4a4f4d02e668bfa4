namespace Crosspoint.Contracts.Calls;

/// <summary>What a room of profile <c>mls-sframe-v1</c> demands, and what this device is to do first.</summary>
public sealed record MlsPolicy
{
    /// <summary>The MLS group, base64url.</summary>
    public required string GroupId { get; init; }

    /// <summary>Which MLS group of the room; grows when one had to be given up.</summary>
    public required long Generation { get; init; }

    /// <summary>The group's own epoch; absent before there is a group.</summary>
    public long? MlsEpoch { get; init; }

    /// <summary>The MLS cipher suite.</summary>
    public required int Suite { get; init; }

    /// <summary>The dialect of MLS on the wire; those of different numbers cannot meet in a room.</summary>
    public required int Wire { get; init; }

    /// <summary>The SFrame cipher suite.</summary>
    public required int SframeSuite { get; init; }

    /// <summary>How key ids are put together.</summary>
    public required MlsKidShape Kid { get; init; }

    /// <summary>The least level of identity: 0 asserted by the server, 1 attested by the application's identity provider, 2 verified by a person.</summary>
    public required int MinIdentity { get; init; }

    /// <summary>What this device is to do: <c>create</c> the group or <c>join</c> it when the lease comes; <c>resume</c>: say E2EE_SYNC; <c>resync</c>: wait for the lease, the keys it has are of no use.</summary>
    [KnownWords("create", "join", "resume", "resync")]
    public required string Role { get; init; }

    /// <summary>Between two rekeys without another cause.</summary>
    public required int RekeyIntervalMs { get; init; }

    /// <summary>After a commit, when senders switch although not everybody is ready.</summary>
    public required int ActivateMs { get; init; }

    /// <summary>How long frames of the previous epoch are still taken.</summary>
    public required int OverlapMs { get; init; }

    /// <summary>The same after a removal.</summary>
    public required int RemoveOverlapMs { get; init; }

    /// <summary>How long the leaf of a device whose socket is gone is kept.</summary>
    public required int GraceMs { get; init; }

    /// <summary>Whether the room's link carries a secret of its own: <c>none</c> or <c>required</c>.</summary>
    [KnownWords("none", "required")]
    public required string RoomSecret { get; init; }
}
