using Crosspoint.Calls.Encryption;
using Crosspoint.Calls.Mls;

namespace Crosspoint.Calls.Tests.Encryption;

/// <summary>S1 and S4 to S7, a row for each way in which a commit can be another than its lease asks for.</summary>
public class CommitChecksTests
{
    private static readonly MlsProposal Stranger = new(MlsProposalKind.Remove, 1);

    /// <summary>What is offered; a row changes one thing of it.</summary>
    internal sealed record Draft(MlsCommit Commit, MlsGroupInfo Info)
    {
        public byte[]? CommitBytes { get; init; }

        public byte[]? InfoBytes { get; init; }

        public byte[] Tag { get; init; } = KeyScene.Tag;
    }

    // d0, d1 and d2 sit; d0 is to remove d2.
    private static readonly (string Name, CommitFault Expected, Func<Draft, Draft> Change)[] Member =
    [
        ("as asked", CommitFault.None, draft => draft),
        ("a commit beyond 64 KiB", CommitFault.S1Size, draft => draft with { CommitBytes = new byte[(64 << 10) + 1] }),
        ("a GroupInfo beyond 256 KiB", CommitFault.S1Size, draft => draft with { InfoBytes = new byte[(256 << 10) + 1] }),
        ("no commit", CommitFault.S4Presence, draft => draft with { CommitBytes = [] }),
        ("noise", CommitFault.S4Unreadable, draft => draft with { CommitBytes = [9, 9, 9] }),
        ("another group", CommitFault.S4Group, draft => draft with { Commit = draft.Commit with { GroupId = new byte[] { 8 } } }),
        ("the epoch before", CommitFault.S4Epoch, draft => draft with { Commit = draft.Commit with { Epoch = KeyScene.MlsEpoch - 1 } }),
        ("another's leaf", CommitFault.S5Sender, draft => draft with { Commit = draft.Commit with { Sender = new(MlsSenderKind.Member, 1) } }),
        ("from outside", CommitFault.S5Sender, draft => draft with { Commit = draft.Commit with { Sender = new(MlsSenderKind.NewMemberCommit, 0) } }),
        ("an Add", CommitFault.S5Proposal, draft => With(draft, new(MlsProposalKind.Add, 0))),
        ("an ExternalInit", CommitFault.S5Proposal, draft => With(draft, new(MlsProposalKind.ExternalInit, 0))),
        ("a PreSharedKey", CommitFault.S5Proposal, draft => With(draft, new(MlsProposalKind.PreSharedKey, 0))),
        ("a removal nobody announced", CommitFault.S5Removes, draft => With(draft, Stranger)),
        ("a removal of a leaf that is not there", CommitFault.S5Removes, draft => With(draft, new(MlsProposalKind.Remove, 77))),
        ("the same removal twice", CommitFault.S5Removes, draft => With(draft, new(MlsProposalKind.Remove, 2))),
        ("the announced removal left out", CommitFault.S5Removes, draft => draft with { Commit = draft.Commit with { Proposals = [] } }),
        ("no path", CommitFault.S5Path, draft => draft with { Commit = draft.Commit with { HasPath = false } }),
        ("a GroupInfo that is none", CommitFault.S6Unreadable, draft => draft with { InfoBytes = [9] }),
        ("another group's GroupInfo", CommitFault.S6Group, draft => draft with { Info = draft.Info with { GroupId = new byte[] { 8 } } }),
        ("the GroupInfo of this epoch", CommitFault.S6Epoch, draft => draft with { Info = draft.Info with { Epoch = KeyScene.MlsEpoch } }),
        ("another suite", CommitFault.S6Suite, draft => draft with { Info = draft.Info with { CipherSuite = 2 } }),
        ("nothing to join by", CommitFault.S6ExternalPub, draft => draft with { Info = draft.Info with { HasExternalPub = false } }),
        ("another's signature", CommitFault.S6Signer, draft => draft with { Info = draft.Info with { SignerLeaf = 1 } }),
        ("a tree without somebody", CommitFault.S6Tree, draft => draft with { Info = draft.Info with { Leaves = [.. draft.Info.Leaves.Take(1)] } }),
        ("a tree with who was removed in another's place", CommitFault.S6Tree, draft => draft with { Info = draft.Info with { Leaves = [draft.Info.Leaves[0], draft.Info.Leaves[1] with { Index = 2 }] } }),
        ("a tree with a leaf beyond all leaves", CommitFault.S6Tree, draft => draft with { Info = draft.Info with { Leaves = [draft.Info.Leaves[0], draft.Info.Leaves[1] with { Index = uint.MaxValue }] } }),
        ("a member's key exchanged", CommitFault.S6Identity, draft => draft with { Info = draft.Info with { Leaves = [draft.Info.Leaves[0], draft.Info.Leaves[1] with { SignatureKey = new byte[] { 66 } }] } }),
        ("a member's identity exchanged", CommitFault.S6Identity, draft => draft with { Info = draft.Info with { Leaves = [draft.Info.Leaves[0], draft.Info.Leaves[1] with { Identity = new byte[] { 66 } }] } }),
        ("a tag of 15 bytes", CommitFault.S7Tag, draft => draft with { Tag = new byte[15] }),
    ];

    // d0, d1 and d2 sit; d3 joins.
    private static readonly (string Name, CommitFault Expected, Func<Draft, Draft> Change)[] Joiner =
    [
        ("as asked", CommitFault.None, draft => draft),
        ("as a member", CommitFault.S5Sender, draft => draft with { Commit = draft.Commit with { Sender = new(MlsSenderKind.Member, 0) } }),
        ("no ExternalInit", CommitFault.S5Proposal, draft => draft with { Commit = draft.Commit with { Proposals = [] } }),
        ("two of them", CommitFault.S5Proposal, draft => With(draft, new(MlsProposalKind.ExternalInit, 0))),
        ("and somebody out", CommitFault.S5Removes, draft => With(draft, Stranger)),
        ("in somebody's leaf", CommitFault.S6Tree, draft => draft with { Info = draft.Info with { SignerLeaf = 1 } }),
        ("in no leaf", CommitFault.S6Signer, draft => draft with { Info = draft.Info with { SignerLeaf = 50, Leaves = [.. draft.Info.Leaves.Take(3), draft.Info.Leaves[2]] } }),
        ("with another's key", CommitFault.S6Identity, draft => draft with { Info = draft.Info with { Leaves = [.. draft.Info.Leaves.Take(3), draft.Info.Leaves[3] with { SignatureKey = draft.Info.Leaves[0].SignatureKey }] } }),
    ];

    [Fact]
    public void A_members_commit() => Run(Member, scene => scene.Grant(scene[0], RekeyCause.Leave, scene[2]));

    [Fact]
    public void A_joiners_commit() => Run(Joiner, scene => scene.Grant(scene.Add("d3", null), RekeyCause.Join));

    [Fact]
    public void Who_comes_back_takes_out_its_own_leaf_and_no_other()
    {
        KeyScene scene = new(3);
        Lease lease = scene.Grant(scene[1], RekeyCause.Resync, scene[1]);
        (MlsCommit commit, MlsGroupInfo info) = scene.Good(lease);
        Assert.Equal(CommitFault.None, Check(scene, lease, new(commit, info)));
        Draft others = new(commit with { Proposals = [commit.Proposals[0], new(MlsProposalKind.Remove, 2)] }, info);
        Assert.Equal(CommitFault.S5Removes, Check(scene, lease, others));
    }

    [Fact]
    public void A_first_epoch_has_no_commit()
    {
        KeyScene scene = new(0);
        scene.Room.Group.Renew(2, KeyScene.Group);
        Lease lease = scene.Grant(scene.Add("d0", null), RekeyCause.Create);
        MlsGroupInfo info = new(KeyScene.Group, 0, 1, 0, true, [KeyScene.LeafOf(lease.Holder, 0)]);
        Draft draft = new(scene.Good(lease).Commit, info);
        Assert.Equal(CommitFault.S4Presence, Check(scene, lease, draft));
        Assert.Equal(CommitFault.None, Check(scene, lease, draft with { CommitBytes = [] }));
        Assert.Equal(CommitFault.S6Epoch, Check(scene, lease, draft with { CommitBytes = [], Info = info with { Epoch = 1 } }));
    }

    private static Draft With(Draft draft, MlsProposal proposal) => draft with { Commit = draft.Commit with { Proposals = [.. draft.Commit.Proposals, proposal] } };

    private static void Run((string Name, CommitFault Expected, Func<Draft, Draft> Change)[] rows, Func<KeyScene, Lease> grant) => Assert.All(rows, row =>
    {
        KeyScene scene = new(3);
        Lease lease = grant(scene);
        (MlsCommit commit, MlsGroupInfo info) = scene.Good(lease);
        Assert.Equal((row.Name, row.Expected), (row.Name, Check(scene, lease, row.Change(new(commit, info)))));
    });

    private static CommitFault Check(KeyScene scene, Lease lease, Draft draft) => new CommitChecks(scene.Room).Check(
        lease, new(lease.Id, lease.NewEpoch, draft.CommitBytes ?? scene.Bytes(draft.Commit), draft.InfoBytes ?? scene.Bytes(draft.Info), draft.Tag), out _);
}
