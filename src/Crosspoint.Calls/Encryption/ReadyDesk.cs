using System.Security.Cryptography;
using Crosspoint.Contracts.Calls;
using Crosspoint.Primitives;

namespace Crosspoint.Calls.Encryption;

/// <summary>Follows who has the current epoch: lets senders switch, cuts who stays behind, and puts them out in the end. Nobody slow holds up the others.</summary>
/// <remarks>The room's actor owns it.</remarks>
internal sealed class ReadyDesk(KeyRoom room, LeaseDesk leases)
{
    // given to me
    private readonly KeyRoom _room = room;
    private readonly LeaseDesk _leases = leases;

    internal Verdict Handle(Instant now, KeyMember member, long epoch, ReadOnlySpan<byte> tag)
    {
        KeyGroup group = _room.Group;
        if (!group.Exists || epoch != group.Epoch)
        {
            return new(ErrorCodes.E2eeEpochMismatch, group.Epoch);
        }

        if (!CryptographicOperations.FixedTimeEquals(tag, group.Tag))
        {
            if (member.IsSitting)
            {
                Report(now, member, epoch);
            }

            return new(ErrorCodes.E2eeTagMismatch, group.Epoch);
        }

        // A right tag of somebody without a leaf: it was removed by this very epoch, or somebody told it.
        if (!member.IsSitting || member.HasLostState)
        {
            return new(ErrorCodes.E2eeNotReady, group.Epoch);
        }

        Mark(now, member);
        return Verdict.Done;
    }

    /// <summary>The committer has the epoch it made.</summary>
    internal void Mark(Instant now, KeyMember member)
    {
        (member.ReadyEpoch, member.LaggingSince, member.CutAt) = (_room.Group.Epoch, Instant.Never, Instant.Never);
        member.WaitAttempts = 0;
        _room.Forward(member, true);
        SwitchIfAllReady(now);
    }

    /// <summary>A member cannot follow the epoch, or has other secrets for it than the committer.</summary>
    internal void Report(Instant now, KeyMember member, long epoch)
    {
        KeyMember? culprit = epoch == 0 ? null : _room.Faults.Report(now, epoch, member.Device, _room.Roster.Leaves);
        if (culprit is not null)
        {
            PutOut(now, culprit, EvictionReason.Fault);
            _leases.GiveUp(now);
            return;
        }

        LoseState(member, now + _room.Options.FaultHold);
    }

    /// <summary>What secrets a member had are of no use; it waits to come in anew, in the place of its old leaf.</summary>
    internal void LoseState(KeyMember member, Instant from)
    {
        if (!member.HasLostState)
        {
            _room.Sink.Count(KeyEvent.Resync);
        }

        (member.HasLostState, member.ReadyEpoch) = (true, KeyMember.NoEpoch);
        _leases.Withdraw(member);
        _leases.Enqueue(member, RekeyCause.Resync, from);
    }

    internal void SwitchIfAllReady(Instant now)
    {
        if (_room.Ready.IsActive || !_room.Group.Exists)
        {
            return;
        }

        foreach (KeyMember member in _room.Roster.All)
        {
            // Whose socket is gone is not waited for: it cannot hear of the epoch before it is back.
            if (member.IsSitting && member.IsReachable && member.ReadyEpoch != _room.Group.Epoch)
            {
                return;
            }
        }

        Switch(now, forced: false);
    }

    internal void Advance(Instant now)
    {
        if (_room.Ready.Deadline <= now && _room.Group.Exists)
        {
            _room.Sink.Count(KeyEvent.ForcedActive);
            Switch(now, forced: true);
        }

        if (_room.Ready.EndOverlaps(now) && _room.Group.Exists)
        {
            _room.Sink.SetFrameEpochs(_room.Group.MlsEpoch, _room.Ready.Oldest);
        }

        for (int index = _room.Roster.All.Count - 1; index >= 0; index--)
        {
            KeyMember member = _room.Roster.All[index];
            if (member.CutAt <= now)
            {
                member.CutAt = Instant.Never;
                _room.Forward(member, false);
            }

            if (member.IsSitting && member.LaggingSince + _room.Options.Evict <= now)
            {
                PutOut(now, member, EvictionReason.Lagging);
            }
        }
    }

    internal Instant NextTimeout()
    {
        Instant next = Instant.Min(_room.Ready.Deadline, _room.Ready.NextOverlapEnd);
        foreach (KeyMember member in _room.Roster.All)
        {
            next = Instant.Min(next, member.CutAt);
            next = Instant.Min(next, member.IsSitting ? member.LaggingSince + _room.Options.Evict : Instant.Never);
        }

        return next;
    }

    private void Switch(Instant now, bool forced)
    {
        bool hasJoiner = _room.Ready.HasJoiner;
        TimeSpan overlap = _room.Ready.HasRemoval ? _room.Options.OverlapRemoval : _room.Options.Overlap;
        _room.Ready.Activated(now, _room.Group.MlsEpoch, overlap);
        int ready = 0;
        int total = 0;
        foreach (KeyMember member in _room.Roster.All)
        {
            if (!member.IsSitting)
            {
                continue;
            }

            total++;
            if (member.ReadyEpoch == _room.Group.Epoch)
            {
                ready++;
                continue;
            }

            member.LaggingSince = Instant.Min(member.LaggingSince, now);
            member.CutAt = member.IsForwarded ? Instant.Min(member.CutAt, now + overlap) : Instant.Never;
        }

        _room.Sink.TellActive(_room.Group.Epoch, ready, total, forced);
        if (hasJoiner)
        {
            _room.Sink.RequestKeyframes();
        }
    }

    private void PutOut(Instant now, KeyMember member, EvictionReason reason)
    {
        TimeSpan? penalty = reason == EvictionReason.Fault ? _room.Options.Penalty : null;
        (member.IsEvicted, member.EvictedUntil) = (true, now + (penalty ?? TimeSpan.Zero));
        (member.ReadyEpoch, member.Waiting, member.LaggingSince, member.CutAt) = (KeyMember.NoEpoch, null, Instant.Never, Instant.Never);
        if (member.Leaf is not null)
        {
            (member.Leaving, member.LeavingSince) = (RekeyCause.Fault, now);
        }

        _room.Forward(member, false);
        _leases.Withdraw(member);
        _room.Sink.Count(KeyEvent.Evicted);
        if (member.IsPresent)
        {
            _room.Sink.TellEvicted(member, reason, penalty);
        }
    }
}
