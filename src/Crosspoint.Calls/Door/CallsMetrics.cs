using System.Diagnostics.Metrics;
using Crosspoint.Calls.Limits;
using Crosspoint.Contracts.Calls;
using Crosspoint.Contracts.Metrics;
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
    private readonly Counter<long> _keyAcks;
    private readonly Counter<long> _setups;
    private readonly Counter<long> _bytesIn;
    private readonly Counter<long> _bytesOut;
    private readonly Counter<long> _framesOut;
    private readonly Counter<long> _iceOutcomes;
    private readonly KeyMetrics _keys;
    private readonly Histogram<double> _dtlsSeconds;
    private readonly Histogram<double> _setupSeconds;
    private readonly Histogram<double> _requestSeconds;
    private readonly Histogram<double> _joinWaitSeconds;

    /// <summary>With a meter of its own; one per server.</summary>
    public CallsMetrics(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _framesIn = Counter(MetricNames.CallsWsMessagesTotal);
        _framesDropped = Counter(MetricNames.CallsWsMessagesDroppedTotal);
        _refusals = Counter(MetricNames.CallsWsRefusalsTotal);
        _duplicates = Counter(MetricNames.CallsWsMessageDedupTotal);
        _closes = Counter(MetricNames.CallsWsClosesTotal);
        _admissions = Counter(MetricNames.CallsWsConnectsTotal);
        _authentications = Counter(MetricNames.CallsAuthAttemptsTotal);
        _resumes = Counter(MetricNames.CallsWsReconnectTotal);
        _joinTokens = Counter(MetricNames.CallsJoinRefusalsTotal);
        _peersJoined = Counter(MetricNames.CallsPeersJoinedTotal);
        _peersLeft = Counter(MetricNames.CallsPeersLeftTotal);
        _rekeys = Counter(MetricNames.CallsE2eeRekeyTotal);
        _rekeyAborts = Counter(MetricNames.CallsE2eeRekeyAbortTotal);
        _epochRefusals = Counter(MetricNames.CallsE2eeEpochDesyncTotal);
        _produced = Counter(MetricNames.CallsMediaProduceSuccessTotal);
        _consumed = Counter(MetricNames.CallsMediaConsumeSuccessTotal);
        _transportStates = Counter(MetricNames.CallsTransportStatesTotal);
        _mediaRefusals = Counter(MetricNames.CallsMediaRefusalsTotal);
        _mediaRoomsLost = Counter(MetricNames.CallsMediaRoomsLostTotal);
        _internalErrors = Counter(MetricNames.CallsInternalErrorsTotal);
        _keyAcks = Counter(MetricNames.CallsE2eeKeyAckTotal);
        _setups = Counter(MetricNames.CallsSetupSuccessTotal);
        _bytesIn = Counter(MetricNames.CrosspointWsReceivedBytesTotal);
        _bytesOut = Counter(MetricNames.CrosspointWsSentBytesTotal);
        _framesOut = Counter(MetricNames.CrosspointWsSentFramesTotal);
        _iceOutcomes = Counter(MetricNames.CallsTransportIceSuccessTotal);
        _keys = new(Counter, Histogram);
        _dtlsSeconds = Histogram(MetricNames.CallsTransportDtlsConnectSeconds);
        _setupSeconds = Histogram(MetricNames.CallsSetupDurationSeconds);
        _requestSeconds = Histogram(MetricNames.CrosspointWsRequestDurationSeconds);
        _joinWaitSeconds = Histogram(MetricNames.CrosspointJoinWaitSeconds);
    }

    /// <summary>Makes the house's fullness visible.</summary>
    internal void Observe(Func<DoorFigures> figures)
    {
        Gauge(MetricNames.CrosspointRooms, () => [new(figures().Rooms)]);
        Gauge(MetricNames.CrosspointPeers, () =>
        {
            DoorFigures now = figures();
            return [new(now.Peers - now.Rejoining, Label("state", "joined")), new(now.Rejoining, Label("state", "rejoining"))];
        });
        Gauge(MetricNames.CrosspointProducers, () =>
        {
            DoorFigures now = figures();
            return [new(now.AudioProducers, Label("kind", "audio")), new(now.Producers - now.AudioProducers, Label("kind", "video"))];
        });
        Gauge(MetricNames.CrosspointWsConnections, () => [new(figures().Sockets)]);
        Gauge(MetricNames.CrosspointJoinsWaiting, () =>
        {
            DoorFigures now = figures();
            return [new(now.WaitingReturning, LaneLabel(JoinLane.Returning)), new(now.WaitingNewcomers, LaneLabel(JoinLane.Newcomer))];
        });
        Gauge(MetricNames.CrosspointSessions, () => [new(figures().Sessions)]);
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

    /// <summary>What rooms' keys count, in profile mls-sframe-v1.</summary>
    internal KeyMetrics Keys => _keys;

    internal void EpochRefused(string type) => _epochRefusals.Add(1, Label("type", type));

    internal void Produced(MediaKind kind) => _produced.Add(1, Label("kind", kind == MediaKind.Audio ? "audio" : "video"));

    internal void Consumed(MediaKind kind) => _consumed.Add(1, Label("kind", kind == MediaKind.Audio ? "audio" : "video"));

    internal void TransportState(TransportConnectionState state, string reason) => _transportStates.Add(1, Label("state", state.ToString()), Label("reason", reason));

    internal void MediaRefused(string code) => _mediaRefusals.Add(1, Label("code", code));

    internal void MediaRoomLost() => _mediaRoomsLost.Add(1);

    internal void KeyAcked(string result) => _keyAcks.Add(1, Label("result", result));

    internal void SetUp(string result) => _setups.Add(1, Label("result", result));

    internal void SetUpTook(TimeSpan time) => _setupSeconds.Record(time.TotalSeconds);

    internal void RequestTook(string type, TimeSpan time) => _requestSeconds.Record(time.TotalSeconds, Label("type", type));

    internal void JoinWaited(JoinLane lane, TimeSpan time) => _joinWaitSeconds.Record(time.TotalSeconds, LaneLabel(lane));

    /// <summary>Bytes of a client's message.</summary>
    internal void BytesIn(int bytes) => _bytesIn.Add(bytes);

    /// <summary>A frame was sent.</summary>
    internal void FrameOut(int bytes)
    {
        _framesOut.Add(1);
        _bytesOut.Add(bytes);
    }

    internal void IceEnded(string result) => _iceOutcomes.Add(1, Label("result", result));

    internal void DtlsTook(TimeSpan time) => _dtlsSeconds.Record(time.TotalSeconds);

    internal void InternalError(string where) => _internalErrors.Add(1, Label("where", where));

    private Counter<long> Counter(string name)
    {
        MetricDescriptor row = MetricCatalogue.Of(name);
        Counter<long> counter = _meter.CreateCounter<long>(name, row.Unit, row.Meaning);
        if (row.Labels.Count == 0)
        {
            counter.Add(0); // there from the start, so that its first increase is seen as one
        }

        return counter;
    }

    private Histogram<double> Histogram(string name) => _meter.CreateHistogram<double>(name, MetricCatalogue.Of(name).Unit, MetricCatalogue.Of(name).Meaning);

    private void Gauge(string name, Func<IEnumerable<Measurement<int>>> observe) =>
        _meter.CreateObservableGauge(name, observe, MetricCatalogue.Of(name).Unit, MetricCatalogue.Of(name).Meaning);

    private static KeyValuePair<string, object?> LaneLabel(JoinLane lane) => Label("lane", lane == JoinLane.Returning ? "returning" : "newcomer");

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
