using System.Net;
using System.Text.RegularExpressions;
using Crosspoint.Media.Negotiation;

namespace Crosspoint.Calls.Options;

/// <summary>Every setting of the server, in the order and under the headings the documentation shows.</summary>
public static partial class Settings
{
    // --- The node ---

    /// <summary>The environment's name.</summary>
    public static readonly TextSetting Environment = new("NODE_ENV", "development", "any name; production, prod and staging are production-like",
        "A production-like environment refuses to start without real authentication and turns the strict defaults on. All three names are read: one production-like value is enough.")
    { Aliases = ["ENV", "ASPNETCORE_ENVIRONMENT"] };

    /// <summary>HTTP and WebSocket port.</summary>
    public static readonly IntegerSetting Port = new("SFU_PORT", 8888, 0, 65535, "TCP port of HTTP and of the WebSocket /ws; 0 lets the system choose.");

    /// <summary>HTTP bind address.</summary>
    public static readonly TextSetting BindAddress = new("SFU_BIND_ADDRESS", "all addresses", "an IP address",
        "Address HTTP and WebSocket listen on.")
    { IsAllowed = text => IPAddress.TryParse(text, out _) };

    /// <summary>Region.</summary>
    public static readonly TextSetting Region = new("SFU_REGION", "tr", "lower-case letters, digits and dashes, 2 to 32 (the runbooks use ru, tr, ae)",
        "Region told to clients, in health and in metrics.")
    { IsAllowed = RegionText().IsMatch };

    /// <summary>Node id.</summary>
    public static readonly TextSetting NodeId = new("SFU_NODE_ID", "local-sfu-1", "letters, digits and . _ : -, 3 to 128",
        "This node's name, unique in the deployment.")
    { IsAllowed = NodeText().IsMatch };

    /// <summary>Static files.</summary>
    public static readonly TextSetting WebRoot = new("CROSSPOINT_WEB_ROOT", "web/app/dist when it exists", "a folder",
        "Folder of the built calls page; served at / and for room links /r/…. Without it the server is an API only.");

    /// <summary>Drain time.</summary>
    public static readonly IntegerSetting DrainSeconds = new("CALLS_DRAIN_SEC", 10, 0, 300,
        "After SIGTERM health answers 503 and sockets are told; after this many seconds they are closed. Longer lets load balancers and clients move in peace.");

    // --- End-to-end encryption ---

    /// <summary>E2EE gate.</summary>
    public static readonly SwitchSetting E2eeRequired = new("SFU_E2EE_REQUIRED", "on",
        "Media verbs are refused until the device said E2EE_READY for the room's current epoch.")
    { Aliases = ["E2EE_REQUIRED_DEFAULT"] };

    /// <summary>SFrame.</summary>
    public static readonly SwitchSetting RequireSFrame = new("SFU_REQUIRE_SFRAME", "off",
        "Only devices that announced sframe:true in E2EE_CAPS may join.");

    /// <summary>Rekey on membership change.</summary>
    public static readonly SwitchSetting RekeyOnJoin = new("CALLS_REKEY_ON_JOIN", "on",
        "Every join and leave is followed by REKEY_REQUIRED, naming the leader device that should begin a rekey.");

    /// <summary>Deadline of a rekey.</summary>
    public static readonly IntegerSetting RekeyDeadlineMs = new("CALLS_REKEY_DEADLINE_MS", 15_000, 1_000, 30_000,
        "A rekey that was begun and not committed within this time is given up with REKEY_ABORT. REKEY_BEGIN may ask for another time in the same range.");

    /// <summary>Key profile.</summary>
    public static readonly TextSetting E2eeProfile = new("CALLS_E2EE_PROFILE", "epoch-v1", "epoch-v1 or mls-sframe-v1",
        "The key profile of rooms whose creator asks for none. epoch-v1: the server keeps epochs and readiness, the application its keys. mls-sframe-v1: MLS and SFrame, for every room; clients that cannot are refused with UNSUPPORTED_E2EE.")
    { IsAllowed = text => text.ToUpperInvariant() is "EPOCH-V1" or "MLS-SFRAME-V1" };

    /// <summary>Rekey interval.</summary>
    public static readonly IntegerSetting E2eeRekeySeconds = new("CALLS_E2EE_REKEY_SEC", 120, 30, 3_600,
        "mls-sframe-v1: between two rekeys without another cause. What a stolen key opens is bounded by it; each costs a commit of up to 5 KB to every member.")
    { RaisesToMinimum = true };

    /// <summary>Activation.</summary>
    public static readonly IntegerSetting E2eeQuorumMax = new("CALLS_E2EE_QUORUM_MAX_MS", 1_000, 250, 8_000,
        "mls-sframe-v1: after a commit, when senders switch although somebody is not ready. Longer spares slow members a gap; after a removal it is never more than 500.");

    /// <summary>Overlap.</summary>
    public static readonly IntegerSetting E2eeOverlapSeconds = new("CALLS_E2EE_OVERLAP_SEC", 10, 1, 60,
        "mls-sframe-v1: how long frames of earlier epochs are forwarded after the switch, and when members that did not follow are cut off. After a removal it is 2.");

    /// <summary>Eviction.</summary>
    public static readonly IntegerSetting E2eeEvictSeconds = new("CALLS_E2EE_EVICT_SEC", 30, 5, 600,
        "mls-sframe-v1: after the switch, when a member that still is not ready is removed from the group.");

    /// <summary>Identity.</summary>
    public static readonly IntegerSetting E2eeMinIdentity = new("CALLS_E2EE_MIN_IDENTITY", 0, 0, 2,
        "mls-sframe-v1: the least level of identity that clients accept of each other: 0 as the server says, 1 attested by the application's identity provider, 2 verified by a person.");

    /// <summary>Room secret.</summary>
    public static readonly SwitchSetting E2eeRoomSecret = new("CALLS_E2EE_ROOM_SECRET", "off",
        "mls-sframe-v1: clients refuse rooms whose link carries no secret of its own, which the server never sees.");

    /// <summary>Lease to join.</summary>
    public static readonly IntegerSetting E2eeJoinLease = new("CALLS_E2EE_JOIN_LEASE_MS", 1_500, 1_000, 30_000,
        "mls-sframe-v1: how long a device that comes in has for its commit, while the others in line wait. Longer lets slower devices into large rooms; each that vanishes then holds up the line for as long.");

    /// <summary>Lease to commit.</summary>
    public static readonly IntegerSetting E2eeMemberLease = new("CALLS_E2EE_MEMBER_LEASE_MS", 3_000, 1_000, 30_000,
        "mls-sframe-v1: how long a member has for the commit that it was asked for, a removal for instance, before another is asked.");

    /// <summary>Penalty.</summary>
    public static readonly IntegerSetting E2eePenaltySeconds = new("CALLS_E2EE_PENALTY_SEC", 60, 1, 3_600,
        "mls-sframe-v1: how long a member that twice did not commit is not asked again, and one whose commit most could not process is kept out.");

    /// <summary>Commit log.</summary>
    public static readonly IntegerSetting E2eeLogCommits = new("CALLS_E2EE_LOG_COMMITS", 8, 1, 64,
        "mls-sframe-v1: commits kept for members that missed them, up to 64 KiB each; who missed more comes in anew. More spares reconnecting members a commit of their own, and takes them longer to process (some 40 ms each in a room of 200).");

    /// <summary>Refused frames.</summary>
    public static readonly IntegerSetting E2eeRefusedFrames = new("CALLS_E2EE_REFUSED_FRAMES", 5, 1, 1_000,
        "mls-sframe-v1: so many frames of a track that do not look encrypted as they must, within CALLS_E2EE_REFUSED_WINDOW_SEC, close the track with E2EE_ENFORCEMENT_FAILED. Each of them is dropped, whatever this says; epochs that passed do not count.");

    /// <summary>Their window.</summary>
    public static readonly IntegerSetting E2eeRefusedWindowSeconds = new("CALLS_E2EE_REFUSED_WINDOW_SEC", 10, 1, 600,
        "mls-sframe-v1: see CALLS_E2EE_REFUSED_FRAMES. Long enough that a screen that shows two pictures a second is noticed too.");

    /// <summary>State.</summary>
    public static readonly TextSetting StateFolder = new("CALLS_STATE_DIR", "none (kept in memory)", "a folder",
        "mls-sframe-v1: where the epochs of rooms are kept, so that a restarted node goes on upward and members resume. Each commit waits for the disk (some ms). One process a folder.");

    // --- Authentication ---

    /// <summary>Supabase URL.</summary>
    public static readonly TextSetting SupabaseUrl = new("SUPABASE_URL", "none", "an http(s) URL",
        "Supabase project. Access tokens are checked with its published keys (JWKS) and, for tokens signed with the project's shared secret, by asking /auth/v1/user.")
    { Aliases = ["VITE_SUPABASE_URL"], IsAllowed = IsHttpUrl };

    /// <summary>Supabase key.</summary>
    public static readonly TextSetting SupabaseKey = new("SUPABASE_PUBLISHABLE_KEY", "none", "text",
        "The project's public API key, sent as apikey when asking /auth/v1/user.")
    { Aliases = ["SUPABASE_ANON_KEY", "VITE_SUPABASE_PUBLISHABLE_KEY", "VITE_SUPABASE_ANON_KEY"], IsSecret = true };

    /// <summary>OIDC issuer.</summary>
    public static readonly TextSetting OidcIssuer = new("CALLS_OIDC_ISSUER", "none", "an http(s) URL",
        "OpenID Connect issuer; its discovery document and keys are fetched and cached, an unknown key id refetches at most every 30 s.")
    { IsAllowed = IsHttpUrl };

    /// <summary>OIDC audience.</summary>
    public static readonly TextSetting OidcAudience = new("CALLS_OIDC_AUDIENCE", "none (any audience)", "text",
        "Required value in the token's aud. Set it: without it a token for another service of the same issuer is accepted.");

    /// <summary>HS256 secret.</summary>
    public static readonly TextSetting Hs256Secret = new("CALLS_AUTH_HS256_SECRET", "none", "at least 32 characters",
        "Shared secret of HS256 access tokens.")
    { Aliases = ["SUPABASE_JWT_SECRET"], IsSecret = true, IsAllowed = text => text.Length >= 32 };

    /// <summary>HS256 issuer.</summary>
    public static readonly TextSetting Hs256Issuer = new("CALLS_AUTH_HS256_ISSUER", "none (any issuer)", "text", "Required iss of HS256 tokens.");

    /// <summary>HS256 audience.</summary>
    public static readonly TextSetting Hs256Audience = new("CALLS_AUTH_HS256_AUDIENCE", "none (any audience)", "text", "Required aud of HS256 tokens.");

    /// <summary>Clock leeway.</summary>
    public static readonly IntegerSetting TokenLeewaySeconds = new("CALLS_TOKEN_LEEWAY_SEC", 30, 0, 300, "Clock difference tolerated in exp and nbf.");

    /// <summary>Expiry ends the connection.</summary>
    public static readonly SwitchSetting EnforceTokenExpiry = new("CALLS_ENFORCE_TOKEN_EXPIRY", "on",
        "A connection whose access token expired and was not renewed by another AUTH gets AUTH_FAIL and is closed with 4001.");

    /// <summary>Dev auth.</summary>
    public static readonly SwitchSetting DevInsecureAuth = new("CALLS_DEV_INSECURE_AUTH", "off",
        "Development only: any token of 20 characters or more is accepted as its own user, and the page may ask for one. Stops the start in production.");

    // --- Joining rooms ---

    /// <summary>Join token secret.</summary>
    public static readonly TextSetting JoinTokenSecret = new("CALLS_JOIN_TOKEN_SECRET", "random at each start (development: fixed)", "at least 32 characters",
        "Signs join tokens and room links. Set it to the same value on every node, or links die with a restart.")
    { Aliases = ["SUPABASE_JWT_SECRET"], IsSecret = true, IsAllowed = text => text.Length >= 32 };

    /// <summary>Join token life.</summary>
    public static readonly IntegerSetting JoinTokenTtlSeconds = new("CALLS_JOIN_TOKEN_TTL_SEC", 600, 30, 86_400, "Life of a join token for named users.");

    /// <summary>Link token life.</summary>
    public static readonly IntegerSetting LinkTokenTtlSeconds = new("CALLS_LINK_TOKEN_TTL_SEC", 86_400, 30, 2_592_000,
        "Life of the join token of a room created without allowedUserIds: whoever holds it may join, so it is what a room's link carries.");

    /// <summary>Compatibility.</summary>
    public static readonly TextSetting V1Compatibility = new("CALLS_V1_COMPAT", "auto-create in development, off in production", "off, auto-create or open",
        "auto-create: ROOM_JOIN of a room that does not exist makes one open to every authenticated user, as the first revision did. open: rooms created without allowedUserIds are open too. Production allows only off.")
    { IsAllowed = text => text.ToUpperInvariant() is "OFF" or "0" or "AUTO-CREATE" or "OPEN" or "1" };

    // --- Sessions ---

    /// <summary>Heartbeat.</summary>
    public static readonly IntegerSetting HeartbeatSeconds = new("SFU_HEARTBEAT_SEC", 10, 5, 60, "How often clients are asked to PING.") { RaisesToMinimum = true };

    /// <summary>Silence.</summary>
    public static readonly IntegerSetting SilenceSeconds = new("CALLS_SILENCE_SEC", 25, 5, 600, "A socket that sent nothing for this long is closed with 4011.")
    { DefaultNote = "2.5 × SFU_HEARTBEAT_SEC" };

    /// <summary>Grace.</summary>
    public static readonly IntegerSetting ResumeGraceSeconds = new("CALLS_RESUME_GRACE_SEC", 15, 0, 300,
        "A device whose socket broke stays in its room, shown as rejoining, this long; HELLO.resume continues it with all its media.");

    /// <summary>Pre-auth deadline.</summary>
    public static readonly IntegerSetting AuthDeadlineSeconds = new("CALLS_AUTH_DEADLINE_SEC", 10, 1, 120, "A socket that is not authenticated by then is closed with 4012.");

    /// <summary>Idle room.</summary>
    public static readonly IntegerSetting IdleRoomSeconds = new("CALLS_IDLE_ROOM_SEC", 3600, 10, 86_400, "A room nobody ever joined is removed after this long. A room everybody left goes at once.");

    // --- Limits ---

    /// <summary>Frame size.</summary>
    public static readonly IntegerSetting MaxFrameBytes = new("CALLS_MAX_FRAME_BYTES", 65_536, 4_096, 1_048_576, "Largest message a client may send; a larger one closes the socket with 1009.");

    /// <summary>Malformed frames.</summary>
    public static readonly IntegerSetting MaxMalformedFrames = new("CALLS_MAX_MALFORMED_FRAMES", 20, 1, 10_000, "Text frames that are not JSON are dropped silently; after this many the socket is closed with 4007.");

    /// <summary>Outbound queue, frames.</summary>
    public static readonly IntegerSetting OutboundFrames = new("CALLS_OUTBOUND_FRAMES", 1_024, 16, 65_536, "Frames waiting for one slow socket; one more closes it with 4008. It may resume.");

    /// <summary>Outbound queue, bytes.</summary>
    public static readonly IntegerSetting OutboundBytes = new("CALLS_OUTBOUND_BYTES", 4_194_304, 65_536, 268_435_456, "Bytes waiting for one slow socket; more closes it with 4008.");

    /// <summary>Sockets per IP.</summary>
    public static readonly IntegerSetting SocketsPerIp = new("CALLS_MAX_SOCKETS_PER_IP", 10, 1, 100_000, "Sockets open from one address; the next is closed with 4029. Raise it where many people share an address.");

    /// <summary>Sockets.</summary>
    public static readonly IntegerSetting MaxSockets = new("CALLS_MAX_SOCKETS", 20_000, 1, 1_000_000, "Sockets open on this node; the next is closed with 1013.");

    /// <summary>Pace of joining.</summary>
    public static readonly IntegerSetting JoinRate = new("SFU_JOIN_RATE", 125, 0, 100_000,
        "Sockets this node lets in a second when more want in; the others wait in line with their upgrade unanswered, those who come back into a call first. A join is several milliseconds of processor time and 40 KB that the garbage collector moves while all media stands still: slower is kinder to the calls that go on, faster suits more cores. 0: everybody at once.");

    /// <summary>Burst of joining.</summary>
    public static readonly IntegerSetting JoinBurst = new("SFU_JOIN_BURST", 20, 1, 100_000,
        "Sockets let in at once after a quiet time, before SFU_JOIN_RATE counts: so a meeting begins without waiting, and a larger burst is felt by the calls that go on.");

    /// <summary>Longest wait.</summary>
    public static readonly IntegerSetting JoinWaitSeconds = new("SFU_JOIN_WAIT_SEC", 8, 1, 60,
        "Newcomers wait about this many seconds at most: SFU_JOIN_RATE times it may stand in line, and the next is closed with 1013 (JOIN_QUEUE_FULL). Many clients give up an upgrade after 10.");

    /// <summary>Peers per room.</summary>
    public static readonly IntegerSetting PeersPerRoom = new("CALLS_MAX_PARTICIPANTS_PER_ROOM", 50, 2, 1_000, "Devices in one room; the next gets ROOM_FULL.");

    /// <summary>Rooms.</summary>
    public static readonly IntegerSetting MaxRooms = new("CALLS_MAX_ROOMS", 5_000, 1, 1_000_000, "Rooms on this node; the next ROOM_CREATE gets NODE_FULL.");

    /// <summary>Producers per peer.</summary>
    public static readonly IntegerSetting ProducersPerPeer = new("CALLS_MAX_PRODUCERS_PER_PEER", 16, 1, 256, "Tracks one device may publish at a time.");

    /// <summary>Transports per peer.</summary>
    public static readonly IntegerSetting TransportsPerPeer = new("CALLS_MAX_TRANSPORTS_PER_PEER", 8, 2, 64, "Transports one device may have at a time.");

    /// <summary>Secure transport.</summary>
    public static readonly SwitchSetting RequireSecureWs = new("SFU_REQUIRE_SECURE_WS", "on in production, otherwise off",
        "A WebSocket that came neither over TLS nor, by X-Forwarded-Proto of a trusted proxy, over https/wss is closed with 4003.");

    /// <summary>Proxies.</summary>
    public static readonly TextSetting TrustedProxies = new("SFU_TRUSTED_PROXIES", "127.0.0.0/8, ::1/128", "addresses or CIDR blocks, comma separated",
        "Whose X-Forwarded-For and X-Forwarded-Proto are believed. Nobody else's are.");

    /// <summary>A type of message and how many of it are allowed in a window.</summary>
    public static readonly IntegerSetting RateGlobal = Rate("RL_GLOBAL", 60, "10 s", "every message but the media verbs and key messages, malformed ones included");

    /// <summary>Media verbs.</summary>
    public static readonly IntegerSetting RateMedia = Rate("RL_MEDIA", 600, "10 s",
        "TRANSPORT_*, PRODUCE, PRODUCER_*, CONSUME, CONSUMER_*, ICE_RESTART, KEY_PACKAGE and KEY_ACK together (a joiner of a full room consumes a hundred tracks at once, so they do not count as global)");

    /// <summary>HELLO.</summary>
    public static readonly IntegerSetting RateHello = Rate("RL_HELLO", 2, "30 s", "HELLO");

    /// <summary>AUTH.</summary>
    public static readonly IntegerSetting RateAuth = Rate("RL_AUTH", 3, "60 s", "AUTH");

    /// <summary>E2EE_CAPS.</summary>
    public static readonly IntegerSetting RateE2eeCaps = Rate("RL_E2EE_CAPS", 2, "60 s", "E2EE_CAPS");

    /// <summary>ROOM_CREATE.</summary>
    public static readonly IntegerSetting RateRoomCreate = Rate("RL_ROOM_CREATE", 3, "60 s", "ROOM_CREATE");

    /// <summary>ROOM_JOIN.</summary>
    public static readonly IntegerSetting RateRoomJoin = Rate("RL_ROOM_JOIN", 5, "60 s", "ROOM_JOIN");

    /// <summary>KEY_PACKAGE.</summary>
    public static readonly IntegerSetting RateKeyPackage = Rate("RL_KEY_PACKAGE", 50, "60 s", "KEY_PACKAGE, per device");

    /// <summary>KEY_ACK.</summary>
    public static readonly IntegerSetting RateKeyAck = Rate("RL_KEY_ACK", 50, "60 s", "KEY_ACK, per device (one for each package received)");

    /// <summary>REKEY_BEGIN.</summary>
    public static readonly IntegerSetting RateRekeyBegin = Rate("RL_REKEY_BEGIN", 5, "60 s", "REKEY_BEGIN, per device");

    /// <summary>REKEY_COMMIT.</summary>
    public static readonly IntegerSetting RateRekeyCommit = Rate("RL_REKEY_COMMIT", 30, "60 s", "REKEY_COMMIT, per device (where the server leads rekeys a member of a small, busy room commits again and again, and nothing is committed without a lease)");

    /// <summary>REKEY_REQUEST.</summary>
    public static readonly IntegerSetting RateRekeyRequest = Rate("RL_REKEY_REQUEST", 5, "60 s", "REKEY_REQUEST, per device");

    /// <summary>E2EE_SYNC and E2EE_FAULT.</summary>
    public static readonly IntegerSetting RateKeyTrouble = Rate("RL_KEY_TROUBLE", 20, "60 s", "E2EE_SYNC and E2EE_FAULT together, per device (a device that resyncs three times with a fault and a sync each is within it)");

    // --- Media ---

    /// <summary>Media engine.</summary>
    public static readonly TextSetting Media = new("SFU_MEDIA", "native", "native (or on), off",
        "native: the built-in engine. off: control plane only, the runbook's fallback: stub ICE and fingerprints, no media flows.")
    { IsAllowed = text => text.ToUpperInvariant() is "NATIVE" or "ON" or "1" or "OFF" or "0" or "FALLBACK" };

    /// <summary>The first revision's switch.</summary>
    public static readonly SwitchSetting EnableMediasoup = new("SFU_ENABLE_MEDIASOUP", "unset",
        "Kept for existing deployments. 1 means SFU_MEDIA=native, 0 means SFU_MEDIA=off; SFU_MEDIA wins when both are set.");

    /// <summary>Fail closed.</summary>
    public static readonly SwitchSetting RequireMediasoup = new("SFU_REQUIRE_MEDIASOUP", "on in production, otherwise off",
        "The start fails when the media engine is turned off.");

    /// <summary>Codecs.</summary>
    public static readonly TextSetting Codecs = new("CALLS_CODECS", "opus, red, vp8, vp9, h264, av1", "some of opus, red, vp8, vp9, h264, av1, flexfec-03, comma separated, the preferred one first",
        "What may be sent in rooms that do not say so in ROOM_CREATE. Browsers send the first video codec that they can send in layers. VP9 and AV1 need fewer bits, and more of the sender's processor, than VP8. flexfec-03 lets receivers that know it be sent repair packets.")
    { IsAllowed = text => CodecPolicy.TryParse(NamesOf(text), out _, out _) };

    /// <summary>Congestion control.</summary>
    public static readonly SwitchSetting CongestionControl = new("CALLS_CONGESTION_CONTROL", "on",
        "on: everybody is sent what their network carries (layers chosen, packets paced, by the feedback of their browser). off: everybody is sent the best there is, at once; it saves about a tenth of the processor, and is for a network that is known to carry it all, or to find out whether the estimate is at fault. Those who send are told how their packets arrive in any case.");

    /// <summary>The most to one peer.</summary>
    public static readonly IntegerSetting MaxDownlinkMegabits = new("CALLS_MAX_DOWNLINK_MBPS", 50, 1, 1_000,
        "The most that is ever sent to one participant, in Mbit/s, with CALLS_CONGESTION_CONTROL on. 50 is more than sixteen videos of 2.5 Mbit/s; probes look for no more than is wanted in any case, so this is for who wants to keep a share of the server's own line.");

    /// <summary>Announced address.</summary>
    public static readonly TextSetting AnnouncedIp = new("SFU_ANNOUNCED_IP", "none (the machine's own addresses)", "IP addresses, comma separated",
        "Addresses put into ICE candidates: the public ones when the machine is behind NAT.")
    { IsAllowed = text => text.Split(',').All(part => IPAddress.TryParse(part.Trim(), out _)) };

    /// <summary>First RTC port.</summary>
    public static readonly IntegerSetting RtcMinPort = new("SFU_RTC_MIN_PORT", 40_000, 1, 65_535, "First media port. One UDP port per worker, and one shared TCP port, starting here.");

    /// <summary>Last RTC port.</summary>
    public static readonly IntegerSetting RtcMaxPort = new("SFU_RTC_MAX_PORT", 49_999, 1, 65_535, "Last media port.");

    /// <summary>Workers.</summary>
    public static readonly IntegerSetting Workers = new("MEDIASOUP_WORKERS", 0, 0, 256, "Media worker threads; 0 is one per core.");

    /// <summary>One UDP port.</summary>
    public static readonly IntegerSetting UdpPort = new("SFU_UDP_PORT", 0, 0, 65_535,
        "One UDP port that all media workers share, for firewalls that open only one; 0 is off, and each worker takes a port of its own. Linux only. TCP stays in the range of media ports.");

    /// <summary>Steering.</summary>
    public static readonly TextSetting UdpSteering = new("SFU_UDP_STEERING", "auto", "auto or off",
        "With SFU_UDP_PORT. auto: the kernel is told which worker a peer belongs to (needs CAP_BPF, or root); where it may not be, and with off, workers hand datagrams over to each other, which costs a copy and a wake-up a turn (0.1 µs each under load, several for a single one).")
    { IsAllowed = text => text.ToUpperInvariant() is "AUTO" or "OFF" };

    /// <summary>UDP offload.</summary>
    public static readonly TextSetting UdpOffload = new("SFU_UDP_OFFLOAD", "auto", "auto or off",
        "auto: the kernel cuts and merges messages of several datagrams (UDP_SEGMENT, UDP_GRO) where a trial at start shows that it can. off: one datagram a message, for a network card that does it wrong.")
    { IsAllowed = text => text.ToUpperInvariant() is "AUTO" or "OFF" };

    /// <summary>UDP implementation.</summary>
    public static readonly TextSetting UdpImplementation = new("SFU_UDP_IMPLEMENTATION", "auto", "auto, linux or portable",
        "auto: batched system calls on 64-bit Linux, portable sockets elsewhere. portable is for comparison and for odd kernels; linux fails the start elsewhere.")
    { IsAllowed = text => text.ToUpperInvariant() is "AUTO" or "LINUX" or "PORTABLE" };

    /// <summary>SRTP engine.</summary>
    public static readonly TextSetting SrtpEngine = new("SFU_SRTP_ENGINE", "auto", "auto or openssl",
        "auto: libipsec-mb (Debian: libipsec-mb1) where it is installed, of a known version and right in a test at start, otherwise OpenSSL, which takes four times as long for a packet. openssl: OpenSSL in any case.")
    { IsAllowed = text => text.ToUpperInvariant() is "AUTO" or "OPENSSL" };

    /// <summary>Pinning.</summary>
    public static readonly SwitchSetting PinWorkers = new("SFU_WORKER_PIN", "off", "Keeps each media worker on a core of its own among those the process may use (Linux). For machines that do nothing else.");

    /// <summary>Admission.</summary>
    public static readonly SwitchSetting RaiseWorkers = new("SFU_WORKER_PRIORITY", "on", "Lets media workers run before the rest of the process (nice -10) where the system permits it (CAP_SYS_NICE), so that those in a call do not wait behind those who join. crosspoint_worker_before_others tells whether it did.");
    public static readonly IntegerSetting GatherTime = new("SFU_GATHER_US", 1000, 0, 1000, "Microseconds that packets may gather before a media worker above 70 % load takes them; what one peer gets in that time leaves together, which costs less. 0: off.");
    public static readonly IntegerSetting MaxWorkerLoad = new("SFU_WORKER_MAX_LOAD", 85, 10, 100,
        "Percent of its core beyond which a media worker takes nothing new, once it was there for two seconds and until it is ten percent points below. When all are there, new joins get NODE_FULL. 100 never refuses.");

    /// <summary>Spreading.</summary>
    public static readonly IntegerSetting RoomSpreadLoad = new("SFU_ROOM_SPREAD_LOAD", 50, 5, 100,
        "Percent of its core beyond which a room's worker sends the room's new transports to another one that is clearly less loaded. 100 keeps every room on one worker.");

    /// <summary>Media log level.</summary>
    public static readonly TextSetting MediaLogLevel = new("MEDIASOUP_LOG_LEVEL", "warn", "debug, info, warn, error or none", "Log level of the media engine.")
    { Aliases = ["SFU_MEDIASOUP_LOG_LEVEL"], IsAllowed = text => text.ToUpperInvariant() is "DEBUG" or "INFO" or "WARN" or "ERROR" or "NONE" };

    /// <summary>All of them, in documentation order; each knows its section.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        .. In("The node", Environment, Port, BindAddress, Region, NodeId, WebRoot, DrainSeconds),
        .. In("Authentication", SupabaseUrl, SupabaseKey, OidcIssuer, OidcAudience, Hs256Secret, Hs256Issuer, Hs256Audience, TokenLeewaySeconds, EnforceTokenExpiry, DevInsecureAuth),
        .. In("Joining rooms", JoinTokenSecret, JoinTokenTtlSeconds, LinkTokenTtlSeconds, V1Compatibility),
        .. In("End-to-end encryption", E2eeRequired, RequireSFrame, RekeyOnJoin, RekeyDeadlineMs, E2eeProfile, E2eeRekeySeconds, E2eeQuorumMax, E2eeOverlapSeconds, E2eeEvictSeconds, E2eeJoinLease, E2eeMemberLease, E2eePenaltySeconds, E2eeLogCommits, E2eeRefusedFrames, E2eeRefusedWindowSeconds, E2eeMinIdentity, E2eeRoomSecret, StateFolder),
        .. In("Sessions", HeartbeatSeconds, SilenceSeconds, ResumeGraceSeconds, AuthDeadlineSeconds, IdleRoomSeconds),
        .. In("Limits", MaxFrameBytes, MaxMalformedFrames, OutboundFrames, OutboundBytes, SocketsPerIp, MaxSockets, JoinRate, JoinBurst, JoinWaitSeconds, PeersPerRoom, MaxRooms, ProducersPerPeer, TransportsPerPeer, RequireSecureWs, TrustedProxies),
        .. In("Rates", RateGlobal, RateMedia, RateHello, RateAuth, RateE2eeCaps, RateRoomCreate, RateRoomJoin, RateKeyPackage, RateKeyAck, RateRekeyBegin, RateRekeyCommit, RateRekeyRequest, RateKeyTrouble),
        .. In("Media", Media, EnableMediasoup, RequireMediasoup, Codecs, CongestionControl, MaxDownlinkMegabits, AnnouncedIp, RtcMinPort, RtcMaxPort, UdpPort, UdpSteering, UdpOffload, UdpImplementation, SrtpEngine, Workers, PinWorkers, RaiseWorkers, GatherTime, MaxWorkerLoad, RoomSpreadLoad, MediaLogLevel),
    ];

    private static IntegerSetting Rate(string name, int perWindow, string window, string what) =>
        new(name, perWindow, 1, 1_000_000, $"Allowed in {window}: {what}. Beyond it RATE_LIMITED, beyond four times it the socket is closed with 4029.");

    private static Setting[] In(string section, params Setting[] settings)
    {
        foreach (Setting setting in settings)
        {
            setting.Section = section;
        }

        return settings;
    }

    /// <summary>The parts of a comma separated list.</summary>
    internal static string[] NamesOf(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsHttpUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);

    [GeneratedRegex("^[a-z0-9-]{2,32}\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RegionText();

    [GeneratedRegex("^[A-Za-z0-9._:-]{3,128}\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NodeText();
}
