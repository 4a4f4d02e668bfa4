using Crosspoint.Calls.Encryption;

namespace Crosspoint.Sim.E2ee;

/// <summary>Knows what must never happen, from what was said on the wire alone and not from the actor's state.</summary>
/// <remarks>One schedule owns it.</remarks>
internal sealed class ModelOracle
{
    // state
    private readonly Dictionary<string, long> _proved = new(StringComparer.Ordinal);
    private readonly HashSet<string> _out = new(StringComparer.Ordinal);
    private long _epoch;
    private long _committedAtMs = long.MinValue;
    private bool _isActive = true;
    private long _removalActiveAtMs = long.MaxValue;
    private ulong _removalMlsEpoch;
    private bool _removalWaits;
    private ulong _current;
    private ulong _oldest;

    /// <summary>What was broken; empty when all is well.</summary>
    public List<string> Violations { get; } = [];

    public int PacketsLeaked { get; private set; }

    public long Epoch => _epoch;

    public void OnCommitted(long nowMs, CommitNotice notice)
    {
        LoggedCommit commit = notice.Commit;
        if (commit.Epoch != _epoch + 1)
        {
            Broken($"epoch {commit.Epoch} after {_epoch}");
        }

        _epoch = commit.Epoch;
        (_committedAtMs, _isActive) = (nowMs, false);
        if (commit.Joined is { } joined)
        {
            _out.Remove(joined.Device);
        }

        _proved[notice.Committer.Device] = commit.Epoch;
        if (commit.MlsEpoch == 0)
        {
            (_removalActiveAtMs, _removalWaits) = (long.MaxValue, false);
        }

        if (commit.Removes.Any(removed => removed.Device != commit.Device))
        {
            (_removalMlsEpoch, _removalWaits, _removalActiveAtMs) = (commit.MlsEpoch, true, long.MaxValue);
        }
    }

    public void OnRestart(long epoch)
    {
        if (epoch < _epoch)
        {
            Broken($"epoch {epoch} after a restart, {_epoch} before");
        }

        _isActive = true;
        _removalWaits = false;
        _removalActiveAtMs = long.MaxValue;
    }

    public void OnActive(long nowMs, long epoch)
    {
        if (epoch != _epoch)
        {
            Broken($"REKEY_ACTIVE {epoch} in {_epoch}");
        }

        _isActive = true;
        if (_removalWaits)
        {
            (_removalWaits, _removalActiveAtMs) = (false, nowMs);
        }
    }

    public void OnGenerationLost() => _isActive = true;

    /// <summary>A device must have nothing any more, from now on until it comes in anew.</summary>
    public void OnRemovalOrdered(string device) => _out.Add(device);

    /// <summary>A device that had only been away, or put out, proved to have the current epoch.</summary>
    public void OnProved(string device, long epoch, bool isTrue)
    {
        if (!isTrue)
        {
            Broken($"{device} was ready by a wrong tag");
        }

        _proved[device] = epoch;
    }

    public void OnBack(string device) => _out.Remove(device);

    public void OnFrameEpochs(ulong current, ulong oldest) => (_current, _oldest) = (current, oldest);

    /// <summary>After every step: the gate opens for nobody who did not prove to have the current epoch, and the switch is not late.</summary>
    public void Check(long nowMs, EncryptionActor actor, long activateMs)
    {
        foreach (KeyMember member in actor.Members)
        {
            if (actor.Admits(member.Device) && (_out.Contains(member.Device) || !_proved.TryGetValue(member.Device, out long epoch) || epoch != _epoch))
            {
                Broken($"{member.Device} admitted at {_epoch} without proof");
            }
        }

        if (!_isActive && nowMs > _committedAtMs + activateMs)
        {
            Broken($"epoch {_epoch} not active {nowMs - _committedAtMs} ms after its commit");
            _isActive = true;
        }
    }

    /// <summary>A packet goes from one device to another, if the media engine lets it.</summary>
    public void OnPacket(long nowMs, string from, string to, bool isForwarded, ulong epoch)
    {
        if (!isForwarded || epoch > _current || epoch < _oldest)
        {
            return;
        }

        if (_out.Contains(from) || _out.Contains(to))
        {
            PacketsLeaked++;
            Broken($"packet from {from} to {to} after a removal was ordered");
        }

        if (_removalActiveAtMs != long.MaxValue && nowMs > _removalActiveAtMs + 2000 && epoch < _removalMlsEpoch)
        {
            PacketsLeaked++;
            Broken($"frame of MLS epoch {epoch} taken {nowMs - _removalActiveAtMs} ms after the removal in {_removalMlsEpoch} was active");
        }
    }

    public void Broken(string what)
    {
        if (Violations.Count < 8)
        {
            Violations.Add(what);
        }
    }
}
