using System.Diagnostics.CodeAnalysis;
using Crosspoint.Calls.Encryption;
using Crosspoint.Calls.Mls;
using Crosspoint.Primitives;

namespace Crosspoint.Calls.Tests.Encryption;

/// <summary>A room's keys in the midst of its life, and the parts of its actor: some members sit in leaves from 0 on, ready for epoch 5, which is the group's fourth.</summary>
internal sealed class KeyScene : IEncryptionSink, ICommitReader, IEpochStore
{
    public const long Epoch = 5;
    public const ulong MlsEpoch = 4;
    public static readonly byte[] Group = [7, 7];
    public static readonly byte[] Tag = new byte[16];

    private readonly List<MlsCommit> _commits = [];
    private readonly List<MlsGroupInfo> _infos = [];

    public KeyScene(int members, EncryptionOptions? options = null)
    {
        Room = new("r", options ?? new(), this, this, this, new byte[] { 1 });
        Leases = new(Room);
        Commits = new(Room, Leases);
        Ready = new(Room, Leases);
        Room.Group.Restore(Instant.Zero, new() { RoomId = "r", Generation = 1, Epoch = Epoch, GroupId = Group, MlsEpoch = MlsEpoch, Tag = Tag, GroupInfo = [1] });
        Room.Ready.Restore(MlsEpoch);
        for (int leaf = 0; leaf < members; leaf++)
        {
            Add("d" + leaf, leaf).ReadyEpoch = Epoch;
        }
    }

    public KeyRoom Room { get; }

    public LeaseDesk Leases { get; }

    public CommitDesk Commits { get; }

    public ReadyDesk Ready { get; }

    /// <summary>What the actor made happen, in words.</summary>
    public List<string> Said { get; } = [];

    public bool IsStoreBroken { get; set; }

    public EpochRecord? Kept { get; private set; }

    public KeyMember this[int index] => Room.Roster.All[index];

    public static Instant At(double ms) => Instant.FromMilliseconds((long)ms);

    /// <summary>A device; without leaf it waits for nothing yet.</summary>
    public KeyMember Add(string device, int? leaf)
    {
        byte number = (byte)Room.Roster.All.Count;
        KeyMember member = new(device, new[] { number }, new[] { (byte)(100 + number) }) { Leaf = leaf, IsForwarded = leaf is not null };
        Room.Roster.Add(member);
        return member;
    }

    public Lease Grant(KeyMember holder, RekeyCause cause, params KeyMember[] removes) =>
        Room.Leases.Grant(At(0), holder, cause, Epoch + 1, TimeSpan.FromSeconds(3), removes);

    /// <summary>The commit a lease asks for, and the group after it.</summary>
    public (MlsCommit Commit, MlsGroupInfo Info) Good(Lease lease)
    {
        bool isExternal = lease.Cause.IsExternal();
        List<MlsLeaf> leaves = [.. Room.Roster.All.Where(member => member.Leaf is not null && !lease.Removes.Contains(member)).Select(member => LeafOf(member, member.Leaf!.Value))];
        int signer = lease.Holder.Leaf ?? Enumerable.Range(0, 99).First(leaf => leaves.All(taken => taken.Index != leaf));
        if (leaves.All(leaf => leaf.Index != signer))
        {
            leaves.Add(LeafOf(lease.Holder, signer));
        }

        List<MlsProposal> proposals = [.. lease.Removes.Select(removed => new MlsProposal(MlsProposalKind.Remove, (uint)removed.Leaf!.Value))];
        if (isExternal)
        {
            proposals.Insert(0, new(MlsProposalKind.ExternalInit, 0));
        }

        MlsSender sender = isExternal ? new(MlsSenderKind.NewMemberCommit, 0) : new(MlsSenderKind.Member, (uint)signer);
        return (new(Group, MlsEpoch, sender, proposals, true), new(Group, MlsEpoch + 1, 1, (uint)signer, true, leaves));
    }

    public CommitOffer Offer(Lease lease, MlsCommit? commit = null, MlsGroupInfo? info = null)
    {
        (MlsCommit goodCommit, MlsGroupInfo goodInfo) = Good(lease);
        return new(lease.Id, lease.NewEpoch, Bytes(commit ?? goodCommit), Bytes(info ?? goodInfo), Tag);
    }

    public byte[] Bytes(MlsCommit commit)
    {
        _commits.Add(commit);
        return [1, (byte)(_commits.Count - 1)];
    }

    public byte[] Bytes(MlsGroupInfo info)
    {
        _infos.Add(info);
        return [2, (byte)(_infos.Count - 1)];
    }

    public static MlsLeaf LeafOf(KeyMember member, int leaf) => new((uint)leaf, member.Identity, member.Key);

    public bool TryReadCommit(ReadOnlySpan<byte> message, [NotNullWhen(true)] out MlsCommit? commit) =>
        (commit = message is [1, var index] && index < _commits.Count ? _commits[index] : null) is not null;

    public bool TryReadGroupInfo(ReadOnlySpan<byte> message, [NotNullWhen(true)] out MlsGroupInfo? info) =>
        (info = message is [2, var index] && index < _infos.Count ? _infos[index] : null) is not null;

    EpochRecord? IEpochStore.Read(string roomId) => null;

    void IEpochStore.Write(EpochRecord record) => Kept = IsStoreBroken ? throw new IOException("the disk is full") : record;

    void IEncryptionSink.TellRole(KeyMember member, KeyRole role) => Said.Add($"{role} {member.Device}");

    void IEncryptionSink.TellLease(Lease lease) => Said.Add($"lease {lease.Cause} {lease.Holder.Device}");

    void IEncryptionSink.TellCommit(CommitNotice commit) => Said.Add($"commit {commit.Commit.Epoch} {commit.Committer.Device}");

    void IEncryptionSink.TellActive(long epoch, int ready, int total, bool forced) => Said.Add($"active {epoch} {ready}/{total}{(forced ? " forced" : "")}");

    void IEncryptionSink.TellLog(KeyMember member, IReadOnlyList<LoggedCommit> commits, bool isActive) => Said.Add($"log {member.Device}");

    void IEncryptionSink.TellEvicted(KeyMember member, EvictionReason reason, TimeSpan? retryAfter) => Said.Add($"evicted {member.Device} {reason}");

    void IEncryptionSink.SetForwarding(KeyMember member, bool isForwarded) => Said.Add($"{(isForwarded ? "forward" : "cut")} {member.Device}");

    void IEncryptionSink.SetFrameLeaf(KeyMember member, int leaf) => Said.Add($"leaf {leaf} {member.Device}");

    void IEncryptionSink.SetFrameEpochs(ulong current, ulong oldest) => Said.Add($"epochs {oldest}-{current}");

    void IEncryptionSink.RequestKeyframes() => Said.Add("keyframes");

    void IEncryptionSink.Count(KeyEvent what) => Said.Add(what.ToString());
}
