using System.Diagnostics.Metrics;
using Crosspoint.Contracts.Calls;
using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Calls.Door;

/// <summary>What the door counts. Every drop, refusal and close has its reason as a label; labels are bounded sets of words.</summary>
public sealed class CallsMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Crosspoint.Calls";

    private readonly Meter _meter;
    private readonly Counter<long> _framesIn;
    private readonly Counter<long> _framesDropped;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _closes;
    private readonly Counter<long> _admissions;
    private readonly Counter<long> _authentications;
    private readonly Counter<long> _resumes;
    private readonly Counter<long> _joinTokens;
    private readonly Counter<long> _peersJoined;
    private readonly Counter<long> _peersLeft;
    private readonly Counter<long> _rekeys;
    private readonly Counter<long> _rekeyAborts;
    private readonly Counter<long> _epochRefusals;
    private readonly Counter<long> _produced;
    private readonly Counter<long> _consumed;
    private readonly Counter<long> _transportStates;
    private readonly Counter<long> _mediaRefusals;
    private readonly Counter<long> _mediaRoomsLost;
    private readonly Counter<long> _internalErrors;

    /// <summary>With a meter of its own; one per server.</summary>
    public CallsMetrics(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _framesIn = Counter("calls.ws.messages", "Messages taken in, by type");
        _framesDropped = Counter("calls.ws.messages.dropped", "Messages dropped without an answer, by reason");
        _refusals = Counter("calls.ws.refusals", "Requests refused, by type and error code");
        _duplicates = Counter("calls.ws.message.dedup", "Repeated messages answered from memory");
        _closes = Counter("calls.ws.closes", "Sockets closed, by reason");
        _admissions = Counter("calls.ws.connects", "Sockets that tried to open, by result");
        _authentications = Counter("calls.auth.attempts", "AUTH, by result");
        _resumes = Counter("calls.ws.reconnect", "HELLO with a resume token, by result");
        _joinTokens = Counter("calls.join.refusals", "Joins refused, by reason");
        _peersJoined = Counter("calls.peers.joined", "Devices that entered a room");
        _peersLeft = Counter("calls.peers.left", "Devices that left a room, by reason");
        _rekeys = Counter("calls.e2ee.rekey", "Epochs committed");
        _rekeyAborts = Counter("calls.e2ee.rekey.abort", "Rekeys given up, by reason");
        _epochRefusals = Counter("calls.e2ee.epoch.desync", "Requests that named a wrong epoch, by type");
        _produced = Counter("calls.media.produce.success", "Producers made, by kind");
        _consumed = Counter("calls.media.consume.success", "Consumers made, by kind");
        _transportStates = Counter("calls.transport.states", "Transport state changes, by state");
        _mediaRefusals = Counter("calls.media.refusals", "Refusals of the media plane, by code");
        _mediaRoomsLost = Counter("calls.media.rooms.lost", "Rooms whose media worker died");
        _internalErrors = Counter("calls.internal.errors", "Broken invariants, by place");
    }

    /// <summary>Makes the house's fullness visible.</summary>
    internal void Observe(Func<DoorFigures> figures)
    {
        _meter.CreateObservableGauge("calls.rooms", () => figures().Rooms, unit: null, "Rooms now");
        _meter.CreateObservableGauge("calls.peers", () => figures().Peers, unit: null, "Devices in rooms now");
        _meter.CreateObservableGauge("calls.producers", () => figures().Producers, unit: null, "Published tracks now");
        _meter.CreateObservableGauge("calls.sockets", () => figures().Sockets, unit: null, "Sockets now");
        _meter.CreateObservableGauge("calls.sessions", () => figures().Sessions, unit: null, "Devices now, in grace included");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void MessageIn(string type) => _framesIn.Add(1, Label("type", type));

    internal void MessageDropped(string reason) => _framesDropped.Add(1, Label("reason", reason));

    internal void Refused(string type, string code) => _refusals.Add(1, Label("type", type), Label("code", code));

    internal void Duplicate() => _duplicates.Add(1);

    /// <summary>A socket was closed, by us or the client.</summary>
    public void Closed(string reason) => _closes.Add(1, Label("reason", reason));

    /// <summary>A socket tried to open.</summary>
    public void Connected(string result) => _admissions.Add(1, Label("result", result));

    internal void Authenticated(string result) => _authentications.Add(1, Label("result", result));

    internal void Resumed(string result) => _resumes.Add(1, Label("result", result));

    internal void JoinRefused(string reason) => _joinTokens.Add(1, Label("reason", reason));

    internal void PeerJoined() => _peersJoined.Add(1);

    internal void PeerLeft(PeerLeftReason reason) => _peersLeft.Add(1, Label("reason", reason.ToString()));

    internal void Rekeyed() => _rekeys.Add(1);

    internal void RekeyAborted(string reason) => _rekeyAborts.Add(1, Label("reason", reason));

    internal void EpochRefused(string type) => _epochRefusals.Add(1, Label("type", type));

    internal void Produced(MediaKind kind) => _produced.Add(1, Label("kind", kind == MediaKind.Audio ? "audio" : "video"));

    internal void Consumed(MediaKind kind) => _consumed.Add(1, Label("kind", kind == MediaKind.Audio ? "audio" : "video"));

    internal void TransportState(TransportConnectionState state, string reason) => _transportStates.Add(1, Label("state", state.ToString()), Label("reason", reason));

    internal void MediaRefused(string code) => _mediaRefusals.Add(1, Label("code", code));

    internal void MediaRoomLost() => _mediaRoomsLost.Add(1);

    internal void InternalError(string where) => _internalErrors.Add(1, Label("where", where));

    private Counter<long> Counter(string name, string description) => _meter.CreateCounter<long>(name, unit: null, description);

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
