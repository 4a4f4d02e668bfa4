namespace Crosspoint.Contracts.Calls;

/// <summary>Every <c>type</c> of the calls door.</summary>
public static class MessageTypes
{
    /// <summary>First frame of a connection; may ask to resume a session.</summary>
    public const string Hello = "HELLO";

    /// <summary>Proves who the user is and binds the device to them.</summary>
    public const string Auth = "AUTH";

    /// <summary>Keeps the connection alive.</summary>
    public const string Ping = "PING";

    /// <summary>Declares what end-to-end encryption the client can do.</summary>
    public const string E2eeCaps = "E2EE_CAPS";

    /// <summary>Makes a room or names an existing one.</summary>
    public const string RoomCreate = "ROOM_CREATE";

    /// <summary>Enters a room.</summary>
    public const string RoomJoin = "ROOM_JOIN";

    /// <summary>Leaves a room.</summary>
    public const string RoomLeave = "ROOM_LEAVE";

    /// <summary>Asks for the whole room.</summary>
    public const string RoomStateGet = "ROOM_STATE_GET";

    /// <summary>Asks for the router capabilities.</summary>
    public const string GetRouterRtpCapabilities = "GET_ROUTER_RTP_CAPABILITIES";

    /// <summary>Declares that this device holds the keys of an epoch.</summary>
    public const string E2eeReady = "E2EE_READY";

    /// <summary>Makes a WebRTC transport.</summary>
    public const string TransportCreate = "TRANSPORT_CREATE";

    /// <summary>Gives the client's DTLS fingerprints for a transport.</summary>
    public const string TransportConnect = "TRANSPORT_CONNECT";

    /// <summary>Asks for new ICE credentials for a transport.</summary>
    public const string IceRestart = "ICE_RESTART";

    /// <summary>Asks for the figures of a transport.</summary>
    public const string TransportStatsGet = "TRANSPORT_STATS_GET";

    /// <summary>Starts sending a track.</summary>
    public const string Produce = "PRODUCE";

    /// <summary>Pauses one's own producer.</summary>
    public const string ProducerPause = "PRODUCER_PAUSE";

    /// <summary>Resumes one's own producer.</summary>
    public const string ProducerResume = "PRODUCER_RESUME";

    /// <summary>Ends one's own producer.</summary>
    public const string ProducerClose = "PRODUCER_CLOSE";

    /// <summary>Starts receiving a producer.</summary>
    public const string Consume = "CONSUME";

    /// <summary>Pauses one's own consumer.</summary>
    public const string ConsumerPause = "CONSUMER_PAUSE";

    /// <summary>Resumes one's own consumer.</summary>
    public const string ConsumerResume = "CONSUMER_RESUME";

    /// <summary>Says which layers of a video are wanted at most.</summary>
    public const string ConsumerSetPreferredLayers = "CONSUMER_SET_PREFERRED_LAYERS";

    /// <summary>Says how much a video matters among those received.</summary>
    public const string ConsumerSetPriority = "CONSUMER_SET_PRIORITY";

    /// <summary>Says how much video a receive transport wants at most.</summary>
    public const string TransportSetLimits = "TRANSPORT_SET_LIMITS";

    /// <summary>Ends one's own consumer.</summary>
    public const string ConsumerClose = "CONSUMER_CLOSE";

    /// <summary>Announces a rekey; relayed to every member.</summary>
    public const string RekeyBegin = "REKEY_BEGIN";

    /// <summary>Moves the room to the next epoch; relayed to every member.</summary>
    public const string RekeyCommit = "REKEY_COMMIT";

    /// <summary>Key material for other members; relayed.</summary>
    public const string KeyPackage = "KEY_PACKAGE";

    /// <summary>Tells that key material arrived; relayed.</summary>
    public const string KeyAck = "KEY_ACK";

    /// <summary>The outcome of a request; the last frame it causes.</summary>
    public const string Ack = "ACK";

    /// <summary>Answers HELLO.</summary>
    public const string Welcome = "WELCOME";

    /// <summary>Answers AUTH.</summary>
    public const string AuthOk = "AUTH_OK";

    /// <summary>Precedes a close with 4001.</summary>
    public const string AuthFail = "AUTH_FAIL";

    /// <summary>Answers ROOM_CREATE.</summary>
    public const string RoomCreated = "ROOM_CREATED";

    /// <summary>Follows ROOM_CREATED when the caller made the room.</summary>
    public const string RoomJoinSecret = "ROOM_JOIN_SECRET";

    /// <summary>First answer to ROOM_JOIN.</summary>
    public const string RoomJoinOk = "ROOM_JOIN_OK";

    /// <summary>Second answer to ROOM_JOIN.</summary>
    public const string E2eePolicy = "E2EE_POLICY";

    /// <summary>Third answer to ROOM_JOIN, and what follows a resume: the whole room.</summary>
    public const string RoomSnapshot = "ROOM_SNAPSHOT";

    /// <summary>Answers ROOM_STATE_GET: the whole room.</summary>
    public const string RoomState = "ROOM_STATE";

    /// <summary>Answers ROOM_LEAVE.</summary>
    public const string RoomLeft = "ROOM_LEFT";

    /// <summary>Answers GET_ROUTER_RTP_CAPABILITIES.</summary>
    public const string RouterRtpCapabilities = "ROUTER_RTP_CAPABILITIES";

    /// <summary>Answers TRANSPORT_CREATE.</summary>
    public const string TransportCreated = "TRANSPORT_CREATED";

    /// <summary>Answers ICE_RESTART.</summary>
    public const string IceRestartOk = "ICE_RESTART_OK";

    /// <summary>Answers TRANSPORT_STATS_GET.</summary>
    public const string TransportStats = "TRANSPORT_STATS";

    /// <summary>Answers PRODUCE.</summary>
    public const string Produced = "PRODUCED";

    /// <summary>Answers CONSUME.</summary>
    public const string ConsumerAdded = "CONSUMER_ADDED";

    /// <summary>Someone joined.</summary>
    public const string PeerJoined = "PEER_JOINED";

    /// <summary>Someone left.</summary>
    public const string PeerLeft = "PEER_LEFT";

    /// <summary>Someone started to send a track.</summary>
    public const string ProducerAdded = "PRODUCER_ADDED";

    /// <summary>A producer was paused by its sender.</summary>
    public const string ProducerPaused = "PRODUCER_PAUSED";

    /// <summary>A producer was resumed by its sender.</summary>
    public const string ProducerResumed = "PRODUCER_RESUMED";

    /// <summary>A producer ended.</summary>
    public const string ProducerRemoved = "PRODUCER_REMOVED";

    /// <summary>A consumer of this connection ended without its asking.</summary>
    public const string ConsumerClosed = "CONSUMER_CLOSED";

    /// <summary>What a consumer is sent of a video changed.</summary>
    public const string LayersChanged = "LAYERS_CHANGED";

    /// <summary>The server stopped or restarted forwarding to a consumer.</summary>
    public const string ConsumerState = "CONSUMER_STATE";

    /// <summary>How well a track reaches this client.</summary>
    public const string ConsumerScore = "CONSUMER_SCORE";

    /// <summary>How well a track of one's own reaches the server.</summary>
    public const string ProducerScore = "PRODUCER_SCORE";

    /// <summary>How much of a video of one's own anybody watches.</summary>
    public const string ProducerWatchedLayers = "PRODUCER_WATCHED_LAYERS";

    /// <summary>What the link to this client is found to carry.</summary>
    public const string TransportBandwidth = "TRANSPORT_BANDWIDTH";

    /// <summary>Who speaks, loudest first.</summary>
    public const string ActiveSpeakers = "ACTIVE_SPEAKERS";

    /// <summary>Who the room looks at.</summary>
    public const string DominantSpeaker = "DOMINANT_SPEAKER";

    /// <summary>A transport of this connection changed state.</summary>
    public const string TransportState = "TRANSPORT_STATE";

    /// <summary>A peer lost its socket or came back.</summary>
    public const string PeerState = "PEER_STATE";

    /// <summary>The member set changed: a rekey is due.</summary>
    public const string RekeyRequired = "REKEY_REQUIRED";

    /// <summary>A rekey was given up.</summary>
    public const string RekeyAbort = "REKEY_ABORT";

    /// <summary>Senders switch to the current epoch's keys.</summary>
    public const string RekeyActive = "REKEY_ACTIVE";

    /// <summary>Asks for a rekey now.</summary>
    public const string RekeyRequest = "REKEY_REQUEST";

    /// <summary>Asks for the commits a device missed.</summary>
    public const string E2eeSync = "E2EE_SYNC";

    /// <summary>The commits a device missed.</summary>
    public const string KeyLog = "KEY_LOG";

    /// <summary>A device cannot follow an epoch, or found something wrong.</summary>
    public const string E2eeFault = "E2EE_FAULT";

    /// <summary>This device was put out of the room's keys.</summary>
    public const string E2eeEvicted = "E2EE_EVICTED";

    /// <summary>Removes a device from the room.</summary>
    public const string PeerKick = "PEER_KICK";
}
