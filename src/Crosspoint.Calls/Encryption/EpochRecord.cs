namespace Crosspoint.Calls.Encryption;

/// <summary>What must outlive the process: the room's epoch, and enough of its group for the members to go on. No secret is in it.</summary>
public sealed record EpochRecord
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>Which group of the room.</summary>
    public required long Generation { get; init; }

    /// <summary>The room's epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>The group's MLS id.</summary>
    public required byte[] GroupId { get; init; }

    /// <summary>The group's own epoch.</summary>
    public ulong MlsEpoch { get; init; }

    /// <summary>The epoch's tag; it shows who has the epoch's secrets and reveals none of them.</summary>
    public byte[]? Tag { get; init; }

    /// <summary>By which one joins; null when there is no group, and then the epoch alone matters.</summary>
    public byte[]? GroupInfo { get; init; }

    /// <summary>Who has which leaf.</summary>
    public IReadOnlyList<MemberRecord> Members { get; init; } = [];

    /// <summary>The last commits.</summary>
    public IReadOnlyList<LoggedCommit> Log { get; init; } = [];
}

/// <summary>Who has a leaf.</summary>
public sealed record MemberRecord(string Device, int Leaf, byte[] Key, byte[] Identity);

/// <summary>A commit that made an epoch.</summary>
public sealed record LoggedCommit(long Epoch, ulong MlsEpoch, string Device, int Leaf, byte[] Commit, byte[] Tag, IReadOnlyList<LeafRecord> Removes, LeafRecord? Joined);

/// <summary>A device and its leaf.</summary>
public readonly record struct LeafRecord(string Device, int Leaf);
