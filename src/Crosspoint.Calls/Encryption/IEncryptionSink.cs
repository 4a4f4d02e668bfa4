namespace Crosspoint.Calls.Encryption;

/// <summary>What a room's actor makes happen: messages to devices, orders to the media engine, figures. It is called while an input is handled and must not call back.</summary>
public interface IEncryptionSink
{
    // --- messages ---

    /// <summary>E2EE_POLICY, unasked: what a device is to do has changed.</summary>
    void TellRole(KeyMember member, KeyRole role);

    /// <summary>REKEY_BEGIN: to the holder with the lease, to the group's other members without.</summary>
    void TellLease(Lease lease);

    /// <summary>REKEY_COMMIT to the group's members.</summary>
    void TellCommit(CommitNotice commit);

    /// <summary>REKEY_ACTIVE to the group's members.</summary>
    void TellActive(long epoch, int ready, int total, bool forced);

    /// <summary>KEY_LOG to one.</summary>
    void TellLog(KeyMember member, IReadOnlyList<LoggedCommit> commits, bool isActive);

    /// <summary>E2EE_EVICTED to one.</summary>
    void TellEvicted(KeyMember member, EvictionReason reason, TimeSpan? retryAfter);

    // --- orders to the media engine ---

    /// <summary>Media to and from a device flows, or does not.</summary>
    void SetForwarding(KeyMember member, bool isForwarded);

    /// <summary>Whose leaf a device's frames must name.</summary>
    void SetFrameLeaf(KeyMember member, int leaf);

    /// <summary>The epochs of the group whose frames are taken.</summary>
    void SetFrameEpochs(ulong current, ulong oldest);

    /// <summary>Somebody can decrypt from now on: every video needs a keyframe.</summary>
    void RequestKeyframes();

    // --- figures ---

    /// <summary>Something happened that is counted.</summary>
    void Count(KeyEvent what);
}

/// <summary>An epoch began.</summary>
/// <param name="Commit">As it is kept in the log; its bytes are empty for a group's first epoch.</param>
/// <param name="Committer">Who made it.</param>
/// <param name="Cause">Why.</param>
/// <param name="ActivateIn">When senders switch at the latest.</param>
/// <param name="Took">From the lease to now.</param>
public sealed record CommitNotice(LoggedCommit Commit, KeyMember Committer, RekeyCause Cause, TimeSpan ActivateIn, TimeSpan Took);

/// <summary>Why a device was put out.</summary>
public enum EvictionReason
{
    /// <summary>It did not become ready.</summary>
    Lagging,

    /// <summary>Most could not process its commit.</summary>
    Fault,
}

/// <summary>What is counted.</summary>
public enum KeyEvent
{
    /// <summary>A lease ran out.</summary>
    LeaseExpired,

    /// <summary>A commit came too late.</summary>
    StaleCommit,

    /// <summary>Senders switched although somebody was not ready.</summary>
    ForcedActive,

    /// <summary>A group was given up, or the first one began.</summary>
    Generation,

    /// <summary>A member has to come in anew.</summary>
    Resync,

    /// <summary>A device was put out.</summary>
    Evicted,
}
