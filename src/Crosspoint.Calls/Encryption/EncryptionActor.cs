using Crosspoint.Contracts.Calls;
using Crosspoint.Primitives;

namespace Crosspoint.Calls.Encryption;

/// <summary>The delivery service of one room's keys (RFC 9750 §5): it orders commits, never has a secret, and is a pure function of its inputs and the time.</summary>
/// <remarks>
/// The room's mailbox owns it. Every input says now; what it causes goes to the <see cref="IEncryptionSink"/> before the input returns; then <see cref="NextTimeout"/> says when to call <see cref="Advance"/>.
/// <code>
///  EMPTY ──join──▶ CREATING(lease) ──commit──▶ STABLE(e) ──lease──▶ LEASED(e) ──commit──▶ COMMITTED(e+1) ──all ready, or T_activate──▶ STABLE(e+1)
///                     ▲                           │                    │ expired: the next holder
///                     └────── new generation ◀────┴── FAULT: 5 leases in vain, most cannot process a commit, or nobody is left who can go on
/// </code>
/// </remarks>
public sealed class EncryptionActor
{
    // made by me
    private readonly KeyRoom _room;
    private readonly LeaseDesk _leases;
    private readonly CommitDesk _commits;
    private readonly ReadyDesk _ready;

    /// <summary>For a room; it goes on where the store says that an earlier one stopped.</summary>
    /// <param name="now">Now.</param>
    /// <param name="roomId">The room.</param>
    /// <param name="options">Times and limits.</param>
    /// <param name="sink">Where what it causes goes.</param>
    /// <param name="store">Where epochs are kept.</param>
    /// <param name="reader">Reads commits.</param>
    /// <param name="salt">Random bytes of this process: no two groups have one id.</param>
    /// <exception cref="IOException">The room's record cannot be read.</exception>
    public EncryptionActor(Instant now, string roomId, EncryptionOptions options, IEncryptionSink sink, IEpochStore store, ICommitReader reader, ReadOnlyMemory<byte> salt)
    {
        _room = new(roomId, options, sink, store, reader, salt);
        _leases = new(_room);
        _commits = new(_room, _leases);
        _ready = new(_room, _leases);
        if (store.Read(roomId) is { } record)
        {
            Restore(now, record);
        }
        else
        {
            _room.Group.Renew(1, _room.NewGroupId(1));
        }
    }

    /// <summary>The room's epoch.</summary>
    public long Epoch => _room.Group.Epoch;

    /// <summary>Which group of the room.</summary>
    public long Generation => _room.Group.Generation;

    /// <summary>The group's MLS id.</summary>
    public ReadOnlyMemory<byte> GroupId => _room.Group.Id;

    /// <summary>The group's own epoch; null while there is no group.</summary>
    public ulong? MlsEpoch => _room.Group.Exists ? _room.Group.MlsEpoch : null;

    /// <summary>By which one joins the group.</summary>
    public ReadOnlyMemory<byte> GroupInfo => _room.Group.GroupInfo;

    /// <summary>Whether senders use the current epoch.</summary>
    public bool IsActive => _room.Group.Exists && _room.Ready.IsActive;

    /// <summary>Who is in the room, or has a leaf still.</summary>
    public IReadOnlyList<KeyMember> Members => _room.Roster.All;

    /// <summary>The lease somebody has now.</summary>
    public Lease? Lease => _room.Leases.Current;

    /// <summary>When <see cref="Advance"/> has something to do.</summary>
    public Instant NextTimeout { get; private set; } = Instant.Never;

    /// <summary>Whether media intents of a device are accepted: it proved to have the current epoch.</summary>
    public bool Admits(string device) =>
        _room.Group.Exists && _room.Roster.TryGet(device, out KeyMember? member) && member is { IsPresent: true, IsSitting: true } && member.ReadyEpoch == _room.Group.Epoch;

    /// <summary>Whether a device is put out of the keys.</summary>
    public bool IsEvicted(string device) => _room.Roster.TryGet(device, out KeyMember? member) && member.IsEvicted;

    /// <summary>What a device is to do first, as E2EE_POLICY says it.</summary>
    public KeyRole RoleOf(string device)
    {
        KeyRole role = !_room.Roster.TryGet(device, out KeyMember? member) ? KeyRole.Join
            : !_room.Group.Exists ? _room.Leases.Current is not { } lease || lease.Holder == member ? KeyRole.Create : KeyRole.Join
            : member.Leaf is null || member.Leaving is not null ? KeyRole.Join
            : member.HasLostState ? KeyRole.Resync : KeyRole.Resume;
        if (member is not null)
        {
            member.ToldRole = role;
        }

        return role;
    }

    // --- membership ---

    /// <summary>A device is in the room.</summary>
    /// <param name="now">Now.</param>
    /// <param name="device">Which.</param>
    /// <param name="key">Its public signature key.</param>
    /// <param name="identity">The identity its leaf will carry.</param>
    /// <param name="generation">The group it still has state of; null for none.</param>
    /// <param name="epoch">The epoch it has of that.</param>
    public void Join(Instant now, string device, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> identity, long? generation, long epoch)
    {
        if (_room.Roster.TryGet(device, out KeyMember? member) && (!member.Key.Span.SequenceEqual(key.Span) || !member.Identity.Span.SequenceEqual(identity.Span)))
        {
            // Another key: another member, who waits until the former one's leaf is gone.
            Instant barred = member.IsEvicted ? member.EvictedUntil : now;
            Depart(now, member, RekeyCause.Leave);
            member.LeavingSince = now - _room.Options.LeaveDebounceMax;
            member = Admit(now, device, key, identity, barred);
        }
        else if (member is null)
        {
            Admit(now, device, key, identity, now);
        }
        else
        {
            Return(now, member, generation, epoch);
        }

        Settle(now);
    }

    /// <summary>A device left the room, by itself or because its session ended.</summary>
    public void Leave(Instant now, string device, bool isKicked)
    {
        if (_room.Roster.TryGet(device, out KeyMember? member))
        {
            Depart(now, member, isKicked ? RekeyCause.Kick : RekeyCause.Leave);
            Settle(now);
        }
    }

    /// <summary>A device has no socket now.</summary>
    public void Detach(Instant now, string device)
    {
        if (_room.Roster.TryGet(device, out KeyMember? member) && member.IsConnected)
        {
            member.IsConnected = false;
            member.AwayUntil = now + _room.Options.Grace;
            _leases.Withdraw(member);
            Settle(now);
        }
    }

    /// <summary>A device has a socket again.</summary>
    public void Attach(Instant now, string device)
    {
        if (_room.Roster.TryGet(device, out KeyMember? member) && member.IsPresent)
        {
            (member.IsConnected, member.AwayUntil, member.ToldRole) = (true, Instant.Never, null);
            bool isBeingRemoved = _room.Leases.Current?.Removes.Contains(member) == true;
            if (member.Leaving == RekeyCause.Leave && !isBeingRemoved)
            {
                // It was away too long, and is back before anybody removed it.
                (member.Leaving, member.LeavingSince) = (null, Instant.Never);
                member.LaggingSince = IsActive ? now : Instant.Never;
            }
            else if ((member.Leaf is null || isBeingRemoved) && !member.IsEvicted)
            {
                _leases.Enqueue(member, RekeyCause.Join, Instant.Max(now, member.WaitFrom));
            }

            Settle(now);
        }
    }

    // --- messages ---

    /// <summary>REKEY_COMMIT.</summary>
    public Verdict Commit(Instant now, string device, CommitOffer offer)
    {
        Advance(now);
        if (!Find(now, device, out KeyMember? member, out Verdict refusal))
        {
            return refusal;
        }

        long before = _room.Group.Epoch;
        Verdict verdict = _commits.Handle(now, member!, offer);
        if (_room.Group.Epoch != before)
        {
            _ready.Mark(now, member!);
        }

        Settle(now);
        return verdict;
    }

    /// <summary>E2EE_READY.</summary>
    public Verdict Ready(Instant now, string device, long epoch, ReadOnlySpan<byte> tag)
    {
        Advance(now);
        if (!Find(now, device, out KeyMember? member, out Verdict refusal))
        {
            return refusal;
        }

        Verdict verdict = _ready.Handle(now, member!, epoch, tag);
        Settle(now);
        return verdict;
    }

    /// <summary>E2EE_SYNC.</summary>
    public Verdict Sync(Instant now, string device, long generation, long epoch)
    {
        Advance(now);
        if (!_room.Roster.TryGet(device, out KeyMember? member) || !member.IsPresent)
        {
            return new(ErrorCodes.Unauthorized);
        }

        if (member.IsEvicted)
        {
            if (now < member.EvictedUntil)
            {
                return new(ErrorCodes.E2eeEvicted, _room.Group.Epoch, RetryAfter: member.EvictedUntil - now);
            }

            Pardon(now, member);
        }
        else if (!_room.Group.Exists || member.Leaf is null || member.Leaving is not null)
        {
            _leases.Enqueue(member, RekeyCause.Join, Instant.Min(now, member.WaitFrom));
        }
        else if (generation == _room.Group.Generation && !member.HasLostState && epoch > 0 && _room.Log.Since(epoch, _room.Group.Epoch) is { } missed)
        {
            _room.Sink.TellLog(member, missed, IsActive);
        }
        else
        {
            _ready.LoseState(member, now);
        }

        Settle(now);
        return Verdict.Done;
    }

    /// <summary>E2EE_FAULT of a kind that makes the device unready.</summary>
    /// <param name="now">Now.</param>
    /// <param name="device">Whose.</param>
    /// <param name="epoch">The epoch it is about.</param>
    /// <param name="blamesCommit">Whether the commit is said to be bad, not the device's own state.</param>
    public Verdict Fault(Instant now, string device, long epoch, bool blamesCommit)
    {
        Advance(now);
        if (!Find(now, device, out KeyMember? member, out Verdict refusal))
        {
            return refusal;
        }

        if (_room.Group.Exists && member!.IsSitting)
        {
            _ready.Report(now, member, blamesCommit ? epoch : 0);
            Settle(now);
        }

        return Verdict.Done;
    }

    /// <summary>REKEY_REQUEST.</summary>
    public Verdict Request(Instant now, string device, long epoch)
    {
        Advance(now);
        if (!Find(now, device, out KeyMember? member, out Verdict refusal))
        {
            return refusal;
        }

        if (epoch == _room.Group.Epoch && Admits(member!.Device))
        {
            _leases.Request();
            Settle(now);
        }

        return Verdict.Done;
    }

    /// <summary>Time passed.</summary>
    public void Advance(Instant now)
    {
        if (NextTimeout > now)
        {
            return;
        }

        if (_room.Leases.Current is { } lease && lease.Deadline <= now)
        {
            _leases.Fail(now);
        }

        _ready.Advance(now);
        for (int index = _room.Roster.All.Count - 1; index >= 0; index--)
        {
            if (_room.Roster.All[index] is var member && member.AwayUntil <= now)
            {
                member.AwayUntil = Instant.Never;
                GiveUpLeaf(now, member);
            }
        }

        Settle(now);
    }

    /// <summary>The room ends: what remains of it is its epoch.</summary>
    /// <exception cref="IOException">It could not be kept; the last epoch's record stands.</exception>
    public void Close()
    {
        if (_room.Group.Epoch > 0)
        {
            _room.Store.Write(new() { RoomId = _room.RoomId, Generation = _room.Group.Generation, Epoch = _room.Group.Epoch, GroupId = [] });
        }
    }

    // --- inside ---

    // What an earlier process left: its members are away, and have as long to come back as anybody who loses a socket.
    private void Restore(Instant now, EpochRecord record)
    {
        _room.Group.Restore(now, record);
        if (record.GroupInfo is null)
        {
            _room.Group.Renew(record.Generation + 1, _room.NewGroupId(record.Generation + 1));
            return;
        }

        foreach (MemberRecord member in record.Members)
        {
            _room.Roster.Add(new(member.Device, member.Key, member.Identity) { Leaf = member.Leaf, IsPresent = false, IsConnected = false, AwayUntil = now + _room.Options.Grace });
        }

        _room.Log.Restore(record.Log);
        _room.Ready.Restore(record.MlsEpoch);
        _room.Sink.SetFrameEpochs(record.MlsEpoch, record.MlsEpoch);
        Settle(now);
    }

    private KeyMember Admit(Instant now, string device, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> identity, Instant from)
    {
        KeyRole role = _room.Group.Exists || _room.Leases.Current is not null ? KeyRole.Join : KeyRole.Create;
        KeyMember member = new(device, key, identity) { ToldRole = role };
        _room.Roster.Add(member);
        _room.Sink.SetForwarding(member, false);
        _leases.Enqueue(member, RekeyCause.Join, Instant.Max(now, from));
        return member;
    }

    // The device is back, on another session or after a restart of this node.
    private void Return(Instant now, KeyMember member, long? generation, long epoch)
    {
        (member.IsPresent, member.IsConnected, member.AwayUntil, member.ToldRole) = (true, true, Instant.Never, null);
        if (member.IsEvicted)
        {
            if (now >= member.EvictedUntil)
            {
                Pardon(now, member);
            }

            return;
        }

        bool isBeingRemoved = _room.Leases.Current?.Removes.Contains(member) == true || member.Leaving == RekeyCause.Kick;
        if (member.Leaf is null || isBeingRemoved)
        {
            _leases.Enqueue(member, RekeyCause.Join, now);
            return;
        }

        (member.Leaving, member.LeavingSince) = (null, Instant.Never);
        bool canGoOn = generation == _room.Group.Generation && !member.HasLostState && epoch > 0 && _room.Log.Since(epoch, _room.Group.Epoch) is not null;
        _room.Sink.SetFrameLeaf(member, member.Leaf.Value);
        if (canGoOn)
        {
            member.ReadyEpoch = KeyMember.NoEpoch;
            member.LaggingSince = IsActive ? now : Instant.Never;
        }
        else
        {
            _ready.LoseState(member, now);
        }
    }

    private void Depart(Instant now, KeyMember member, RekeyCause cause)
    {
        (member.IsPresent, member.IsConnected, member.AwayUntil, member.Waiting) = (false, false, Instant.Never, null);
        _room.Forward(member, false);
        _leases.Withdraw(member);
        if (member.Leaf is null)
        {
            // Who is barred for a time is not forgotten by leaving.
            if (!member.IsEvicted || member.EvictedUntil <= now)
            {
                _room.Roster.Remove(member);
            }

            return;
        }

        GiveUpLeaf(now, member);
        if (cause == RekeyCause.Kick)
        {
            member.Leaving = RekeyCause.Kick;
        }
    }

    // Its leaf must go. From here on nothing is forwarded to or from it, whenever the commit comes.
    private void GiveUpLeaf(Instant now, KeyMember member)
    {
        _room.Forward(member, false);
        (member.ReadyEpoch, member.LaggingSince, member.CutAt) = (KeyMember.NoEpoch, Instant.Never, Instant.Never);
        if (member.Leaf is not null && member.Leaving is null)
        {
            (member.Leaving, member.LeavingSince) = (RekeyCause.Leave, now);
        }
    }

    // Back after it was put out: in the place of its leaf if that is there still, else as a newcomer.
    private void Pardon(Instant now, KeyMember member)
    {
        member.IsEvicted = false;
        bool isBeingRemoved = _room.Leases.Current?.Removes.Contains(member) == true;
        if (member.Leaf is null || isBeingRemoved)
        {
            _leases.Enqueue(member, RekeyCause.Join, now);
            return;
        }

        (member.Leaving, member.LeavingSince) = (null, Instant.Never);
        _ready.LoseState(member, now);
    }

    private bool Find(Instant now, string device, out KeyMember? member, out Verdict refusal)
    {
        refusal = default;
        if (!_room.Roster.TryGet(device, out member) || !member.IsPresent)
        {
            refusal = new(ErrorCodes.Unauthorized);
        }
        else if (member.IsEvicted)
        {
            refusal = new(ErrorCodes.E2eeEvicted, _room.Group.Epoch, RetryAfter: member.EvictedUntil > now ? member.EvictedUntil - now : null);
        }

        return refusal.IsDone;
    }

    // After every input: whoever was waited for may be gone, whatever was waited for may be due.
    private void Settle(Instant now)
    {
        _ready.SwitchIfAllReady(now);
        _leases.Pump(now);
        Instant next = Instant.Min(_leases.NextTimeout, _ready.NextTimeout());
        next = Instant.Min(next, _room.Leases.Current?.Deadline ?? Instant.Never);
        foreach (KeyMember member in _room.Roster.All)
        {
            next = Instant.Min(next, member.AwayUntil);
        }

        NextTimeout = next;
    }
}
