using Crosspoint.Contracts.Calls;
using Crosspoint.Primitives;

namespace Crosspoint.Calls.Encryption;

/// <summary>Takes commits: at most one for each epoch, under its lease, doing what the lease says, kept before anybody hears of it.</summary>
/// <remarks>The room's actor owns it. The order of the checks is that of docs/protocol/e2ee.md.</remarks>
internal sealed class CommitDesk(KeyRoom room, LeaseDesk leases)
{
    // given to me
    private readonly KeyRoom _room = room;
    private readonly LeaseDesk _leases = leases;

    // made by me
    private readonly CommitChecks _checks = new(room);

    internal Verdict Handle(Instant now, KeyMember member, CommitOffer offer)
    {
        KeyGroup group = _room.Group;
        if (IsRepeated(member, offer))
        {
            return Verdict.Done;
        }

        // S3: compare and set. The loser of a race hears so, whatever became of its lease.
        if (offer.Epoch <= group.Epoch)
        {
            _room.Sink.Count(KeyEvent.StaleCommit);
            return new(ErrorCodes.E2eeStaleEpoch, group.Epoch + 1);
        }

        if (offer.Epoch != group.Epoch + 1)
        {
            return new(ErrorCodes.E2eeEpochMismatch, group.Epoch + 1);
        }

        // S2. A lease that ran out is no lease, although nobody has looked at the clock since.
        if (_room.Leases.Current is not { } lease || lease.Holder != member || lease.Id != offer.LeaseId || lease.Deadline <= now)
        {
            return new(ErrorCodes.E2eeLeaseInvalid, group.Epoch + 1);
        }

        CommitFault fault = _checks.Check(lease, offer, out CheckedCommit commit);
        if (fault != CommitFault.None)
        {
            _leases.Fail(now);
            return new(ErrorCodes.E2eeBadCommit, group.Epoch + 1, fault);
        }

        // S8: kept first. When that fails nothing has happened, and the lease goes on.
        LoggedCommit logged = Describe(lease, offer, commit);
        try
        {
            _room.Store.Write(RecordAfter(lease, offer, logged));
        }
        catch (IOException)
        {
            return new(ErrorCodes.InternalError);
        }

        Apply(now, lease, offer, logged);
        return Verdict.Done;
    }

    // The same commit again is answered as the first time; a first epoch has none, and is known by its GroupInfo.
    private bool IsRepeated(KeyMember member, CommitOffer offer) => offer.Commit.Length > 0
        ? _room.Log.Find(member.Device, offer.Commit) is { } earlier && earlier.Epoch == offer.Epoch
        : _room.Group.Exists && _room.Group.Epoch == offer.Epoch && _room.Group.Committer == member && offer.GroupInfo.AsSpan().SequenceEqual(_room.Group.GroupInfo);

    private static LoggedCommit Describe(Lease lease, CommitOffer offer, CheckedCommit commit)
    {
        var removes = new LeafRecord[lease.Removes.Count];
        for (int index = 0; index < removes.Length; index++)
        {
            removes[index] = new(lease.Removes[index].Device, lease.Removes[index].Leaf!.Value);
        }

        bool joins = lease.Cause.BringsLeaf();
        return new(offer.Epoch, commit.MlsEpoch, lease.Holder.Device, commit.Leaf, offer.Commit, offer.Tag, removes, joins ? new LeafRecord(lease.Holder.Device, commit.Leaf) : null);
    }

    private EpochRecord RecordAfter(Lease lease, CommitOffer offer, LoggedCommit logged)
    {
        List<MemberRecord> members = new(_room.Roster.Leaves + 1);
        foreach (KeyMember member in _room.Roster.All)
        {
            if (member.Leaf is { } leaf && !lease.Removes.Contains(member) && member != lease.Holder)
            {
                members.Add(new(member.Device, leaf, member.Key.ToArray(), member.Identity.ToArray()));
            }
        }

        KeyMember committer = lease.Holder;
        members.Add(new(committer.Device, logged.Leaf, committer.Key.ToArray(), committer.Identity.ToArray()));
        List<LoggedCommit> log = offer.Commit.Length == 0 ? [] : [.. _room.Log.All.Skip(Math.Max(0, _room.Log.All.Count - _room.Options.LogCommits + 1)), logged];
        return _room.Record(offer.Epoch, logged.MlsEpoch, offer.Tag, offer.GroupInfo, members, log);
    }

    private void Apply(Instant now, Lease lease, CommitOffer offer, LoggedCommit logged)
    {
        KeyMember committer = lease.Holder;
        bool removes = lease.Cause.Removes() || lease.Removes.Count > (lease.Cause == RekeyCause.Resync ? 1 : 0);
        Unseat(lease);
        _room.Roster.Seat(committer, logged.Leaf);
        (committer.Waiting, committer.HasLostState, committer.FailedLeases) = (null, false, 0);
        committer.ToldRole = null;

        _room.Group.Begin(now, logged.MlsEpoch, offer.Tag, offer.GroupInfo, committer);
        if (offer.Commit.Length > 0)
        {
            _room.Log.Add(logged);
        }

        _room.Faults.Open(now, offer.Epoch, committer);
        _leases.Committed(lease.Cause);
        TimeSpan activate = removes ? _room.Options.ActivateRemoval : _room.Options.Activate;
        _room.Ready.Committed(now, logged.MlsEpoch, activate, removes, logged.Joined is not null);

        _room.Sink.SetFrameEpochs(logged.MlsEpoch, _room.Ready.Oldest);
        if (logged.Joined is not null)
        {
            _room.Sink.SetFrameLeaf(committer, logged.Leaf);
        }

        _room.Sink.TellCommit(new(logged, committer, lease.Cause, activate, now - lease.GrantedAt));
    }

    // Those it removed are gone; who is in the room all the same (put out, or back already) waits for a leaf anew.
    private void Unseat(Lease lease)
    {
        foreach (KeyMember member in lease.Removes)
        {
            _room.Roster.Seat(member, null);
            if (member == lease.Holder)
            {
                continue;
            }

            if (!member.IsPresent)
            {
                _room.Roster.Remove(member);
                continue;
            }

            (member.Leaving, member.ReadyEpoch, member.LaggingSince, member.CutAt) = (null, KeyMember.NoEpoch, Instant.Never, Instant.Never);
            member.HasLostState = false;
            if (!member.IsEvicted && member.Waiting is not null)
            {
                member.Waiting = RekeyCause.Join;
            }
        }
    }
}
