using System.Collections.Frozen;

namespace Crosspoint.Contracts.Calls;

/// <summary>Every message of the calls door: the one table that code, schemas, TypeScript and documentation share.</summary>
public static class MessageCatalogue
{
    /// <summary>All messages: requests, relays, answers, broadcasts.</summary>
    public static IReadOnlyList<MessageDescriptor> All { get; } =
    [
        .. Requests(),
        .. ServerFrames(),
    ];

    private static readonly FrozenDictionary<string, MessageDescriptor> ByType = All.ToFrozenDictionary(m => m.Type, StringComparer.Ordinal);

    /// <summary>Errors every request may be refused with.</summary>
    public static IReadOnlyList<string> CommonErrors { get; } =
        [ErrorCodes.ValidationFailed, ErrorCodes.ReplayDetected, ErrorCodes.Unauthenticated, ErrorCodes.RateLimited, ErrorCodes.InternalError];

    /// <summary>The row of <paramref name="type"/>, or null when there is none.</summary>
    public static MessageDescriptor? Find(string type) => ByType.GetValueOrDefault(type);

    /// <summary>Whether a client may send <paramref name="type"/>.</summary>
    public static bool IsRequest(string type) => Find(type) is { } row && row.Direction.HasFlag(MessageDirection.ClientToServer);

    private static MessageDescriptor[] Requests() =>
    [
        new(MessageTypes.Hello, MessageDirection.ClientToServer, CallsJson.Default.HelloPayload, "V1")
        {
            Summary = "First frame of a connection; may ask to resume a session.",
            Scope = MessageScope.Open,
            Answers = [MessageTypes.Welcome],
        },
        new(MessageTypes.Auth, MessageDirection.ClientToServer, CallsJson.Default.AuthPayload, "V1")
        {
            Summary = "Proves who the user is and binds the device to them.",
            Scope = MessageScope.Open,
            Answers = [MessageTypes.AuthOk],
            Errors = [ErrorCodes.Unauthenticated],
        },
        new(MessageTypes.Ping, MessageDirection.ClientToServer, CallsJson.Default.EmptyPayload, "V1")
        {
            Summary = "Keeps the connection alive.",
            Scope = MessageScope.Open,
        },
        new(MessageTypes.E2eeCaps, MessageDirection.ClientToServer, CallsJson.Default.E2eeCapsPayload, "V1")
        {
            Summary = "Declares what end-to-end encryption the client can do.",
            Scope = MessageScope.Authenticated,
            Errors = [ErrorCodes.UnsupportedE2ee],
        },
        new(MessageTypes.RoomCreate, MessageDirection.ClientToServer, CallsJson.Default.RoomCreatePayload, "V1")
        {
            Summary = "Makes a room or names an existing one.",
            Scope = MessageScope.Authenticated,
            Answers = [MessageTypes.RoomCreated, MessageTypes.RoomJoinSecret],
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.NodeFull],
        },
        new(MessageTypes.RoomJoin, MessageDirection.ClientToServer, CallsJson.Default.RoomJoinPayload, "V1")
        {
            Summary = "Enters a room.",
            Scope = MessageScope.Authenticated,
            Answers = [MessageTypes.RoomJoinOk, MessageTypes.E2eePolicy, MessageTypes.RoomSnapshot],
            Errors = [ErrorCodes.UnsupportedE2ee, ErrorCodes.Unauthorized, ErrorCodes.RoomNotFound, ErrorCodes.RoomFull, ErrorCodes.NodeFull],
        },
        new(MessageTypes.RoomLeave, MessageDirection.ClientToServer, CallsJson.Default.RoomLeavePayload, "V2")
        {
            Summary = "Leaves a room.",
            Scope = MessageScope.Member,
            Answers = [MessageTypes.RoomLeft],
            Errors = [ErrorCodes.Unauthorized],
        },
        new(MessageTypes.RoomStateGet, MessageDirection.ClientToServer, CallsJson.Default.RoomScopedPayload, "V3")
        {
            Summary = "Asks for the whole room.",
            Scope = MessageScope.Member,
            Answers = [MessageTypes.RoomState],
            Errors = [ErrorCodes.Unauthorized],
        },
        new(MessageTypes.GetRouterRtpCapabilities, MessageDirection.ClientToServer, CallsJson.Default.RoomScopedPayload, "V2")
        {
            Summary = "Asks for the router capabilities.",
            Scope = MessageScope.Member,
            Answers = [MessageTypes.RouterRtpCapabilities],
            Errors = [ErrorCodes.Unauthorized],
        },
        new(MessageTypes.E2eeReady, MessageDirection.ClientToServer, CallsJson.Default.E2eeReadyPayload, "V1")
        {
            Summary = "Declares that this device holds the keys of an epoch.",
            Scope = MessageScope.Member,
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.E2eeEpochMismatch, ErrorCodes.E2eeTagMismatch, ErrorCodes.E2eeEvicted],
        },
        new(MessageTypes.TransportCreate, MessageDirection.ClientToServer, CallsJson.Default.TransportCreatePayload, "V1")
        {
            Summary = "Makes a WebRTC transport.",
            Scope = MessageScope.MediaGate,
            Answers = [MessageTypes.TransportCreated],
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.E2eeNotReady, ErrorCodes.SfuNotReady, ErrorCodes.NodeFull],
        },
        new(MessageTypes.TransportConnect, MessageDirection.ClientToServer, CallsJson.Default.TransportConnectPayload, "V1")
        {
            Summary = "Gives the client's DTLS fingerprints for a transport.",
            Scope = MessageScope.MediaGate,
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.E2eeNotReady, ErrorCodes.TransportNotFound, ErrorCodes.SfuNotReady],
        },
        new(MessageTypes.IceRestart, MessageDirection.ClientToServer, CallsJson.Default.IceRestartPayload, "V1")
        {
            Summary = "Asks for new ICE credentials for a transport.",
            Scope = MessageScope.Member,
            Answers = [MessageTypes.IceRestartOk],
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.TransportNotFound, ErrorCodes.IceRestartFailed],
        },
        new(MessageTypes.TransportStatsGet, MessageDirection.ClientToServer, CallsJson.Default.TransportStatsGetPayload, "X")
        {
            Summary = "Asks for the figures of a transport.",
            Scope = MessageScope.Member,
            Answers = [MessageTypes.TransportStats],
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.TransportNotFound],
        },
        new(MessageTypes.Produce, MessageDirection.ClientToServer, CallsJson.Default.ProducePayload, "V1")
        {
            Summary = "Starts sending a track.",
            Scope = MessageScope.MediaGate,
            Answers = [MessageTypes.Produced],
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.E2eeNotReady, ErrorCodes.TransportNotFound, ErrorCodes.E2eeEnforcementFailed, ErrorCodes.SfuNotReady],
        },
        new(MessageTypes.ProducerPause, MessageDirection.ClientToServer, CallsJson.Default.ProducerReferencePayload, "X")
        {
            Summary = "Pauses one's own producer.",
            Scope = MessageScope.Member,
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.ProducerNotFound],
        },
        new(MessageTypes.ProducerResume, MessageDirection.ClientToServer, CallsJson.Default.ProducerReferencePayload, "X")
        {
            Summary = "Resumes one's own producer.",
            Scope = MessageScope.Member,
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.ProducerNotFound],
        },
        new(MessageTypes.ProducerClose, MessageDirection.ClientToServer, CallsJson.Default.ProducerReferencePayload, "V3")
        {
            Summary = "Ends one's own producer.",
            Scope = MessageScope.Member,
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.ProducerNotFound, ErrorCodes.ProducerCloseFailed],
        },
        new(MessageTypes.Consume, MessageDirection.ClientToServer, CallsJson.Default.ConsumePayload, "V1")
        {
            Summary = "Starts receiving a producer.",
            Scope = MessageScope.MediaGate,
            Answers = [MessageTypes.ConsumerAdded],
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.E2eeNotReady, ErrorCodes.TransportNotFound, ErrorCodes.ProducerNotFound, ErrorCodes.CannotConsume, ErrorCodes.SfuNotReady],
        },
        new(MessageTypes.ConsumerPause, MessageDirection.ClientToServer, CallsJson.Default.ConsumerReferencePayload, "X")
        {
            Summary = "Pauses one's own consumer.",
            Scope = MessageScope.Member,
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.ConsumerNotFound],
        },
        new(MessageTypes.ConsumerResume, MessageDirection.ClientToServer, CallsJson.Default.ConsumerReferencePayload, "V2")
        {
            Summary = "Resumes one's own consumer.",
            Scope = MessageScope.Member,
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.ConsumerNotFound, ErrorCodes.ConsumerResumeFailed],
        },
        new(MessageTypes.ConsumerSetPreferredLayers, MessageDirection.ClientToServer, CallsJson.Default.ConsumerSetPreferredLayersPayload, "X")
        {
            Summary = "Says which layers of a video are wanted at most.",
            Scope = MessageScope.Member,
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.ConsumerNotFound, ErrorCodes.SfuNotReady],
        },
        new(MessageTypes.ConsumerSetPriority, MessageDirection.ClientToServer, CallsJson.Default.ConsumerSetPriorityPayload, "X")
        {
            Summary = "Says how much a video matters among those received.",
            Scope = MessageScope.Member,
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.ConsumerNotFound, ErrorCodes.SfuNotReady],
        },
        new(MessageTypes.TransportSetLimits, MessageDirection.ClientToServer, CallsJson.Default.TransportSetLimitsPayload, "X")
        {
            Summary = "Says how much video a receive transport wants at most.",
            Scope = MessageScope.Member,
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.TransportNotFound, ErrorCodes.SfuNotReady],
        },
        new(MessageTypes.ConsumerClose, MessageDirection.ClientToServer, CallsJson.Default.ConsumerReferencePayload, "V3")
        {
            Summary = "Ends one's own consumer.",
            Scope = MessageScope.Member,
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.ConsumerNotFound],
        },
        new(MessageTypes.RekeyBegin, MessageDirection.Both, CallsJson.Default.RekeyBeginPayload, "V1")
        {
            Summary = "Announces a rekey; relayed to every member, its sender included.",
            Scope = MessageScope.Member,
            Delivery = MessageDelivery.Broadcast,
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.E2eeEpochMismatch, ErrorCodes.E2eeLeaseInvalid],
        },
        new(MessageTypes.RekeyCommit, MessageDirection.Both, CallsJson.Default.RekeyCommitPayload, "V1")
        {
            Summary = "Moves the room to the next epoch and clears all readiness; relayed to every member, its sender included.",
            Scope = MessageScope.Member,
            Delivery = MessageDelivery.Broadcast,
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.E2eeEpochMismatch, ErrorCodes.E2eeLeaseInvalid, ErrorCodes.E2eeStaleEpoch, ErrorCodes.E2eeBadCommit, ErrorCodes.E2eeEvicted],
        },
        new(MessageTypes.RekeyRequest, MessageDirection.ClientToServer, CallsJson.Default.RekeyRequestPayload, "X")
        {
            Summary = "Asks for a rekey now, where the server leads them.",
            Scope = MessageScope.Member,
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.UnsupportedE2ee, ErrorCodes.E2eeEvicted],
        },
        new(MessageTypes.E2eeSync, MessageDirection.ClientToServer, CallsJson.Default.E2eeSyncPayload, "X")
        {
            Summary = "Says which epoch this device has and asks for what it missed.",
            Scope = MessageScope.Member,
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.UnsupportedE2ee, ErrorCodes.E2eeEvicted],
        },
        new(MessageTypes.E2eeFault, MessageDirection.ClientToServer, CallsJson.Default.E2eeFaultPayload, "X")
        {
            Summary = "Tells that this device cannot follow an epoch, or found something wrong.",
            Scope = MessageScope.Member,
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.UnsupportedE2ee],
        },
        new(MessageTypes.PeerKick, MessageDirection.ClientToServer, CallsJson.Default.PeerKickPayload, "X")
        {
            Summary = "Removes a device from the room; for its creator.",
            Scope = MessageScope.Member,
            Errors = [ErrorCodes.Unauthorized],
        },
        new(MessageTypes.KeyPackage, MessageDirection.Both, CallsJson.Default.KeyPackagePayload, "V1")
        {
            Summary = "Key material for other members; relayed.",
            Scope = MessageScope.Member,
            Delivery = MessageDelivery.Broadcast,
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.KeyPackageInvalid, ErrorCodes.KeyPackageTargetNotFound, ErrorCodes.KeyPackageTargetOffline],
        },
        new(MessageTypes.KeyAck, MessageDirection.Both, CallsJson.Default.KeyAckPayload, "V1")
        {
            Summary = "Tells that key material arrived; relayed.",
            Scope = MessageScope.Member,
            Delivery = MessageDelivery.Broadcast,
            Errors = [ErrorCodes.Unauthorized, ErrorCodes.KeyAckInvalid],
        },
    ];

    private static MessageDescriptor[] ServerFrames() =>
    [
        new(MessageTypes.Ack, MessageDirection.ServerToClient, CallsJson.Default.AckPayload, "V1")
        {
            Summary = "The outcome of a request; the last frame it causes.",
            Delivery = MessageDelivery.Ack,
        },
        new(MessageTypes.Welcome, MessageDirection.ServerToClient, CallsJson.Default.WelcomePayload, "V1")
        {
            Summary = "Answers HELLO.",
            Delivery = MessageDelivery.Direct,
        },
        new(MessageTypes.AuthOk, MessageDirection.ServerToClient, CallsJson.Default.AuthOkPayload, "V1")
        {
            Summary = "Answers AUTH.",
            Delivery = MessageDelivery.Direct,
        },
        new(MessageTypes.AuthFail, MessageDirection.ServerToClient, CallsJson.Default.AuthFailPayload, "V2")
        {
            Summary = "Precedes a close with 4001.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.RoomCreated, MessageDirection.ServerToClient, CallsJson.Default.RoomCreatedPayload, "V1")
        {
            Summary = "Answers ROOM_CREATE.",
            Delivery = MessageDelivery.Direct,
        },
        new(MessageTypes.RoomJoinSecret, MessageDirection.ServerToClient, CallsJson.Default.RoomJoinSecretPayload, "V2")
        {
            Summary = "Follows ROOM_CREATED when the caller made the room.",
            Delivery = MessageDelivery.Direct,
        },
        new(MessageTypes.RoomJoinOk, MessageDirection.ServerToClient, CallsJson.Default.RoomJoinOkPayload, "V1")
        {
            Summary = "First answer to ROOM_JOIN.",
            Delivery = MessageDelivery.Direct,
        },
        new(MessageTypes.E2eePolicy, MessageDirection.ServerToClient, CallsJson.Default.E2eePolicyPayload, "V1")
        {
            Summary = "Second answer to ROOM_JOIN.",
            Delivery = MessageDelivery.Direct,
        },
        new(MessageTypes.RoomSnapshot, MessageDirection.ServerToClient, CallsJson.Default.RoomSnapshotPayload, "V1")
        {
            Summary = "Third answer to ROOM_JOIN, and what follows a resume: the whole room.",
            Delivery = MessageDelivery.Direct,
        },
        new(MessageTypes.RoomState, MessageDirection.ServerToClient, CallsJson.Default.RoomSnapshotPayload, "V3")
        {
            Summary = "Answers ROOM_STATE_GET: the whole room.",
            Delivery = MessageDelivery.Direct,
        },
        new(MessageTypes.RoomLeft, MessageDirection.ServerToClient, CallsJson.Default.RoomLeftPayload, "V2")
        {
            Summary = "Answers ROOM_LEAVE.",
            Delivery = MessageDelivery.Direct,
        },
        new(MessageTypes.RouterRtpCapabilities, MessageDirection.ServerToClient, CallsJson.Default.RouterRtpCapabilitiesPayload, "V2")
        {
            Summary = "Answers GET_ROUTER_RTP_CAPABILITIES.",
            Delivery = MessageDelivery.Direct,
        },
        new(MessageTypes.TransportCreated, MessageDirection.ServerToClient, CallsJson.Default.TransportCreatedPayload, "V1")
        {
            Summary = "Answers TRANSPORT_CREATE.",
            Delivery = MessageDelivery.Direct,
        },
        new(MessageTypes.IceRestartOk, MessageDirection.ServerToClient, CallsJson.Default.IceRestartOkPayload, "V1")
        {
            Summary = "Answers ICE_RESTART.",
            Delivery = MessageDelivery.Direct,
        },
        new(MessageTypes.TransportStats, MessageDirection.ServerToClient, CallsJson.Default.TransportStatsPayload, "X")
        {
            Summary = "Answers TRANSPORT_STATS_GET.",
            Delivery = MessageDelivery.Direct,
        },
        new(MessageTypes.Produced, MessageDirection.ServerToClient, CallsJson.Default.ProducedPayload, "V1")
        {
            Summary = "Answers PRODUCE.",
            Delivery = MessageDelivery.Direct,
        },
        new(MessageTypes.ConsumerAdded, MessageDirection.ServerToClient, CallsJson.Default.ConsumerAddedPayload, "V1")
        {
            Summary = "Answers CONSUME.",
            Delivery = MessageDelivery.Direct,
        },
        new(MessageTypes.PeerJoined, MessageDirection.ServerToClient, CallsJson.Default.PeerJoinedPayload, "V1")
        {
            Summary = "Someone joined.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.PeerLeft, MessageDirection.ServerToClient, CallsJson.Default.PeerLeftPayload, "V1")
        {
            Summary = "Someone left.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.PeerState, MessageDirection.ServerToClient, CallsJson.Default.PeerStatePayload, "X")
        {
            Summary = "Someone's socket broke, or came back within the grace period.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.RekeyRequired, MessageDirection.ServerToClient, CallsJson.Default.RekeyRequiredPayload, "X")
        {
            Summary = "The member set changed: the leader device should begin a rekey.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.RekeyAbort, MessageDirection.ServerToClient, CallsJson.Default.RekeyAbortPayload, "X")
        {
            Summary = "A rekey that was begun is given up.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.RekeyActive, MessageDirection.ServerToClient, CallsJson.Default.RekeyActivePayload, "X")
        {
            Summary = "Senders switch to the current epoch's keys now.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.KeyLog, MessageDirection.ServerToClient, CallsJson.Default.KeyLogPayload, "X")
        {
            Summary = "Answers E2EE_SYNC: the commits this device missed.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.E2eeEvicted, MessageDirection.ServerToClient, CallsJson.Default.E2eeEvictedPayload, "X")
        {
            Summary = "This device is put out of the room's keys.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.ProducerAdded, MessageDirection.ServerToClient, CallsJson.Default.ProducerAddedPayload, "V1")
        {
            Summary = "Someone started to send a track.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.ProducerPaused, MessageDirection.ServerToClient, CallsJson.Default.ProducerStatePayload, "X")
        {
            Summary = "A producer was paused by its sender.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.ProducerResumed, MessageDirection.ServerToClient, CallsJson.Default.ProducerStatePayload, "X")
        {
            Summary = "A producer was resumed by its sender.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.ProducerRemoved, MessageDirection.ServerToClient, CallsJson.Default.ProducerRemovedPayload, "V3")
        {
            Summary = "A producer ended.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.ConsumerClosed, MessageDirection.ServerToClient, CallsJson.Default.ConsumerClosedPayload, "X")
        {
            Summary = "A consumer of this connection ended without its asking.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.LayersChanged, MessageDirection.ServerToClient, CallsJson.Default.LayersChangedPayload, "X")
        {
            Summary = "What a consumer of this connection is sent of a video changed.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.ConsumerState, MessageDirection.ServerToClient, CallsJson.Default.ConsumerStatePayload, "X")
        {
            Summary = "The server stopped or restarted forwarding to a consumer of this connection.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.ConsumerScore, MessageDirection.ServerToClient, CallsJson.Default.ConsumerScorePayload, "X")
        {
            Summary = "How well a track reaches this connection.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.ProducerScore, MessageDirection.ServerToClient, CallsJson.Default.ProducerScorePayload, "X")
        {
            Summary = "How well a track of this connection reaches the server.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.ProducerWatchedLayers, MessageDirection.ServerToClient, CallsJson.Default.ProducerWatchedLayersPayload, "X")
        {
            Summary = "How much of a video of this connection anybody watches.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.TransportBandwidth, MessageDirection.ServerToClient, CallsJson.Default.TransportBandwidthPayload, "X")
        {
            Summary = "What the link to this client is found to carry.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.ActiveSpeakers, MessageDirection.ServerToClient, CallsJson.Default.ActiveSpeakersPayload, "X")
        {
            Summary = "Who speaks, loudest first.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.DominantSpeaker, MessageDirection.ServerToClient, CallsJson.Default.DominantSpeakerPayload, "X")
        {
            Summary = "Who the room looks at.",
            Delivery = MessageDelivery.Broadcast,
        },
        new(MessageTypes.TransportState, MessageDirection.ServerToClient, CallsJson.Default.TransportStatePayload, "X")
        {
            Summary = "A transport of this connection changed state.",
            Delivery = MessageDelivery.Broadcast,
        },
    ];
}
