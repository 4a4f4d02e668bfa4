using System.Text.Json.Serialization.Metadata;
using Crosspoint.Calls.Door;
using Crosspoint.Calls.E2ee;
using Crosspoint.Calls.Sessions;
using Crosspoint.Contracts.Calls;
using Microsoft.Extensions.Logging;

namespace Crosspoint.Calls.Rooms;

/// <summary>A room: who is in it, its versions and its epoch. Everything that happens in it happens one after the other.</summary>
/// <remarks>
/// The mailbox owns all state; only the identities and the counters may be read from outside.
/// A room ends when the last device leaves it, or when nobody came within the idle time.
/// </remarks>
public sealed class Room
{
    // As long as the workers smooth their load.
    private const long OverloadRetryMs = 2000;

    // given to me
    private readonly RoomContext _context;
    private readonly Action<Room> _onClosed;

    // made by me
    private readonly Mailbox _mailbox;
    private readonly ITimer _idle;

    // state
    private readonly List<Peer> _peers = [];
    private readonly HashSet<string> _keptOut = new(StringComparer.Ordinal);
    private bool _isClosed;
    private int _peerCount;
    private int _rejoiningCount;

    internal Room(RoomPlan plan, RoomContext context, Action<Room> onClosed)
    {
        Plan = plan;
        _context = context;
        _onClosed = onClosed;
        _mailbox = new(OnFault);
        Epoch = new(plan.E2eeRequired);
        Media = new(this, context);
        Rekeys = new(this, context);
        Keys = plan.Profile == RoomKeys.Profile ? new(this, context) : null;
        _idle = context.Time.CreateTimer(_ => _mailbox.Post(CloseIfEmptyAsync), null, context.Options.Sessions.IdleRoom, Timeout.InfiniteTimeSpan);
        _ = _mailbox.RunAsync();
    }

    /// <summary>What it was made to be.</summary>
    public RoomPlan Plan { get; }

    /// <summary>Its id.</summary>
    public string Id => Plan.RoomId;

    /// <summary>Devices in it, rejoining ones included. Any thread.</summary>
    public int PeerCount => Volatile.Read(ref _peerCount);

    /// <summary>Devices in it whose socket is gone. Any thread.</summary>
    public int RejoiningCount => Volatile.Read(ref _rejoiningCount);

    /// <summary>Audio tracks published in it. Any thread.</summary>
    public int AudioProducerCount => Media.AudioProducerCount;

    /// <summary>Tracks published in it. Any thread.</summary>
    public int ProducerCount => Media.ProducerCount;

    internal RoomEpoch Epoch { get; }

    internal RoomMedia Media { get; }

    internal RekeyCoordinator Rekeys { get; }

    /// <summary>The keys, where the server orders them; null in profile epoch-v1, where <see cref="Epoch"/> and <see cref="Rekeys"/> are in use.</summary>
    internal RoomKeys? Keys { get; }

    internal long CurrentEpoch => Keys?.Epoch ?? Epoch.Current;

    internal long Version { get; private set; }

    internal long MemberSetVersion { get; private set; }

    internal IReadOnlyList<Peer> Peers => _peers;

    /// <summary>The device that has been here longest, of those that are connected if any is; it leads rekeys.</summary>
    internal string LeaderDeviceId => (_peers.Find(peer => peer.Connection is not null) ?? _peers.FirstOrDefault())?.DeviceId ?? "";

    // --- ways in, any thread ---

    /// <summary>Runs work in the mailbox; null when the room has ended.</summary>
    internal Task<Outcome?> InvokeAsync(Func<ValueTask<Outcome>> work) => _mailbox.InvokeAsync<Outcome?>(async () => _isClosed ? default(Outcome?) : await work(), whenClosed: default);

    /// <summary>Runs work in the mailbox without waiting for it.</summary>
    internal void Post(Func<ValueTask> work) => _mailbox.Post(() => _isClosed ? ValueTask.CompletedTask : work());

    /// <summary>Ends the room although somebody may be in it: the node stops. Its media is closed in good order.</summary>
    internal Task CloseAsync() => _mailbox.InvokeAsync(
        async () =>
        {
            if (!_isClosed)
            {
                await EndAsync();
            }

            return true;
        },
        whenClosed: true);

    // --- membership, in the mailbox ---

    /// <summary>Lets a device in, or tells one that is in already everything again.</summary>
    internal async ValueTask<Outcome> JoinAsync(Session session, Connection connection, string? displayName)
    {
        if (_keptOut.Contains(session.UserId))
        {
            _context.Metrics.JoinRefused("Kicked");
            return Outcome.Refused(ErrorCodes.Unauthorized, "This user was removed from the room", new() { Reason = "KICKED" });
        }

        if (Keys?.Objection(session) is { } objection)
        {
            _context.Metrics.JoinRefused("UnsupportedE2ee");
            await CloseIfEmptyAsync();
            return objection;
        }

        Peer? peer = _peers.Find(present => present.DeviceId == session.DeviceId);
        if (peer is null && _context.Media.Snapshot().IsOverloaded)
        {
            // Only who is new: those who come back are part of the load already.
            _context.Metrics.JoinRefused("Overloaded");
            await CloseIfEmptyAsync();
            return Outcome.Refused(ErrorCodes.NodeFull, "The media workers of this node are busy", new() { Reason = "OVERLOADED", RetryAfterMs = OverloadRetryMs });
        }

        if (peer is not null && peer.Session != session)
        {
            await LeaveAsync(peer, PeerLeftReason.Replaced, closeWhenEmpty: false);
            peer = null;
        }

        if (peer is null && _peers.Count >= Plan.MaxPeers)
        {
            return Outcome.Refused(ErrorCodes.RoomFull, "The room is full", new() { Limit = Plan.MaxPeers });
        }

        if (await Media.EnsureAsync() is { } problem)
        {
            await CloseIfEmptyAsync();
            return problem;
        }

        bool isNew = peer is null;
        peer ??= Enter(session, displayName);
        peer.Connection = connection;
        CountPeers();
        session.Stay = peer;
        if (isNew)
        {
            Keys?.Join(peer);
        }
        else
        {
            Keys?.Attach(peer);
        }

        Greet(peer, connection);
        if (isNew)
        {
            Broadcast(MessageTypes.PeerJoined, DescribeJoin(peer), CallsJson.Default.PeerJoinedPayload, except: peer);
            Rekeys.Require("member_join");
        }

        await FlushKeysAsync();
        await AgreeWithDirectoryAsync(peer);
        return Outcome.State("joined", Version);
    }

    /// <summary>Takes a device out, with everything it publishes and receives.</summary>
    internal async ValueTask LeaveAsync(Peer peer, PeerLeftReason reason, bool closeWhenEmpty = true)
    {
        if (!_peers.Contains(peer))
        {
            return;
        }

        if (!peer.IsSetUp && peer.Transports.Count > 0)
        {
            _context.Metrics.SetUp("abandoned");
        }

        // First of all nothing is forwarded any more; the group follows when somebody commits.
        Keys?.Leave(peer, reason == PeerLeftReason.Kicked);
        await Media.RemovePeerAsync(peer);
        _peers.Remove(peer);
        CountPeers();
        Interlocked.CompareExchange(ref peer.Session.Stay, null, peer);
        MemberSetVersion++;
        Broadcast(MessageTypes.PeerLeft, DescribeLeave(peer, Bump(), reason), CallsJson.Default.PeerLeftPayload);
        _context.Metrics.PeerLeft(reason);
        Rekeys.OnLeft(peer);
        await FlushKeysAsync();
        if (closeWhenEmpty)
        {
            await CloseIfEmptyAsync();
        }
    }

    /// <summary>Takes a device out against its will; its user stays out for as long as the room lives.</summary>
    internal async ValueTask KickAsync(Peer peer)
    {
        _keptOut.Add(peer.UserId);
        foreach (Peer device in _peers.Where(present => present.UserId == peer.UserId).ToArray())
        {
            Tell(device, MessageTypes.PeerLeft, DescribeLeave(device, Version, PeerLeftReason.Kicked), CallsJson.Default.PeerLeftPayload);
            await LeaveAsync(device, PeerLeftReason.Kicked, closeWhenEmpty: false);
        }

        await CloseIfEmptyAsync();
    }

    /// <summary>A device's socket broke: it stays, shown as rejoining, until its session ends or resumes.</summary>
    internal ValueTask OnConnectionLostAsync(Peer peer, Connection lost)
    {
        // Compared, not assumed: when an old socket closes after the device came back, nothing happens here.
        if (!_peers.Contains(peer) || peer.Connection != lost)
        {
            return ValueTask.CompletedTask;
        }

        peer.Connection = null;
        CountPeers();
        TellState(peer);
        Keys?.Detach(peer);
        return FlushKeysAsync();
    }

    /// <summary>A device resumed on a new socket: it gets the whole room, which covers everything it missed.</summary>
    internal async ValueTask<Outcome> OnResumedAsync(Peer peer, Connection connection)
    {
        if (!_peers.Contains(peer))
        {
            return Outcome.Done;
        }

        bool wasAway = peer.Connection is null;
        peer.Connection = connection;
        CountPeers();
        if (wasAway)
        {
            TellState(peer);
        }

        connection.SendDirect(MessageTypes.RoomSnapshot, Snapshot(), CallsJson.Default.RoomSnapshotPayload);
        Media.TellAgain(peer);
        if (Keys is { } keys)
        {
            keys.Attach(peer);
            connection.SendDirect(MessageTypes.E2eePolicy, keys.Policy(peer.DeviceId), CallsJson.Default.E2eePolicyPayload);
            await keys.FlushAsync();
        }

        return Outcome.Done;
    }

    /// <summary>Whether media verbs of a peer are accepted.</summary>
    internal bool Admits(Peer peer) => Keys?.Admits(peer) ?? Epoch.Admits(peer.DeclaredEpoch);

    /// <summary>The refusal of a media verb.</summary>
    internal AckError NotReady(Peer peer) => Keys?.NotReady(peer) ?? Epoch.NotReady();

    internal Peer? Find(string deviceId) => _peers.Find(peer => peer.DeviceId == deviceId);

    // --- telling, in the mailbox ---

    /// <summary>One more change; the new version.</summary>
    internal long Bump() => ++Version;

    /// <summary>Sends one frame, written once, to everybody who has a socket, or to those devices of them.</summary>
    internal void Broadcast<T>(string type, T payload, JsonTypeInfo<T> typeInfo, Peer? except = null, IReadOnlySet<string>? only = null)
    {
        byte[]? frame = null;
        foreach (Peer peer in _peers)
        {
            if (peer != except && peer.Connection is { } connection && only?.Contains(peer.DeviceId) != false)
            {
                connection.Send(frame ??= _context.Frames.Write(type, null, payload, typeInfo));
            }
        }
    }

    /// <summary>Sends one frame without seq to one peer, if it has a socket.</summary>
    internal void Tell<T>(Peer peer, string type, T payload, JsonTypeInfo<T> typeInfo) =>
        peer.Connection?.Send(_context.Frames.Write(type, null, payload, typeInfo));

    internal RoomSnapshotPayload Snapshot() => new()
    {
        RoomId = Id,
        CallId = Plan.CallId,
        Region = _context.Options.Node.Region,
        NodeId = _context.Options.Node.NodeId,
        Epoch = CurrentEpoch,
        MemberSetVersion = MemberSetVersion,
        RoomVersion = Version,
        ServerTime = _context.Frames.Now,
        Peers = [.. _peers.Select(Summarise)],
        Producers = [.. Media.Summarise()],
        E2ee = new()
        {
            Required = Epoch.IsRequired,
            Epoch = CurrentEpoch,
            LeaderDeviceId = LeaderDeviceId,
            ExpectedSenderDevices = [.. _peers.Select(peer => peer.DeviceId)],
            MissingSenderKeys = [],
        },
    };

    /// <summary>What the room is at this moment, for ROOM_CREATED.</summary>
    internal RoomCreatedPayload DescribeCreated(string? joinToken) => new()
    {
        RoomId = Id,
        CallId = Plan.CallId,
        Region = _context.Options.Node.Region,
        NodeId = _context.Options.Node.NodeId,
        Epoch = CurrentEpoch,
        MemberSetVersion = MemberSetVersion,
        RoomVersion = Version,
        JoinToken = joinToken,
    };

    private Peer Enter(Session session, string? displayName)
    {
        Peer peer = new(this, session, null) { JoinedAt = _context.Time.GetTimestamp(), DisplayName = displayName };
        _peers.Add(peer);
        MemberSetVersion++;
        Bump();
        _context.Metrics.PeerJoined();
        return peer;
    }

    // While the join ran (it may wait for the media plane) the session may have ended or moved to another socket.
    private async ValueTask AgreeWithDirectoryAsync(Peer peer)
    {
        Connection? current = _context.Sessions.CurrentConnection(peer.Session, out bool hasEnded);
        if (hasEnded)
        {
            await LeaveAsync(peer, PeerLeftReason.Replaced);
        }
        else if (peer.Connection != current)
        {
            peer.Connection = current;
            CountPeers();
        }
    }

    private void CountPeers()
    {
        Volatile.Write(ref _peerCount, _peers.Count);
        Volatile.Write(ref _rejoiningCount, _peers.Count(peer => peer.Connection is null));
    }

    private void Greet(Peer peer, Connection connection)
    {
        connection.SendDirect(MessageTypes.RoomJoinOk, DescribeJoinOk(peer), CallsJson.Default.RoomJoinOkPayload);
        connection.SendDirect(MessageTypes.E2eePolicy, Keys?.Policy(peer.DeviceId) ?? DescribePolicy(), CallsJson.Default.E2eePolicyPayload);
        connection.SendDirect(MessageTypes.RoomSnapshot, Snapshot(), CallsJson.Default.RoomSnapshotPayload);
        Media.TellDominant(peer);
    }

    private ValueTask FlushKeysAsync() => Keys?.FlushAsync() ?? ValueTask.CompletedTask;

    private void TellState(Peer peer) => Broadcast(
        MessageTypes.PeerState,
        new() { RoomId = Id, RoomVersion = Bump(), UserId = peer.UserId, DeviceId = peer.DeviceId, PeerId = peer.Id, State = peer.State },
        CallsJson.Default.PeerStatePayload,
        except: peer);

    private RoomJoinOkPayload DescribeJoinOk(Peer peer) => new()
    {
        RoomId = Id,
        CallId = Plan.CallId,
        Region = _context.Options.Node.Region,
        NodeId = _context.Options.Node.NodeId,
        Epoch = CurrentEpoch,
        MemberSetVersion = MemberSetVersion,
        RoomVersion = Version,
        Mediasoup = new()
        {
            RouterRtpCapabilities = Media.RouterRtpCapabilities,
            SendTransportOptions = new() { Id = "send_" + peer.DeviceId },
            RecvTransportOptions = new() { Id = "recv_" + peer.DeviceId },
        },
        E2ee = new() { Required = Epoch.IsRequired, Epoch = CurrentEpoch },
    };

    private E2eePolicyPayload DescribePolicy() => new()
    {
        RoomId = Id,
        Required = Epoch.IsRequired,
        Epoch = CurrentEpoch,
        RekeyOnJoin = _context.Options.E2ee.RekeyOnJoin,
        Profile = RoomEpoch.Profile,
    };

    private PeerSummary Summarise(Peer peer) => new()
    {
        UserId = peer.UserId,
        DeviceId = peer.DeviceId,
        DisplayName = peer.DisplayName,
        PeerId = peer.Id,
        Role = PeerRole.Member,
        State = peer.State,
        E2eeReady = Admits(peer),
    };

    private PeerJoinedPayload DescribeJoin(Peer peer) => new()
    {
        RoomId = Id,
        UserId = peer.UserId,
        DeviceId = peer.DeviceId,
        DisplayName = peer.DisplayName,
        PeerId = peer.Id,
        MemberSetVersion = MemberSetVersion,
        RoomVersion = Version,
    };

    private PeerLeftPayload DescribeLeave(Peer peer, long version, PeerLeftReason reason) => new()
    {
        RoomId = Id,
        UserId = peer.UserId,
        DeviceId = peer.DeviceId,
        PeerId = peer.Id,
        MemberSetVersion = MemberSetVersion,
        RoomVersion = version,
        Reason = reason,
    };

    private async ValueTask CloseIfEmptyAsync()
    {
        if (!_isClosed && _peers.Count == 0)
        {
            await EndAsync();
        }
    }

    private async ValueTask EndAsync()
    {
        _isClosed = true;
        _onClosed(this);
        _mailbox.Close();
        await _idle.DisposeAsync();
        Rekeys.Dispose();
        Keys?.Dispose();
        await Media.DisposeAsync();
    }

    private void OnFault(Exception exception)
    {
        _context.Metrics.InternalError("room");
        _context.Log.LogError(exception, "Room {RoomId} failed at a task of its own", Id);
    }
}
