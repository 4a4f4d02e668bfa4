using Crosspoint.Calls.Door;
using Crosspoint.Calls.Rooms;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.E2ee;

/// <summary>Carries a room from one epoch to the next: announces when a rekey is due, times the one that was begun, tells what became of it.</summary>
/// <remarks>The room's mailbox owns it.</remarks>
internal sealed class RekeyCoordinator(Room room, RoomContext context) : IDisposable
{
    // given to me
    private readonly Room _room = room;
    private readonly RoomContext _context = context;

    // state
    private ITimer? _deadline;

    /// <summary>REKEY_BEGIN.</summary>
    internal Outcome Begin(Peer peer, RekeyBeginPayload payload)
    {
        if (payload.EffectiveEpoch is not { } epoch)
        {
            return new PayloadProblem("$.epoch", "Something required is missing.").ToError();
        }

        if (_room.Epoch.Begin(peer.DeviceId, epoch) is { } refusal)
        {
            _context.Metrics.EpochRefused(MessageTypes.RekeyBegin);
            return refusal;
        }

        TimeSpan deadline = payload.DeadlineMs is { } asked ? TimeSpan.FromMilliseconds(asked) : _context.Options.E2ee.RekeyDeadline;
        _deadline = _context.Time.CreateTimer(_ => _room.Post(() => OnDeadline(epoch)), null, deadline, Timeout.InfiniteTimeSpan);
        _room.Broadcast(
            MessageTypes.RekeyBegin,
            payload with { RoomId = _room.Id, Epoch = epoch, NewEpoch = null, FromDeviceId = peer.DeviceId, DeadlineMs = (int)deadline.TotalMilliseconds },
            CallsJson.Default.RekeyBeginPayload);
        return Outcome.State("rekeying", _room.Version);
    }

    /// <summary>REKEY_COMMIT: the epoch moves, and by that everybody is unready.</summary>
    internal Outcome Commit(Peer peer, RekeyCommitPayload payload)
    {
        if (payload.EffectiveEpoch is not { } epoch)
        {
            return new PayloadProblem("$.epoch", "Something required is missing.").ToError();
        }

        if (_room.Epoch.Commit(peer.DeviceId, epoch) is { } refusal)
        {
            _context.Metrics.EpochRefused(MessageTypes.RekeyCommit);
            return refusal;
        }

        StopTimer();
        _context.Metrics.Rekeyed();
        _room.Bump();
        _room.Broadcast(
            MessageTypes.RekeyCommit,
            payload with { RoomId = _room.Id, Epoch = epoch, NewEpoch = null, FromDeviceId = peer.DeviceId },
            CallsJson.Default.RekeyCommitPayload);
        return Outcome.State("committed", _room.Version);
    }

    /// <summary>E2EE_READY.</summary>
    internal Outcome Ready(Peer peer, long epoch)
    {
        if (_room.Epoch.CheckReady(epoch) is { } refusal)
        {
            _context.Metrics.EpochRefused(MessageTypes.E2eeReady);
            return refusal;
        }

        if (peer.DeclaredEpoch != epoch)
        {
            peer.DeclaredEpoch = epoch;
            _room.Bump();
        }

        return Outcome.State("ready", _room.Version);
    }

    /// <summary>Says that the member set changed and who should rekey. A room of one has nobody to agree with.</summary>
    internal void Require(string reason)
    {
        if (_room.Keys is not null || !_context.Options.E2ee.RekeyOnJoin || !_room.Epoch.IsRequired || _room.Peers.Count < 2)
        {
            return;
        }

        _room.Broadcast(
            MessageTypes.RekeyRequired,
            new()
            {
                RoomId = _room.Id,
                Reason = reason,
                Epoch = _room.Epoch.Current + 1,
                LeaderDeviceId = _room.LeaderDeviceId,
                MemberSetVersion = _room.MemberSetVersion,
            },
            CallsJson.Default.RekeyRequiredPayload);
    }

    /// <summary>A device left: its rekey, if it had one under way, is given up, and another is due.</summary>
    internal void OnLeft(Peer peer)
    {
        if (_room.Epoch.InFlight?.DeviceId == peer.DeviceId)
        {
            Abort("LEADER_LOST");
        }

        Require("member_leave");
    }

    public void Dispose() => StopTimer();

    private ValueTask OnDeadline(long epoch)
    {
        if (_room.Epoch.InFlight?.Epoch == epoch)
        {
            Abort("TIMEOUT");
        }

        return ValueTask.CompletedTask;
    }

    private void Abort(string reason)
    {
        StopTimer();
        if (_room.Epoch.Abort() is not { } given)
        {
            return;
        }

        _context.Metrics.RekeyAborted(reason);
        _room.Broadcast(
            MessageTypes.RekeyAbort,
            new() { RoomId = _room.Id, AttemptedEpoch = given.Epoch, Reason = reason },
            CallsJson.Default.RekeyAbortPayload);
    }

    private void StopTimer()
    {
        _deadline?.Dispose();
        _deadline = null;
    }
}
