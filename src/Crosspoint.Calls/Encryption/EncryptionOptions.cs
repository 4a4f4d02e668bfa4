using Crosspoint.Calls.Mls;

namespace Crosspoint.Calls.Encryption;

/// <summary>Times and limits of a room's keys. Immutable. Each default says why it is what it is.</summary>
public sealed record EncryptionOptions
{
    /// <summary>Between two rekeys without another cause: what a stolen key opens is bounded by it.</summary>
    public TimeSpan RekeyInterval { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How far the interval is varied, in percent: rooms that began together do not rekey together.</summary>
    public int RekeyJitterPercent { get; init; } = 5;

    /// <summary>To join or resync under a lease: 20 to 400 ms of computing and two round trips.</summary>
    public TimeSpan JoinLease { get; init; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>To commit as a member: the same on a slow telephone.</summary>
    public TimeSpan MemberLease { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>After a commit, when senders switch although somebody is not ready: processing takes 3 to 170 ms.</summary>
    public TimeSpan Activate { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The same after a removal: nobody slow may keep a removed member's key alive.</summary>
    public TimeSpan ActivateRemoval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long frames of earlier epochs are taken after the switch: what is on its way, and retransmissions.</summary>
    public TimeSpan Overlap { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The same after a removal.</summary>
    public TimeSpan OverlapRemoval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long reports about one commit are counted together.</summary>
    public TimeSpan Fault { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long who reports a bad commit waits for a lease to resync: the others' reports come within a round trip, and then there is a new group instead.</summary>
    public TimeSpan FaultHold { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the leaf of a device without socket is kept: reconnecting takes at most 10 s.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>After the switch, when a device that still is not ready is put out.</summary>
    public TimeSpan Evict { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a member whose commits failed is neither asked to commit nor, when it was put out for one, let back in.</summary>
    public TimeSpan Penalty { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Leases a member may let run out before that.</summary>
    public int PenaltyAfter { get; init; } = 2;

    /// <summary>Leases of members that may fail one after the other before the group is given up: somebody breaks it, or it is broken.</summary>
    public int FaultAfter { get; init; } = 5;

    /// <summary>Leases to join or resync a device may let run out before it has to ask again.</summary>
    public int JoinAttempts { get; init; } = 3;

    /// <summary>How long nobody may be ready, while somebody waits, before the group is given up: as long as a slow member's commit.</summary>
    public TimeSpan Stuck { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a departure waits for others to go with it; kicks never wait.</summary>
    public TimeSpan LeaveDebounce { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long the first of several departures waits at most.</summary>
    public TimeSpan LeaveDebounceMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Between two commits: every member processes each, 7 to 60 ms. Kicks do not wait for it, nor joins and resyncs, which a round trip and their own computing keep apart: 25 at once are in within 4 s.</summary>
    public TimeSpan MinInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Commits kept for those who missed them: processing more takes longer than joining anew.</summary>
    public int LogCommits { get; init; } = 8;

    /// <summary>Bytes of a commit.</summary>
    public int MaxCommitBytes { get; init; } = MlsLimits.MaxCommitBytes;

    /// <summary>Bytes of a GroupInfo.</summary>
    public int MaxGroupInfoBytes { get; init; } = MlsLimits.MaxGroupInfoBytes;

    /// <summary>Leaves: what a key id of SFrame has room for.</summary>
    public int MaxLeaves { get; init; } = MlsLimits.MaxLeaves;

    /// <summary>The MLS cipher suite: X25519, AES-128-GCM, SHA-256, Ed25519.</summary>
    public int Suite { get; init; } = 1;

    /// <summary>The SFrame cipher suite: AES-128-GCM with a tag of 16 bytes.</summary>
    public int SframeSuite { get; init; } = 4;

    /// <summary>The dialect of MLS on the wire.</summary>
    public int Wire { get; init; } = 1;

    /// <summary>The least level of identity; members check it, not the server.</summary>
    public int MinIdentity { get; init; }

    /// <summary>Bytes of an epoch tag.</summary>
    public const int TagBytes = 16;
}
