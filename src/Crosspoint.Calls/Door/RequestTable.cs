using System.Collections.Frozen;
using Crosspoint.Calls.Limits;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Door;

/// <summary>Handles one request.</summary>
internal delegate ValueTask<Outcome> RequestHandler(Request request);

/// <summary>A row: who handles a type, what it is counted under.</summary>
internal sealed record RequestEntry(RequestHandler Handler, RateBucket Family, bool NeedsSession)
{
    /// <summary>The type's own limit besides its family's, or null.</summary>
    internal RateBucket? Own { get; init; }

    /// <summary>Whether its own limit follows the device from socket to socket.</summary>
    internal bool PerDevice { get; init; }
}

/// <summary>Every request the door takes, with its handler. Immutable.</summary>
internal sealed class RequestTable(SessionHandlers session, RoomHandlers room, E2eeHandlers e2ee)
{
    private readonly FrozenDictionary<string, RequestEntry> _entries = new Dictionary<string, RequestEntry>(StringComparer.Ordinal)
    {
        [MessageTypes.Hello] = Open(session.HelloAsync) with { Own = RateBucket.Hello },
        [MessageTypes.Auth] = Open(session.AuthAsync) with { Own = RateBucket.Auth },
        [MessageTypes.Ping] = Open(SessionHandlers.PingAsync),
        [MessageTypes.E2eeCaps] = Control(session.E2eeCapsAsync) with { Own = RateBucket.E2eeCaps },

        [MessageTypes.RoomCreate] = Control(room.CreateAsync) with { Own = RateBucket.RoomCreate },
        [MessageTypes.RoomJoin] = Control(room.JoinAsync) with { Own = RateBucket.RoomJoin },
        [MessageTypes.RoomLeave] = Control(RoomHandlers.LeaveAsync),
        [MessageTypes.RoomStateGet] = Control(RoomHandlers.GetStateAsync),
        [MessageTypes.GetRouterRtpCapabilities] = Control(RoomHandlers.GetRouterRtpCapabilitiesAsync),

        [MessageTypes.E2eeReady] = Control(E2eeHandlers.ReadyAsync),
        [MessageTypes.RekeyBegin] = Control(E2eeHandlers.RekeyBeginAsync) with { Own = RateBucket.RekeyBegin, PerDevice = true },
        [MessageTypes.RekeyCommit] = Control(E2eeHandlers.RekeyCommitAsync) with { Own = RateBucket.RekeyCommit, PerDevice = true },
        [MessageTypes.RekeyRequest] = Control(E2eeHandlers.RekeyRequestAsync) with { Own = RateBucket.RekeyRequest, PerDevice = true },
        [MessageTypes.E2eeSync] = Control(E2eeHandlers.SyncAsync) with { Own = RateBucket.KeyTrouble, PerDevice = true },
        [MessageTypes.E2eeFault] = Control(E2eeHandlers.FaultAsync) with { Own = RateBucket.KeyTrouble, PerDevice = true },
        [MessageTypes.PeerKick] = Control(RoomHandlers.KickAsync),
        [MessageTypes.KeyPackage] = Bulk(e2ee.KeyPackageAsync) with { Own = RateBucket.KeyPackage, PerDevice = true },
        [MessageTypes.KeyAck] = Bulk(e2ee.KeyAckAsync) with { Own = RateBucket.KeyAck, PerDevice = true },

        [MessageTypes.TransportCreate] = Bulk(MediaHandlers.TransportCreateAsync),
        [MessageTypes.TransportConnect] = Bulk(MediaHandlers.TransportConnectAsync),
        [MessageTypes.TransportStatsGet] = Bulk(MediaHandlers.TransportStatsGetAsync),
        [MessageTypes.IceRestart] = Bulk(MediaHandlers.IceRestartAsync),
        [MessageTypes.Produce] = Bulk(MediaHandlers.ProduceAsync),
        [MessageTypes.ProducerPause] = Bulk(MediaHandlers.ProducerPauseAsync),
        [MessageTypes.ProducerResume] = Bulk(MediaHandlers.ProducerResumeAsync),
        [MessageTypes.ProducerClose] = Bulk(MediaHandlers.ProducerCloseAsync),
        [MessageTypes.Consume] = Bulk(MediaHandlers.ConsumeAsync),
        [MessageTypes.ConsumerPause] = Bulk(MediaHandlers.ConsumerPauseAsync),
        [MessageTypes.ConsumerResume] = Bulk(MediaHandlers.ConsumerResumeAsync),
        [MessageTypes.ConsumerSetPreferredLayers] = Bulk(MediaHandlers.ConsumerSetPreferredLayersAsync),
        [MessageTypes.ConsumerSetPriority] = Bulk(MediaHandlers.ConsumerSetPriorityAsync),
        [MessageTypes.TransportSetLimits] = Bulk(MediaHandlers.TransportSetLimitsAsync),
        [MessageTypes.ConsumerClose] = Bulk(MediaHandlers.ConsumerCloseAsync),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    internal IEnumerable<string> Types => _entries.Keys;

    internal RequestEntry? Find(string type) => _entries.GetValueOrDefault(type);

    private static RequestEntry Open(RequestHandler handler) => new(handler, RateBucket.Global, NeedsSession: false);

    private static RequestEntry Control(RequestHandler handler) => new(handler, RateBucket.Global, NeedsSession: true);

    private static RequestEntry Bulk(RequestHandler handler) => new(handler, RateBucket.Media, NeedsSession: true);
}
