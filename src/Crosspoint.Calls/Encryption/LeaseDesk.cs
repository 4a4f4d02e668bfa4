using Crosspoint.Calls.Mls;
using Crosspoint.Primitives;

namespace Crosspoint.Calls.Encryption;

/// <summary>Decides what the next rekey is for and who makes it, and gives a group up that nobody can go on with.</summary>
/// <remarks>The room's actor owns it. What is due follows from the members each time anew, so nothing can be forgotten or done twice.</remarks>
internal sealed class LeaseDesk(KeyRoom room)
{
    // given to me
    private readonly KeyRoom _room = room;

    // state
    private long _order;
    private bool _isRequested;
    private Instant _stuckSince = Instant.Never;

    /// <summary>When something becomes due without anybody's doing.</summary>
    internal Instant NextTimeout { get; private set; } = Instant.Never;

    /// <summary>A member wants a rekey.</summary>
    internal void Request() => _isRequested = true;

    /// <summary>A device waits for a lease, behind those who wait already.</summary>
    internal void Enqueue(KeyMember member, RekeyCause cause, Instant from)
    {
        if (member.Waiting is null)
        {
            member.WaitOrder = ++_order;
            member.WaitAttempts = 0;
        }

        (member.Waiting, member.WaitFrom) = (cause, from);
    }

    /// <summary>An epoch began: what it was for is done.</summary>
    internal void Committed(RekeyCause cause)
    {
        _room.Leases.Fulfil();
        _isRequested &= cause.IsExternal();
        _stuckSince = Instant.Never;
    }

    /// <summary>Ends a lease that ran out or was used badly.</summary>
    internal void Fail(Instant now)
    {
        Lease lease = _room.Leases.Current!;
        KeyMember holder = lease.Holder;
        _room.Leases.Fail();
        _room.Sink.Count(KeyEvent.LeaseExpired);
        if (lease.Cause.IsExternal())
        {
            // To the end of the line; who fails again and again has to ask again.
            holder.WaitOrder = ++_order;
            holder.WaitFrom = now + (_room.Options.JoinLease * ++holder.WaitAttempts);
            if (holder.WaitAttempts >= _room.Options.JoinAttempts)
            {
                holder.Waiting = null;
            }
        }
        else
        {
            if (++holder.FailedLeases >= _room.Options.PenaltyAfter)
            {
                (holder.FailedLeases, holder.IneligibleUntil) = (0, now + _room.Options.Penalty);
            }

            if (_room.Group.Exists && _room.Leases.Failures >= _room.Options.FaultAfter)
            {
                GiveUp(now);
            }
        }
    }

    /// <summary>The device cannot make use of a lease any more.</summary>
    internal void Withdraw(KeyMember member)
    {
        if (_room.Leases.Current?.Holder == member)
        {
            _room.Leases.Revoke();
        }
    }

    /// <summary>The group is of no use any more: everybody comes in anew, into another one.</summary>
    internal void GiveUp(Instant now)
    {
        _room.Sink.Count(KeyEvent.Generation);
        if (_room.Group.Exists)
        {
            // However long the next group takes, what overlaps ends here: a removal may have promised so.
            _room.Sink.SetFrameEpochs(_room.Group.MlsEpoch, _room.Group.MlsEpoch);
        }

        _room.Group.Renew(_room.Group.Generation + 1, _room.NewGroupId(_room.Group.Generation + 1));
        _room.Leases.Reset();
        _room.Log.Clear();
        _room.Ready.Clear();
        _room.Faults.Clear();
        _stuckSince = Instant.Never;
        _isRequested = false;
        for (int index = _room.Roster.All.Count - 1; index >= 0; index--)
        {
            KeyMember member = _room.Roster.All[index];
            _room.Roster.Seat(member, null);
            (member.Leaving, member.ReadyEpoch, member.LaggingSince, member.CutAt) = (null, KeyMember.NoEpoch, Instant.Never, Instant.Never);
            (member.HasLostState, member.ToldRole) = (false, null);
            if (!member.IsPresent)
            {
                _room.Forward(member, false);
                _room.Roster.Remove(member);
            }
            else if (!member.IsEvicted)
            {
                member.Waiting = null;
            }
        }

        foreach (KeyMember member in _room.Roster.All)
        {
            if (!member.IsEvicted)
            {
                Enqueue(member, RekeyCause.Join, now);
                _room.TellRole(member, KeyRole.Join);
            }
        }
    }

    /// <summary>Gives the next lease if one is due; otherwise says when to ask again.</summary>
    internal void Pump(Instant now)
    {
        NextTimeout = Instant.Never;
        Preempt();
        if (_room.Leases.Current is not null)
        {
            return;
        }

        if (_room.Group.Exists && IsDead(now))
        {
            GiveUp(now);
        }

        if (!_room.Group.Exists)
        {
            LetCreate(now);
            return;
        }

        RekeyCause? cause = FindDue(now, out KeyMember? waiting);
        if (cause is not { } due)
        {
            return;
        }

        TimeSpan apart = due == RekeyCause.Kick || due.IsExternal() ? TimeSpan.Zero : _room.Options.MinInterval;
        Instant earliest = _room.Group.CommittedAt + apart;
        if (now < earliest)
        {
            NextTimeout = Instant.Min(NextTimeout, earliest);
        }
        else if (waiting is not null)
        {
            IReadOnlyList<KeyMember> removes = waiting.Leaf is null ? [] : [waiting];
            Grant(now, waiting, due, _room.Options.JoinLease, removes);
        }
        else
        {
            Grant(now, PickCommitter(now)!, due, _room.Options.MemberLease, Departures());
        }
    }

    // A kick does not wait for what is less urgent; the one who loses its lease gets another.
    private void Preempt()
    {
        if (_room.Leases.Current is { Cause: not (RekeyCause.Kick or RekeyCause.Create) } && HasDeparture(RekeyCause.Kick))
        {
            _room.Leases.Revoke();
        }
    }

    private void LetCreate(Instant now)
    {
        int count = 0;
        foreach (KeyMember member in _room.Roster.All)
        {
            count += CanCreate(now, member) ? 1 : 0;
        }

        if (count == 0)
        {
            return;
        }

        // Who came first; when it does not manage, the next.
        int skip = _room.Leases.Failures % count;
        foreach (KeyMember member in _room.Roster.All)
        {
            if (CanCreate(now, member) && skip-- == 0)
            {
                _room.TellRole(member, KeyRole.Create);
                Grant(now, member, RekeyCause.Create, _room.Options.MemberLease, []);
                return;
            }
        }
    }

    private bool CanCreate(Instant now, KeyMember member)
    {
        if (!member.IsReachable || member.IsEvicted)
        {
            return false;
        }

        if (member.WaitFrom > now)
        {
            NextTimeout = Instant.Min(NextTimeout, member.WaitFrom);
        }

        return member.WaitFrom <= now && member.Waiting is not null;
    }

    private RekeyCause? FindDue(Instant now, out KeyMember? waiting)
    {
        waiting = null;
        bool canCommit = Count(now, evenPenalised: true) > 0;
        if (canCommit && HasDeparture(RekeyCause.Kick))
        {
            return RekeyCause.Kick;
        }

        if (canCommit && IsLeaveDue(now))
        {
            return RekeyCause.Leave;
        }

        if (canCommit && HasDeparture(RekeyCause.Fault))
        {
            return RekeyCause.Fault;
        }

        // From outside one can come in without anybody's help, but not to nobody.
        waiting = canCommit ? FirstWaiting(now, RekeyCause.Resync) ?? FirstWaiting(now, RekeyCause.Join) : null;
        if (waiting is not null)
        {
            return waiting.Leaf is null ? RekeyCause.Join : RekeyCause.Resync;
        }

        if (canCommit && _isRequested)
        {
            return RekeyCause.Request;
        }

        Instant periodic = _room.Group.CommittedAt + Interval();
        if (_room.Roster.Leaves < 2 || !canCommit)
        {
            return null;
        }

        if (now >= periodic)
        {
            return RekeyCause.Periodic;
        }

        NextTimeout = Instant.Min(NextTimeout, periodic);
        return null;
    }

    private bool HasDeparture(RekeyCause cause)
    {
        foreach (KeyMember member in _room.Roster.All)
        {
            if (member.Leaving == cause && member.Leaf is not null)
            {
                return true;
            }
        }

        return false;
    }

    // Those who leave together go together: the last one's departure is waited for a little, the first one's never long.
    private bool IsLeaveDue(Instant now)
    {
        Instant first = Instant.Never;
        Instant last = Instant.Zero;
        foreach (KeyMember member in _room.Roster.All)
        {
            if (member is { Leaving: RekeyCause.Leave, Leaf: not null })
            {
                first = Instant.Min(first, member.LeavingSince);
                last = Instant.Max(last, member.LeavingSince);
            }
        }

        if (first.IsNever)
        {
            return false;
        }

        Instant due = Instant.Min(first + _room.Options.LeaveDebounceMax, last + _room.Options.LeaveDebounce);
        if (now < due)
        {
            NextTimeout = Instant.Min(NextTimeout, due);
        }

        return now >= due;
    }

    private KeyMember? FirstWaiting(Instant now, RekeyCause cause)
    {
        KeyMember? first = null;
        foreach (KeyMember member in _room.Roster.All)
        {
            if (member.Waiting != cause || !member.IsReachable || member.IsEvicted || member.Leaving is not null
                || (cause == RekeyCause.Join && (member.Leaf is not null || _room.Roster.HasFormerLeaf(member))))
            {
                continue;
            }

            if (member.WaitFrom > now)
            {
                NextTimeout = Instant.Min(NextTimeout, member.WaitFrom);
            }
            else if (first is null || member.WaitOrder < first.WaitOrder)
            {
                first = member;
            }
        }

        return first;
    }

    /// <summary>A ready member, each leaf in its turn so that every leaf's keys are refreshed; null when nobody is ready.</summary>
    private KeyMember? PickCommitter(Instant now)
    {
        int free = Count(now, evenPenalised: false);
        bool evenPenalised = free == 0;
        int count = evenPenalised ? Count(now, evenPenalised: true) : free;
        if (count == 0)
        {
            return null;
        }

        // The member whose leaf has that many eligible leaves before it.
        int turn = (int)((_room.Group.Epoch + _room.Leases.Failures) % count);
        foreach (KeyMember member in _room.Roster.All)
        {
            if (CanCommit(now, member, evenPenalised) && LeavesBefore(now, member, evenPenalised) == turn)
            {
                return member;
            }
        }

        return null;
    }

    private int Count(Instant now, bool evenPenalised)
    {
        int count = 0;
        foreach (KeyMember member in _room.Roster.All)
        {
            count += CanCommit(now, member, evenPenalised) ? 1 : 0;
        }

        return count;
    }

    private int LeavesBefore(Instant now, KeyMember of, bool evenPenalised)
    {
        int count = 0;
        foreach (KeyMember member in _room.Roster.All)
        {
            count += member.Leaf < of.Leaf && CanCommit(now, member, evenPenalised) ? 1 : 0;
        }

        return count;
    }

    private bool CanCommit(Instant now, KeyMember member, bool evenPenalised) =>
        member.IsSitting && member.IsReachable && member.ReadyEpoch == _room.Group.Epoch && (evenPenalised || member.IneligibleUntil <= now);

    // Nobody can go on with the group, now or before long, and somebody waits for it.
    private bool IsDead(Instant now)
    {
        bool isWaited = false;
        bool isUsable = false;
        bool isReady = false;
        foreach (KeyMember member in _room.Roster.All)
        {
            isReady |= CanCommit(now, member, evenPenalised: true);
            isUsable |= member.IsSitting && !member.HasLostState;
            isWaited |= member is { IsReachable: true, IsEvicted: false, Waiting: not null };
        }

        if (isReady || !isWaited)
        {
            _stuckSince = Instant.Never;
            return false;
        }

        _stuckSince = Instant.Min(_stuckSince, now);
        Instant due = _stuckSince + _room.Options.Stuck;
        NextTimeout = Instant.Min(NextTimeout, Instant.Max(due, now));
        return !isUsable || now >= due;
    }

    // All of them, the urgent ones first, as far as a commit may carry them.
    private List<KeyMember> Departures()
    {
        List<KeyMember> departures = [];
        foreach (KeyMember member in _room.Roster.All)
        {
            if (member is { Leaving: { } cause, Leaf: not null })
            {
                departures.Insert(cause == RekeyCause.Kick ? 0 : departures.Count, member);
            }
        }

        return departures.Count <= MlsLimits.MaxProposals ? departures : departures.GetRange(0, MlsLimits.MaxProposals);
    }

    private void Grant(Instant now, KeyMember holder, RekeyCause cause, TimeSpan life, IReadOnlyList<KeyMember> removes) =>
        _room.Sink.TellLease(_room.Leases.Grant(now, holder, cause, _room.Group.Epoch + 1, life, removes));

    // Varied by what nobody chooses, so that a schedule can be repeated.
    private TimeSpan Interval()
    {
        TimeSpan interval = _room.Options.RekeyInterval;
        uint mixed = (uint)(_room.Group.Epoch * 2654435761) ^ (_room.Group.Id.Length > 3 ? BitConverter.ToUInt32(_room.Group.Id) : 0);
        double share = ((mixed % 2001) / 1000.0) - 1;
        return interval + (interval * (share * _room.Options.RekeyJitterPercent / 100));
    }
}
