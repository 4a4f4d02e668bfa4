using Crosspoint.Calls.Encryption;
using Crosspoint.Calls.Mls;

namespace Crosspoint.Sim.E2ee;

/// <summary>How a device of the model behaves.</summary>
internal enum Conduct
{
    /// <summary>As the protocol says.</summary>
    Good,

    /// <summary>Neither commits nor becomes ready, and says nothing.</summary>
    Dead,

    /// <summary>Does everything, seconds late.</summary>
    Slow,

    /// <summary>Its commits are not what the lease says.</summary>
    Forger,

    /// <summary>Its commits pass the checks, and nobody can process them.</summary>
    Breaker,
}

/// <summary>A device of the model: what it has of the keys, and what it does when it hears something.</summary>
/// <remarks>The schedule owns it. It only knows what reached it.</remarks>
internal sealed class ModelClient(ModelRoom room, int index)
{
    // given to me
    private readonly ModelRoom _room = room;

    // state
    private byte[] _lastCommit = [];
    private long _retryReadyAt = long.MaxValue;

    public int Index { get; } = index;

    public string Device { get; } = "d" + index;

    public byte[] Key { get; set; } = [(byte)index, 0];

    public Conduct Conduct { get; set; }

    public bool IsIn { get; set; }

    public bool IsConnected { get; set; }

    public bool IsKicked { get; set; }

    /// <summary>Which socket it has: what was sent on an earlier one does not come any more.</summary>
    public int Socket { get; set; }

    public long Generation { get; private set; } = -1;

    public long Epoch { get; private set; } = -1;

    public ulong MlsEpoch { get; private set; }

    public long Secret { get; private set; }

    public bool HasState { get; private set; }

    /// <summary>The epoch it encrypts with; what it would send.</summary>
    public ulong SendsWith { get; private set; }

    public bool CanSend { get; private set; }

    public void LoseState()
    {
        (HasState, CanSend, Epoch, Generation) = (false, false, -1, -1);
        _retryReadyAt = long.MaxValue;
    }

    // --- what it hears ---

    public void OnRole(KeyRole role)
    {
        switch (role)
        {
            case KeyRole.Resume when !HasState:
                _room.SendSync(this, 0, 0);
                break;
            case KeyRole.Resume:
                _room.SendSync(this, Generation, Epoch);
                break;
            default:
                HasState = false;
                break;
        }
    }

    public void OnLease(Lease lease, LeasedGroup group)
    {
        if (Conduct == Conduct.Dead || (!lease.Cause.IsExternal() && lease.Cause != RekeyCause.Create && (!HasState || Epoch + 1 != lease.NewEpoch)))
        {
            return;
        }

        long after = ++_room.LastSecret;
        bool joins = lease.Cause.IsExternal() || lease.Cause == RekeyCause.Create;
        List<MlsLeaf> tree = [.. group.Leaves.Where(leaf => !group.Removes.Contains(leaf.Index))];
        uint signer = joins ? FreeLeaf(tree) : group.HolderLeaf;
        if (joins)
        {
            tree.Add(new(signer, Key, Key));
        }

        List<MlsProposal> proposals = lease.Cause.IsExternal() ? [new(MlsProposalKind.ExternalInit, 0)] : [];
        proposals.AddRange(group.Removes.Select(leaf => new MlsProposal(MlsProposalKind.Remove, leaf)));
        if (Conduct == Conduct.Forger)
        {
            Forge(proposals, tree);
        }

        // A breaker's commit leads from secrets that nobody has.
        long before = Conduct == Conduct.Breaker ? -after : group.Secret;
        ulong epoch = lease.Cause == RekeyCause.Create ? 0 : group.MlsEpoch + 1;
        MlsSender sender = new(joins ? MlsSenderKind.NewMemberCommit : MlsSenderKind.Member, joins ? 0 : signer);
        byte[] commit = lease.Cause == RekeyCause.Create ? [] : _room.Wire.Add(new MlsCommit(group.Id, group.MlsEpoch, sender, proposals, true), before, after);
        byte[] info = _room.Wire.Add(new MlsGroupInfo(group.Id, epoch, 1, signer, true, tree));
        _lastCommit = commit;
        _room.SendCommit(this, new(lease.Id, lease.NewEpoch, commit, info, ModelWire.Tag(after)), after);
    }

    public void OnCommit(CommitNotice notice, long generation, long secretOfCommitter)
    {
        LoggedCommit commit = notice.Commit;
        if (notice.Committer.Device == Device && (commit.Commit.Length == 0 || ReferenceEquals(commit.Commit, _lastCommit)))
        {
            Adopt(generation, commit.Epoch, commit.MlsEpoch, secretOfCommitter);
            (SendsWith, CanSend) = (commit.MlsEpoch, true);
            return;
        }

        if (!HasState || commit.Epoch <= Epoch)
        {
            return;
        }

        if (generation != Generation || commit.Epoch != Epoch + 1)
        {
            _room.SendSync(this, Generation, Epoch);
            return;
        }

        Process(generation, commit);
        if (HasState && Epoch == commit.Epoch)
        {
            _room.SwitchLater(this, commit.Epoch, commit.MlsEpoch, notice.ActivateIn);
            SayReady();
        }
    }

    public void OnActive(long epoch)
    {
        if (HasState && epoch == Epoch)
        {
            (SendsWith, CanSend) = (MlsEpoch, true);
        }
    }

    public void OnLog(IReadOnlyList<LoggedCommit> commits, long generation, bool isActive)
    {
        if (!HasState)
        {
            return;
        }

        foreach (LoggedCommit commit in commits)
        {
            if (HasState && commit.Epoch == Epoch + 1)
            {
                Process(generation, commit);
            }
        }

        if (HasState)
        {
            (SendsWith, CanSend) = (isActive ? MlsEpoch : SendsWith, CanSend || isActive);
            SayReady();
        }
    }

    public void OnEvicted()
    {
        LoseState();
        _room.SyncLater(this);
    }

    /// <summary>What it is told when a media intent is refused: that it is behind.</summary>
    public void OnRefused() => _room.SendSync(this, HasState ? Generation : 0, HasState ? Epoch : 0);

    public void OnReadyAnswer(bool isDone, bool isForked)
    {
        _retryReadyAt = long.MaxValue;
        if (isForked)
        {
            LoseState();
        }
        else if (!isDone && HasState)
        {
            _room.SendSync(this, Generation, Epoch);
        }
    }

    // A heartbeat: what was not answered is said again.
    public void Tick(long nowMs)
    {
        if (_retryReadyAt <= nowMs && HasState)
        {
            SayReady();
        }
    }

    private void Process(long generation, LoggedCommit commit)
    {
        if (commit.Removes.Any(removed => removed.Device == Device) && commit.Joined?.Device != Device)
        {
            LoseState();
            return;
        }

        if (_room.Wire.Process(Secret, commit.Commit) is not { } after)
        {
            _room.SendFault(this, commit.Epoch);
            LoseState();
            return;
        }

        Adopt(generation, commit.Epoch, commit.MlsEpoch, after);
    }

    private void Adopt(long generation, long epoch, ulong mlsEpoch, long secret) =>
        (Generation, Epoch, MlsEpoch, Secret, HasState) = (generation, epoch, mlsEpoch, secret, true);

    private void SayReady()
    {
        if (Conduct == Conduct.Dead)
        {
            return;
        }

        _retryReadyAt = _room.NowMs + 700;
        _room.SendReady(this, Epoch, Secret);
    }

    private static uint FreeLeaf(List<MlsLeaf> tree)
    {
        uint leaf = 0;
        while (tree.Any(taken => taken.Index == leaf))
        {
            leaf++;
        }

        return leaf;
    }

    private void Forge(List<MlsProposal> proposals, List<MlsLeaf> tree)
    {
        switch (_room.Dice.Next(4))
        {
            case 0:
                proposals.Add(new(MlsProposalKind.Remove, (uint)_room.Dice.Next(8)));
                break;
            case 1:
                proposals.Add(new(MlsProposalKind.GroupContextExtensions, 0));
                break;
            case 2:
                tree.Add(new((uint)(50 + _room.Dice.Next(8)), new byte[] { 99 }, new byte[] { 99 }));
                break;
            default:
                proposals.Add(new(MlsProposalKind.Add, 0));
                break;
        }
    }
}

/// <summary>What a lease's holder knows of the group when it gets it.</summary>
internal sealed record LeasedGroup(byte[] Id, ulong MlsEpoch, long Secret, IReadOnlyList<MlsLeaf> Leaves, IReadOnlyList<uint> Removes, uint HolderLeaf);
