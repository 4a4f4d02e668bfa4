using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Crosspoint.Calls.Auth;
using Crosspoint.Calls.Door;
using Crosspoint.Calls.Encryption;
using Crosspoint.Calls.Rooms;
using Crosspoint.Contracts.Calls;
using Crosspoint.Primitives;
using Microsoft.Extensions.Logging;

namespace Crosspoint.Calls.E2ee;

/// <summary>The keys of a room of profile <c>mls-sframe-v1</c>: feeds the actor with what happens, and carries out what it decides.</summary>
/// <remarks>The room's mailbox owns it. What the actor decides is carried out in its order, after it returned: an epoch is known to the media engine before clients are told to send in it.</remarks>
internal sealed class RoomKeys : IEncryptionSink, IDisposable
{
    /// <summary>The profile's name on the wire.</summary>
    internal const string Profile = "mls-sframe-v1";

    // given to me
    private readonly Room _room;
    private readonly RoomContext _context;
    private readonly EncryptionOptions _options;

    // made by me
    private readonly EncryptionActor _actor;
    private readonly long _origin;

    // state
    private readonly Queue<Func<ValueTask>> _due = new();
    private ITimer? _timer;
    private Instant _committedAt;

    internal RoomKeys(Room room, RoomContext context)
    {
        (_room, _context, _options) = (room, context, context.Options.E2ee.Keys);
        _origin = context.Time.GetTimestamp();
        _actor = new(Now, room.Id, _options, this, context.Epochs, new MlsCommitReader(), RandomNumberGenerator.GetBytes(16));
    }

    internal long Epoch => _actor.Epoch;

    internal bool Admits(Peer peer) => _actor.Admits(peer.DeviceId);

    internal int? LeafOf(Peer peer) => _actor.Members.FirstOrDefault(member => member.Device == peer.DeviceId && member.IsPresent)?.Leaf;

    internal AckError NotReady(Peer peer) => _actor.IsEvicted(peer.DeviceId)
        ? AckError.Of(ErrorCodes.E2eeEvicted, "This device was put out of the room's keys: say E2EE_SYNC", new() { ExpectedEpoch = _actor.Epoch })
        : AckError.Of(ErrorCodes.E2eeNotReady, "E2EE_READY for the current epoch is needed first", new() { ExpectedEpoch = _actor.Epoch });

    /// <summary>Why a device may not come in; null when it may.</summary>
    internal Outcome? Objection(Sessions.Session session) =>
        DeviceKeys.Objection(session.Abilities.Keys, session.DeviceId, session.Abilities.InsertableStreams, _options) is { } reason
            ? Outcome.Refused(ErrorCodes.UnsupportedE2ee, "This room's keys are of a profile the device did not announce with E2EE_CAPS", new() { Reason = reason })
            : default(Outcome?);

    // --- membership ---

    internal void Join(Peer peer)
    {
        DeviceKeys keys = peer.Session.Abilities.Keys!;
        _actor.Join(Now, peer.DeviceId, keys.Key, keys.Identity, keys.Seen?.Generation, keys.Seen?.Epoch ?? 0);
    }

    internal void Leave(Peer peer, bool isKicked) => _actor.Leave(Now, peer.DeviceId, isKicked);

    internal void Detach(Peer peer) => _actor.Detach(Now, peer.DeviceId);

    internal void Attach(Peer peer) => _actor.Attach(Now, peer.DeviceId);

    // --- messages ---

    internal ValueTask<Outcome> CommitAsync(Peer peer, RekeyCommitPayload payload)
    {
        if (payload.EffectiveEpoch is not { } epoch || payload.LeaseId is not { } lease || payload.Mls is not { GroupInfo: { } info, Tag: { } tag } mls)
        {
            return new(new PayloadProblem(payload.EffectiveEpoch is null ? "$.epoch" : payload.LeaseId is null ? "$.leaseId" : "$.mls", "Something required is missing.").ToError());
        }

        if (!Jws.TryDecode(mls.Commit ?? "", out byte[] commit) || !Jws.TryDecode(info, out byte[] groupInfo) || !Jws.TryDecode(tag, out byte[] tagBytes))
        {
            return new(new PayloadProblem("$.mls", "base64url without padding is expected.").ToError());
        }

        return EndAsync(_actor.Commit(Now, peer.DeviceId, new(lease, epoch, commit, groupInfo, tagBytes)), MessageTypes.RekeyCommit, "committed");
    }

    internal ValueTask<Outcome> ReadyAsync(Peer peer, E2eeReadyPayload payload)
    {
        if (payload.Mls is not { } mls || !Jws.TryDecode(mls.Tag, out byte[] tag))
        {
            return new(new PayloadProblem("$.mls.tag", "The epoch's tag is needed.").ToError());
        }

        bool wasReady = Admits(peer);
        Verdict verdict = _actor.Ready(Now, peer.DeviceId, payload.Epoch, tag);
        if (verdict.IsDone && !wasReady)
        {
            _room.Bump();
            _context.Metrics.Keys.Ready(Now - _committedAt);
        }

        return EndAsync(verdict, MessageTypes.E2eeReady, "ready");
    }

    internal ValueTask<Outcome> SyncAsync(Peer peer, E2eeSyncPayload payload) =>
        EndAsync(_actor.Sync(Now, peer.DeviceId, payload.Generation, payload.Epoch), MessageTypes.E2eeSync, null);

    internal ValueTask<Outcome> RequestAsync(Peer peer, RekeyRequestPayload payload) =>
        EndAsync(_actor.Request(Now, peer.DeviceId, payload.Epoch), MessageTypes.RekeyRequest, null);

    internal ValueTask<Outcome> FaultAsync(Peer peer, E2eeFaultPayload payload)
    {
        // Two of them tell of something the group's state is not to blame for: they are counted, the device knows what to do.
        string code = payload.Code is "BAD_COMMIT" or "TAG_MISMATCH" or "POLICY" or "PLAINTEXT_LEAK" or "STATE_LOST" or "NO_KEY" ? payload.Code : "other";
        _context.Metrics.Keys.Fault(code);
        return code is "PLAINTEXT_LEAK" or "NO_KEY" or "other"
            ? new(Outcome.Done)
            : EndAsync(_actor.Fault(Now, peer.DeviceId, payload.Epoch, blamesCommit: code != "STATE_LOST"), MessageTypes.E2eeFault, null);
    }

    /// <summary>E2EE_POLICY for a device, with what it is to do.</summary>
    internal E2eePolicyPayload Policy(string device) => Policy(_actor.RoleOf(device));

    /// <summary>Carries out what was decided, in order.</summary>
    internal async ValueTask FlushAsync()
    {
        while (_due.TryDequeue(out Func<ValueTask>? next))
        {
            await next();
        }

        Arm();
    }

    /// <summary>The room ends: its epoch is what remains of it.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        try
        {
            _actor.Close();
        }
        catch (IOException exception)
        {
            // The record of the last epoch stands; a new room goes on from there all the same.
            _context.Log.LogError(exception, "The epoch of room {RoomId} could not be kept as it ended", _room.Id);
        }
    }

    // --- what the actor decides ---

    void IEncryptionSink.TellRole(KeyMember member, KeyRole role)
    {
        E2eePolicyPayload policy = Policy(role);
        Tell(member.Device, MessageTypes.E2eePolicy, policy, CallsJson.Default.E2eePolicyPayload);
    }

    void IEncryptionSink.TellLease(Lease lease)
    {
        RekeyBeginPayload open = new()
        {
            RoomId = _room.Id,
            Epoch = _actor.Epoch,
            NewEpoch = lease.NewEpoch,
            Reason = lease.Cause.Word(),
            LeaderDeviceId = lease.Holder.Device,
            DeadlineMs = (int)(lease.Deadline - lease.GrantedAt).TotalMilliseconds,
            Mls = new() { Generation = _actor.Generation, Removes = [.. lease.Removes.Select(Describe)], Members = [] },
        };
        RekeyBeginPayload own = open with
        {
            LeaseId = lease.Id,
            Mls = open.Mls with
            {
                Members = [.. _actor.Members.Where(member => member.Leaf is not null).Select(Describe)],
                GroupInfo = lease.Cause.IsExternal() ? Base64Url.EncodeToString(_actor.GroupInfo.Span) : null,
            },
        };
        Tell(lease.Holder.Device, MessageTypes.RekeyBegin, own, CallsJson.Default.RekeyBeginPayload);
        TellGroup(MessageTypes.RekeyBegin, open, CallsJson.Default.RekeyBeginPayload, except: lease.Holder.Device);
    }

    void IEncryptionSink.TellCommit(CommitNotice commit)
    {
        _committedAt = Now;
        _context.Metrics.Keys.Committed(commit.Cause.Word(), commit.Took);
        _room.Bump();
        LoggedCommit logged = commit.Commit;
        RekeyCommitPayload payload = new()
        {
            RoomId = _room.Id,
            Epoch = logged.Epoch,
            Reason = commit.Cause.Word(),
            LeaderDeviceId = logged.Device,
            ActivateInMs = (int)commit.ActivateIn.TotalMilliseconds,
            Mls = new()
            {
                Generation = _actor.Generation,
                MlsEpoch = (long)logged.MlsEpoch,
                Commit = logged.Commit.Length == 0 ? null : Base64Url.EncodeToString(logged.Commit),
                Leaf = logged.Leaf,
                Tag = Base64Url.EncodeToString(logged.Tag),
                Removes = [.. logged.Removes.Select(Describe)],
                Joined = logged.Joined is { } joined ? Describe(joined) : null,
            },
        };
        TellGroup(MessageTypes.RekeyCommit, payload, CallsJson.Default.RekeyCommitPayload);
    }

    void IEncryptionSink.TellActive(long epoch, int ready, int total, bool forced) => TellGroup(
        MessageTypes.RekeyActive,
        new() { RoomId = _room.Id, Epoch = epoch, Ready = ready, Total = total, Forced = forced },
        CallsJson.Default.RekeyActivePayload);

    void IEncryptionSink.TellLog(KeyMember member, IReadOnlyList<LoggedCommit> commits, bool isActive) => Tell(
        member.Device,
        MessageTypes.KeyLog,
        new() { RoomId = _room.Id, Generation = _actor.Generation, Epoch = _actor.Epoch, Active = isActive, Items = [.. commits.Select(DescribeItem)] },
        CallsJson.Default.KeyLogPayload);

    void IEncryptionSink.TellEvicted(KeyMember member, EvictionReason reason, TimeSpan? retryAfter)
    {
        _context.Metrics.Keys.Evicted(reason == EvictionReason.Fault ? "fault" : "lagging");
        Tell(
            member.Device,
            MessageTypes.E2eeEvicted,
            new() { RoomId = _room.Id, Epoch = _actor.Epoch, Reason = reason == EvictionReason.Fault ? "fault" : "lagging", RetryAfterMs = (long?)retryAfter?.TotalMilliseconds },
            CallsJson.Default.E2eeEvictedPayload);
    }

    void IEncryptionSink.SetForwarding(KeyMember member, bool isForwarded)
    {
        string device = member.Device;
        _due.Enqueue(() => _room.Media.SetForwardingAsync(device, isForwarded));
    }

    void IEncryptionSink.SetFrameLeaf(KeyMember member, int leaf)
    {
        string device = member.Device;
        _due.Enqueue(() => _room.Media.SetFrameLeafAsync(device, leaf));
    }

    void IEncryptionSink.SetFrameEpochs(ulong current, ulong oldest) => _due.Enqueue(() => _room.Media.SetFrameEpochsAsync(current, oldest));

    void IEncryptionSink.RequestKeyframes() => _due.Enqueue(_room.Media.RequestKeyframesAsync);

    void IEncryptionSink.Count(KeyEvent what) => _context.Metrics.Keys.Happened(what);

    // --- inside ---

    private Instant Now => new(_context.Time.GetElapsedTime(_origin).Ticks);

    private async ValueTask<Outcome> EndAsync(Verdict verdict, string type, string? state)
    {
        await FlushAsync();
        if (verdict.IsDone)
        {
            return Outcome.State(state, _room.Version);
        }

        if (verdict.Code is ErrorCodes.E2eeEpochMismatch or ErrorCodes.E2eeStaleEpoch)
        {
            _context.Metrics.EpochRefused(type);
        }
        else if (verdict.Check != CommitFault.None)
        {
            _context.Metrics.Keys.BadCommit(Word(verdict.Check));
        }

        return Outcome.Refused(verdict.Code!, Text(verdict.Code!), new()
        {
            ExpectedEpoch = verdict.ExpectedEpoch,
            Check = verdict.Check == CommitFault.None ? null : Word(verdict.Check),
            RetryAfterMs = (long?)verdict.RetryAfter?.TotalMilliseconds,
        });
    }

    private static string Text(string code) => code switch
    {
        ErrorCodes.E2eeStaleEpoch => "This epoch exists already",
        ErrorCodes.E2eeLeaseInvalid => "No such lease, or it ran out",
        ErrorCodes.E2eeBadCommit => "The commit is not what its lease asks for",
        ErrorCodes.E2eeTagMismatch => "The tag is not the committer's",
        ErrorCodes.E2eeEvicted => "This device was put out of the room's keys",
        ErrorCodes.E2eeEpochMismatch => "Another epoch is due",
        ErrorCodes.E2eeNotReady => "This device has no place in the group",
        _ => "The server could not keep the epoch",
    };

    // S5Removes is S5_REMOVES on the wire.
    private static string Word(CommitFault fault) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(fault.ToString());

    private void Tell<T>(string device, string type, T payload, JsonTypeInfo<T> typeInfo) => _due.Enqueue(() =>
    {
        if (_room.Find(device) is { } peer)
        {
            _room.Tell(peer, type, payload, typeInfo);
        }

        return ValueTask.CompletedTask;
    });

    // To whoever has a leaf and keeps it: the others have no use for it.
    private void TellGroup<T>(string type, T payload, JsonTypeInfo<T> typeInfo, string? except = null)
    {
        HashSet<string> devices = [.. _actor.Members.Where(member => member.Leaf is not null && member.Leaving is null && member.Device != except).Select(member => member.Device)];
        _due.Enqueue(() =>
        {
            _room.Broadcast(type, payload, typeInfo, only: devices);
            return ValueTask.CompletedTask;
        });
    }

    private E2eePolicyPayload Policy(KeyRole role) => new()
    {
        RoomId = _room.Id,
        Required = true,
        Epoch = _actor.Epoch,
        RekeyOnJoin = true,
        Profile = Profile,
        Mls = new()
        {
            GroupId = Base64Url.EncodeToString(_actor.GroupId.Span),
            Generation = _actor.Generation,
            MlsEpoch = (long?)_actor.MlsEpoch,
            Suite = _options.Suite,
            Wire = _options.Wire,
            SframeSuite = _options.SframeSuite,
            Kid = new() { EpochBits = 8, LeafBits = 10 },
            MinIdentity = _options.MinIdentity,
            Role = role switch { KeyRole.Create => "create", KeyRole.Join => "join", KeyRole.Resume => "resume", _ => "resync" },
            RekeyIntervalMs = (int)_options.RekeyInterval.TotalMilliseconds,
            ActivateMs = (int)_options.Activate.TotalMilliseconds,
            OverlapMs = (int)_options.Overlap.TotalMilliseconds,
            RemoveOverlapMs = (int)_options.OverlapRemoval.TotalMilliseconds,
            GraceMs = (int)_options.Grace.TotalMilliseconds,
            RoomSecret = _context.Options.E2ee.RoomSecretRequired ? "required" : "none",
        },
    };

    private static MlsMember Describe(KeyMember member) => new() { Dev = member.Device, Leaf = member.Leaf!.Value };

    private static MlsMember Describe(LeafRecord leaf) => new() { Dev = leaf.Device, Leaf = leaf.Leaf };

    private static KeyLogItem DescribeItem(LoggedCommit commit) => new()
    {
        Epoch = commit.Epoch,
        Commit = Base64Url.EncodeToString(commit.Commit),
        Tag = Base64Url.EncodeToString(commit.Tag),
        MlsEpoch = (long)commit.MlsEpoch,
        Leaf = commit.Leaf,
        Removes = [.. commit.Removes.Select(Describe)],
        Joined = commit.Joined is { } joined ? Describe(joined) : null,
    };

    private void Arm()
    {
        _timer?.Dispose();
        _timer = null;
        if (_actor.NextTimeout.IsNever)
        {
            return;
        }

        TimeSpan wait = _actor.NextTimeout - Now;
        _timer = _context.Time.CreateTimer(_ => _room.Post(OnTimeAsync), null, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private ValueTask OnTimeAsync()
    {
        _actor.Advance(Now);
        return FlushAsync();
    }
}
