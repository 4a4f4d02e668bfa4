using Crosspoint.Calls.Mls;

namespace Crosspoint.Calls.Encryption;

/// <summary>What a device brings under its lease.</summary>
/// <param name="LeaseId">The lease.</param>
/// <param name="Epoch">The room's epoch it makes.</param>
/// <param name="Commit">The commit; empty for a group's first epoch.</param>
/// <param name="GroupInfo">The group after it.</param>
/// <param name="Tag">The new epoch's tag.</param>
public sealed record CommitOffer(string LeaseId, long Epoch, byte[] Commit, byte[] GroupInfo, byte[] Tag);

/// <summary>What a commit does, once it passed the checks.</summary>
/// <param name="MlsEpoch">The group's epoch after it.</param>
/// <param name="Leaf">The committer's leaf after it.</param>
internal readonly record struct CheckedCommit(ulong MlsEpoch, int Leaf);

/// <summary>The checks S4 to S7 of a commit: that it does what its lease says. Structure only; whether its signatures and keys are right, members check.</summary>
/// <remarks>The room's actor owns it. A commit that passes may still be of no use to the members; then they say so (E2EE_FAULT).</remarks>
internal sealed class CommitChecks(KeyRoom room)
{
    // given to me
    private readonly KeyRoom _room = room;

    internal CommitFault Check(Lease lease, CommitOffer offer, out CheckedCommit checkedCommit)
    {
        checkedCommit = default;
        EncryptionOptions options = _room.Options;
        if (offer.Commit.Length > options.MaxCommitBytes || offer.GroupInfo.Length > options.MaxGroupInfoBytes)
        {
            return CommitFault.S1Size;
        }

        bool creates = lease.Cause == RekeyCause.Create;
        if (creates != (offer.Commit.Length == 0))
        {
            return CommitFault.S4Presence;
        }

        if (!creates && CheckCommit(lease, offer.Commit) is var fault and not CommitFault.None)
        {
            return fault;
        }

        if (!_room.Reader.TryReadGroupInfo(offer.GroupInfo, out MlsGroupInfo? info))
        {
            return CommitFault.S6Unreadable;
        }

        ulong epoch = creates ? 0 : _room.Group.MlsEpoch + 1;
        fault = CheckGroupInfo(lease, info, epoch);
        if (fault == CommitFault.None && offer.Tag.Length != EncryptionOptions.TagBytes)
        {
            fault = CommitFault.S7Tag;
        }

        checkedCommit = fault == CommitFault.None ? new(epoch, (int)info.SignerLeaf) : default;
        return fault;
    }

    // S4 and S5.
    private CommitFault CheckCommit(Lease lease, byte[] bytes)
    {
        if (!_room.Reader.TryReadCommit(bytes, out MlsCommit? commit))
        {
            return CommitFault.S4Unreadable;
        }

        if (!commit.GroupId.Span.SequenceEqual(_room.Group.Id))
        {
            return CommitFault.S4Group;
        }

        if (commit.Epoch != _room.Group.MlsEpoch)
        {
            return CommitFault.S4Epoch;
        }

        bool isExternal = commit.Sender.Kind == MlsSenderKind.NewMemberCommit;
        if (isExternal != lease.Cause.IsExternal() || (!isExternal && commit.Sender.Leaf != lease.Holder.Leaf))
        {
            return CommitFault.S5Sender;
        }

        // RFC 9420 §12.4: what removes somebody or comes from outside must bring new keys; here every commit must, for that is what it is for.
        CommitFault fault = CheckProposals(lease, commit.Proposals, isExternal);
        return fault != CommitFault.None ? fault : commit.HasPath ? CommitFault.None : CommitFault.S5Path;
    }

    // RFC 9420 §12.4.3.2: from outside exactly one ExternalInit, and at most the removal of one's own former leaf.
    private static CommitFault CheckProposals(Lease lease, IReadOnlyList<MlsProposal> proposals, bool isExternal)
    {
        int inits = 0;
        int removes = 0;
        for (int index = 0; index < proposals.Count; index++)
        {
            MlsProposal proposal = proposals[index];
            if (proposal.Kind == MlsProposalKind.ExternalInit && isExternal)
            {
                inits++;
            }
            else if (proposal.Kind != MlsProposalKind.Remove)
            {
                return CommitFault.S5Proposal;
            }
            else if (!IsAnnounced(lease, proposal.RemovedLeaf) || IsRepeated(proposals, index))
            {
                return CommitFault.S5Removes;
            }
            else
            {
                removes++;
            }
        }

        return inits != (isExternal ? 1 : 0) ? CommitFault.S5Proposal : removes != lease.Removes.Count ? CommitFault.S5Removes : CommitFault.None;
    }

    private static bool IsAnnounced(Lease lease, uint leaf)
    {
        foreach (KeyMember member in lease.Removes)
        {
            if (member.Leaf == leaf)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsRepeated(IReadOnlyList<MlsProposal> proposals, int index)
    {
        for (int other = 0; other < index; other++)
        {
            if (proposals[other] == proposals[index])
            {
                return true;
            }
        }

        return false;
    }

    // S6.
    private CommitFault CheckGroupInfo(Lease lease, MlsGroupInfo info, ulong epoch)
    {
        EncryptionOptions options = _room.Options;
        if (!info.GroupId.Span.SequenceEqual(_room.Group.Id))
        {
            return CommitFault.S6Group;
        }

        if (info.Epoch != epoch)
        {
            return CommitFault.S6Epoch;
        }

        if (info.CipherSuite != options.Suite)
        {
            return CommitFault.S6Suite;
        }

        if (!info.HasExternalPub)
        {
            return CommitFault.S6ExternalPub;
        }

        bool joins = lease.Cause.BringsLeaf();
        return !joins && info.SignerLeaf != lease.Holder.Leaf ? CommitFault.S6Signer : CheckTree(lease, info, joins);
    }

    // The tree must be the one before, less whom the commit removes, with whoever joins by it in a leaf that was or became free.
    private CommitFault CheckTree(Lease lease, MlsGroupInfo info, bool joins)
    {
        int expected = _room.Roster.Leaves - lease.Removes.Count + (joins ? 1 : 0);
        if (info.Leaves.Count != expected || info.Leaves.Count > _room.Options.MaxLeaves)
        {
            return CommitFault.S6Tree;
        }

        bool hasSigner = false;
        foreach (MlsLeaf leaf in info.Leaves)
        {
            bool isSigner = leaf.Index == info.SignerLeaf;
            KeyMember? member = joins && isSigner ? lease.Holder : leaf.Index < (uint)_room.Options.MaxLeaves ? _room.Roster.AtLeaf((int)leaf.Index) : null;
            if (member is null || leaf.Index >= (uint)_room.Options.MaxLeaves || (joins && isSigner && !IsFree(lease, (int)leaf.Index)) || (!(joins && isSigner) && lease.Removes.Contains(member)))
            {
                return CommitFault.S6Tree;
            }

            if (!leaf.SignatureKey.Span.SequenceEqual(member.Key.Span) || !leaf.Identity.Span.SequenceEqual(member.Identity.Span))
            {
                return CommitFault.S6Identity;
            }

            hasSigner |= isSigner;
        }

        return hasSigner ? CommitFault.None : CommitFault.S6Signer;
    }

    private bool IsFree(Lease lease, int leaf) => _room.Roster.AtLeaf(leaf) is not { } occupant || lease.Removes.Contains(occupant);
}
