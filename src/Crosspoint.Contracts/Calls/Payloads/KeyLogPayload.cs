namespace Crosspoint.Contracts.Calls;

/// <summary>Answers E2EE_SYNC: the commits a device missed, oldest first; none when it missed none.</summary>
public sealed record KeyLogPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>Which MLS group of the room.</summary>
    public required long Generation { get; init; }

    /// <summary>The room's current epoch: the one after the last commit.</summary>
    public required long Epoch { get; init; }

    /// <summary>Whether senders have switched to it.</summary>
    public required bool Active { get; init; }

    /// <summary>The commits.</summary>
    public required IReadOnlyList<KeyLogItem> Items { get; init; }
}

/// <summary>A commit of the log.</summary>
public sealed record KeyLogItem
{
    /// <summary>The room's epoch it led to.</summary>
    public required long Epoch { get; init; }

    /// <summary>The commit, base64url.</summary>
    public required string Commit { get; init; }

    /// <summary>The tag of the epoch it led to, base64url.</summary>
    public required string Tag { get; init; }

    /// <summary>The group's own epoch after it.</summary>
    public required long MlsEpoch { get; init; }

    /// <summary>The committer's leaf.</summary>
    public required int Leaf { get; init; }

    /// <summary>Whom it removes.</summary>
    public required IReadOnlyList<MlsMember> Removes { get; init; }

    /// <summary>Who came in by it.</summary>
    public MlsMember? Joined { get; init; }

    /// <summary>Keeps key material out of logs.</summary>
    public override string ToString() => $"KeyLogItem {Epoch}";
}
