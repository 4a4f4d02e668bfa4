using Crosspoint.Calls.E2ee;
using Crosspoint.Calls.Encryption;
using Crosspoint.Media.Encryption;
using Crosspoint.Media.Negotiation;
using Crosspoint.Net.Udp;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Calls.Options;

/// <summary>What the operator asked for, checked and complete. Immutable; made once at the start by <see cref="CallsOptionsReader"/>.</summary>
public sealed record CallsOptions
{
    /// <summary>The environment when none is named.</summary>
    public const string DefaultEnvironment = "development";

    /// <summary>True in a production-like environment.</summary>
    public bool IsProduction { get; init; }

    /// <summary>The environment's name, as the operator wrote it.</summary>
    public string EnvironmentName { get; init; } = DefaultEnvironment;

    /// <summary>The node.</summary>
    public NodeOptions Node { get; init; } = new();

    /// <summary>Who may come in.</summary>
    public AuthOptions Auth { get; init; } = new();

    /// <summary>How rooms are joined.</summary>
    public JoinOptions Join { get; init; } = new();

    /// <summary>End-to-end encryption.</summary>
    public E2eeOptions E2ee { get; init; } = new();

    /// <summary>Times of a session.</summary>
    public SessionOptions Sessions { get; init; } = new();

    /// <summary>Bounds against too much of anything.</summary>
    public LimitOptions Limits { get; init; } = new();

    /// <summary>The media engine.</summary>
    public MediaOptions Media { get; init; } = new();
}

/// <summary>The node and its listener.</summary>
public sealed record NodeOptions
{
    /// <summary>HTTP port; 0 lets the system choose.</summary>
    public int Port { get; init; } = Settings.Port.Default;

    /// <summary>HTTP address; null is every address.</summary>
    public string? BindAddress { get; init; }

    /// <summary>Region told to clients.</summary>
    public string Region { get; init; } = "tr";

    /// <summary>This node's name.</summary>
    public string NodeId { get; init; } = "local-sfu-1";

    /// <summary>Folder of the page; null is none.</summary>
    public string? WebRoot { get; init; }

    /// <summary>Time between SIGTERM and closing sockets.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(Settings.DrainSeconds.Default);
}

/// <summary>Identity providers. ToString shows no secret.</summary>
public sealed record AuthOptions
{
    /// <summary>Supabase project, or null.</summary>
    public Uri? SupabaseUrl { get; init; }

    /// <summary>Supabase public key.</summary>
    public Secret? SupabaseKey { get; init; }

    /// <summary>OIDC issuer exactly as its tokens name it, or null.</summary>
    public string? OidcIssuer { get; init; }

    /// <summary>Required audience, or null for any.</summary>
    public string? OidcAudience { get; init; }

    /// <summary>Shared secret of HS256 tokens, or null.</summary>
    public Secret? Hs256Secret { get; init; }

    /// <summary>Required issuer of HS256 tokens, or null.</summary>
    public string? Hs256Issuer { get; init; }

    /// <summary>Required audience of HS256 tokens, or null.</summary>
    public string? Hs256Audience { get; init; }

    /// <summary>Tolerated clock difference.</summary>
    public TimeSpan Leeway { get; init; } = TimeSpan.FromSeconds(Settings.TokenLeewaySeconds.Default);

    /// <summary>Whether an expired token ends its connection.</summary>
    public bool EnforceExpiry { get; init; } = true;

    /// <summary>Any token is its own user. Never in production.</summary>
    public bool DevInsecure { get; init; }

    /// <summary>True when at least one provider checks tokens.</summary>
    public bool HasRealProvider => OidcIssuer is not null || Hs256Secret is not null || (SupabaseUrl is not null && SupabaseKey is not null);
}

/// <summary>How rooms are joined.</summary>
public sealed record JoinOptions
{
    /// <summary>Key of join tokens.</summary>
    public Secret? TokenSecret { get; init; }

    /// <summary>Life of a token for named users.</summary>
    public TimeSpan TokenLife { get; init; } = TimeSpan.FromSeconds(Settings.JoinTokenTtlSeconds.Default);

    /// <summary>Life of a link's token.</summary>
    public TimeSpan LinkLife { get; init; } = TimeSpan.FromSeconds(Settings.LinkTokenTtlSeconds.Default);

    /// <summary>How much of the first revision's openness remains.</summary>
    public V1Compatibility Compatibility { get; init; } = V1Compatibility.Off;
}

/// <summary>How much of the first revision's openness remains.</summary>
public enum V1Compatibility
{
    /// <summary>Rooms must be created, and joined by right.</summary>
    Off,

    /// <summary>Joining a missing room makes one that is open to every authenticated user.</summary>
    AutoCreate,

    /// <summary>As <see cref="AutoCreate"/>, and rooms created without a policy are open too.</summary>
    Open,
}

/// <summary>End-to-end encryption.</summary>
public sealed record E2eeOptions
{
    /// <summary>Whether media waits for readiness.</summary>
    public bool Required { get; init; } = true;

    /// <summary>Whether a device must be able to do SFrame.</summary>
    public bool RequireSFrame { get; init; }

    /// <summary>Whether membership changes ask for a rekey.</summary>
    public bool RekeyOnJoin { get; init; } = true;

    /// <summary>The key profile of rooms that do not ask for one, and the least that a room may have.</summary>
    public string Profile { get; init; } = RoomEpoch.Profile;

    /// <summary>Times and limits of rooms of profile mls-sframe-v1.</summary>
    public EncryptionOptions Keys { get; init; } = new();

    /// <summary>When a track of such a room is closed for frames that do not look encrypted.</summary>
    public FrameCheckOptions Frames { get; init; } = new();

    /// <summary>Whether such rooms' links must carry a secret of their own.</summary>
    public bool RoomSecretRequired { get; init; }

    /// <summary>Folder of the rooms' epochs; null keeps them in memory only.</summary>
    public string? StateFolder { get; init; }

    /// <summary>Time between REKEY_BEGIN and REKEY_COMMIT.</summary>
    public TimeSpan RekeyDeadline { get; init; } = TimeSpan.FromMilliseconds(Settings.RekeyDeadlineMs.Default);
}

/// <summary>Times of a session.</summary>
public sealed record SessionOptions
{
    /// <summary>How often clients PING.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(Settings.HeartbeatSeconds.Default);

    /// <summary>Silence that closes a socket.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(Settings.SilenceSeconds.Default);

    /// <summary>How long a device survives its socket.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(Settings.ResumeGraceSeconds.Default);

    /// <summary>Time to authenticate.</summary>
    public TimeSpan AuthDeadline { get; init; } = TimeSpan.FromSeconds(Settings.AuthDeadlineSeconds.Default);

    /// <summary>Life of a room nobody joined.</summary>
    public TimeSpan IdleRoom { get; init; } = TimeSpan.FromSeconds(Settings.IdleRoomSeconds.Default);
}

/// <summary>Bounds against too much of anything.</summary>
public sealed record LimitOptions
{
    /// <summary>Largest REKEY_COMMIT of a member of a room of profile mls-sframe-v1: a commit of 64 KiB and a GroupInfo of 256 KiB in base64, and what is around them.</summary>
    public const int MaxCommitFrameBytes = 448 << 10;

    /// <summary>Largest message in.</summary>
    public int MaxFrameBytes { get; init; } = Settings.MaxFrameBytes.Default;

    /// <summary>Non-JSON frames before the socket is closed.</summary>
    public int MaxMalformedFrames { get; init; } = Settings.MaxMalformedFrames.Default;

    /// <summary>Frames queued for one socket.</summary>
    public int OutboundFrames { get; init; } = Settings.OutboundFrames.Default;

    /// <summary>Bytes queued for one socket.</summary>
    public int OutboundBytes { get; init; } = Settings.OutboundBytes.Default;

    /// <summary>Sockets from one address.</summary>
    public int SocketsPerIp { get; init; } = Settings.SocketsPerIp.Default;

    /// <summary>Sockets on this node.</summary>
    public int Sockets { get; init; } = Settings.MaxSockets.Default;

    /// <summary>Sockets let in a second when many want in; 0 lets all in at once.</summary>
    public int JoinRate { get; init; } = Settings.JoinRate.Default;

    /// <summary>Sockets let in at once after a quiet time.</summary>
    public int JoinBurst { get; init; } = Settings.JoinBurst.Default;

    /// <summary>The longest that somebody is let wait to come in.</summary>
    public TimeSpan JoinWait { get; init; } = TimeSpan.FromSeconds(Settings.JoinWaitSeconds.Default);

    /// <summary>Devices in a room.</summary>
    public int PeersPerRoom { get; init; } = Settings.PeersPerRoom.Default;

    /// <summary>Rooms on this node.</summary>
    public int Rooms { get; init; } = Settings.MaxRooms.Default;

    /// <summary>Tracks a device publishes.</summary>
    public int ProducersPerPeer { get; init; } = Settings.ProducersPerPeer.Default;

    /// <summary>Transports of a device.</summary>
    public int TransportsPerPeer { get; init; } = Settings.TransportsPerPeer.Default;

    /// <summary>Refuse WebSockets that did not come over TLS.</summary>
    public bool RequireSecureWebSocket { get; init; }

    /// <summary>Whose forwarding headers are believed.</summary>
    public IReadOnlyList<System.Net.IPNetwork> TrustedProxies { get; init; } =
        [System.Net.IPNetwork.Parse("127.0.0.0/8"), System.Net.IPNetwork.Parse("::1/128")];

    /// <summary>Messages allowed per window.</summary>
    public RateOptions Rates { get; init; } = new();
}

/// <summary>Messages allowed per window; the windows are fixed, see the settings.</summary>
public sealed record RateOptions
{
    /// <summary>Everything without its own row, in 10 s.</summary>
    public int Global { get; init; } = Settings.RateGlobal.Default;

    /// <summary>Media verbs, in 10 s.</summary>
    public int Media { get; init; } = Settings.RateMedia.Default;

    /// <summary>HELLO, in 30 s.</summary>
    public int Hello { get; init; } = Settings.RateHello.Default;

    /// <summary>AUTH, in 60 s.</summary>
    public int Auth { get; init; } = Settings.RateAuth.Default;

    /// <summary>E2EE_CAPS, in 60 s.</summary>
    public int E2eeCaps { get; init; } = Settings.RateE2eeCaps.Default;

    /// <summary>ROOM_CREATE, in 60 s.</summary>
    public int RoomCreate { get; init; } = Settings.RateRoomCreate.Default;

    /// <summary>ROOM_JOIN, in 60 s.</summary>
    public int RoomJoin { get; init; } = Settings.RateRoomJoin.Default;

    /// <summary>KEY_PACKAGE, in 60 s per device.</summary>
    public int KeyPackage { get; init; } = Settings.RateKeyPackage.Default;

    /// <summary>KEY_ACK, in 60 s per device.</summary>
    public int KeyAck { get; init; } = Settings.RateKeyAck.Default;

    /// <summary>REKEY_BEGIN, in 60 s per device.</summary>
    public int RekeyBegin { get; init; } = Settings.RateRekeyBegin.Default;

    /// <summary>REKEY_COMMIT, in 60 s per device.</summary>
    public int RekeyCommit { get; init; } = Settings.RateRekeyCommit.Default;

    /// <summary>REKEY_REQUEST, in 60 s per device.</summary>
    public int RekeyRequest { get; init; } = Settings.RateRekeyRequest.Default;

    /// <summary>E2EE_SYNC and E2EE_FAULT, in 60 s per device.</summary>
    public int KeyTrouble { get; init; } = Settings.RateKeyTrouble.Default;
}

/// <summary>The media engine.</summary>
public sealed record MediaOptions
{
    /// <summary>False is the runbook's fallback: control plane only.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What may be sent in rooms that do not say so themselves.</summary>
    public CodecPolicy Codecs { get; init; } = CodecPolicy.Default;

    /// <summary>Addresses for ICE candidates; empty is the machine's own.</summary>
    public IReadOnlyList<System.Net.IPAddress> AnnouncedAddresses { get; init; } = [];

    /// <summary>First media port.</summary>
    public int MinPort { get; init; } = Settings.RtcMinPort.Default;

    /// <summary>Last media port.</summary>
    public int MaxPort { get; init; } = Settings.RtcMaxPort.Default;

    /// <summary>Worker threads; 0 is one per core.</summary>
    public int Workers { get; init; }

    /// <summary>The UDP port all workers share; 0 is one for each.</summary>
    public int UdpPort { get; init; }

    /// <summary>Whether the kernel is told which worker of the shared port a peer belongs to.</summary>
    public bool UdpSteering { get; init; } = true;

    /// <summary>Everybody is sent what their network carries.</summary>
    public bool CongestionControl { get; init; } = true;

    /// <summary>The most that is ever sent to one participant, in Mbit/s, 1 to 1,000.</summary>
    public int MaxDownlinkMegabits { get; init; } = Settings.MaxDownlinkMegabits.Default;

    /// <summary>Whether the kernel may cut and merge messages of several datagrams.</summary>
    public UdpOffload UdpOffload { get; init; } = UdpOffload.Auto;

    /// <summary>What moves the datagrams; null is the fastest this system has.</summary>
    public UdpImplementation? UdpImplementation { get; init; }

    /// <summary>Whose ciphers protect media.</summary>
    public SrtpEngine SrtpEngine { get; init; } = SrtpEngine.Auto;

    /// <summary>Each worker stays on a core of its own.</summary>
    public bool PinWorkers { get; init; }

    /// <summary>Workers run before the rest of the process, where the system permits it.</summary>
    public bool RaiseWorkers { get; init; } = true;

    /// <summary>How long packets may gather before a loaded worker takes them; zero is off.</summary>
    public TimeSpan GatherTime { get; init; } = TimeSpan.FromMicroseconds(Settings.GatherTime.Default);

    /// <summary>Percent of a core beyond which a worker takes nothing new; 100 is no limit.</summary>
    public int MaxWorkerLoadPercent { get; init; } = Settings.MaxWorkerLoad.Default;

    /// <summary>Percent of a core beyond which a room grows to another worker; 100 is never.</summary>
    public int RoomSpreadLoadPercent { get; init; } = Settings.RoomSpreadLoad.Default;

    /// <summary>debug, info, warn, error or none.</summary>
    public string LogLevel { get; init; } = "warn";
}
