using Crosspoint.Primitives;

namespace Crosspoint.Calls.Encryption;

/// <summary>The MLS group of a room and the room's epoch, which goes on from group to group.</summary>
/// <remarks>
/// The room's actor owns it. epoch = base + MLS epoch; a new group's base is the last epoch plus one, so the room's epoch only grows.
/// </remarks>
internal sealed class KeyGroup
{
    /// <summary>Which group of the room.</summary>
    internal long Generation { get; private set; }

    /// <summary>Its MLS id.</summary>
    internal byte[] Id { get; private set; } = [];

    /// <summary>Whether it was made; before that only its id is known.</summary>
    internal bool Exists { get; private set; }

    /// <summary>The room's epoch, or the last one while there is no group.</summary>
    internal long Epoch { get; private set; }

    internal ulong MlsEpoch { get; private set; }

    internal byte[] Tag { get; private set; } = [];

    internal byte[] GroupInfo { get; private set; } = [];

    internal KeyMember? Committer { get; private set; }

    internal Instant CommittedAt { get; private set; }

    /// <summary>The group is given up; another is to be made.</summary>
    internal void Renew(long generation, byte[] id)
    {
        (Generation, Id, Exists, MlsEpoch, Tag, GroupInfo, Committer) = (generation, id, false, 0, [], [], null);
    }

    /// <summary>An epoch begins.</summary>
    internal void Begin(Instant now, ulong mlsEpoch, byte[] tag, byte[] groupInfo, KeyMember committer)
    {
        Epoch++;
        (Exists, MlsEpoch, Tag, GroupInfo, Committer, CommittedAt) = (true, mlsEpoch, tag, groupInfo, committer, now);
    }

    /// <summary>What an earlier process of this node left behind.</summary>
    internal void Restore(Instant now, EpochRecord record)
    {
        (Generation, Id, Epoch, CommittedAt) = (record.Generation, record.GroupId, record.Epoch, now);
        (Exists, MlsEpoch, Tag, GroupInfo) = (record.GroupInfo is not null, record.MlsEpoch, record.Tag ?? [], record.GroupInfo ?? []);
    }
}
