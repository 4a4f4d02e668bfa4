// Generated from src/Crosspoint.Contracts. Do not edit: dotnet run --project eng/Crosspoint.ContractsGen

/** The version in every envelope. */
export const PROTOCOL_VERSION = 1;

/** The outcome of a request; the last frame it causes. */
export interface Ack {
  /** The `msgId` of the request. */
  ackOfMsgId: string;
  /** Whether it was done. */
  ok: boolean;
  /** Why not. */
  error?: AckError;
}

/** Why a request was refused. */
export interface AckError {
  /** One of `ErrorCodes`. */
  code: ErrorCode;
  /** For a developer to read; may change. */
  message: string;
  /** Facts a program may use; an empty object when there are none. */
  details: ErrorDetails;
  /** Whether the same request may succeed later. */
  retryable: boolean;
}

/** The payload of an ACK: empty, or the outcome in brief. */
export interface AckPayload {
  /** What the request led to, such as `ready`, `paused`, `closed`. */
  state?: string;
  /** The room's version after the request. */
  roomVersion?: number;
}

/** Someone who speaks. */
export interface ActiveSpeaker {
  /** The audio producer. */
  producerId: string;
  /** The device that sends it. */
  deviceId: string;
  /** The level, dBov: -127 is silence, 0 the loudest (RFC 6464). */
  levelDbov: number;
}

/** Who speaks, loudest first; empty when nobody does. Sent to everyone when it changes. */
export interface ActiveSpeakersPayload {
  /** The room. */
  roomId: string;
  /** Loudest first. */
  speakers: ActiveSpeaker[];
}

/** Sent before the server closes with 4001: the user may no longer use this connection. */
export interface AuthFailPayload {
  /** Why, such as `TOKEN_EXPIRED`. */
  reason: string;
  /** Whether a new connection with a new token may help. */
  retryable: boolean;
}

/** Answers AUTH. */
export interface AuthOkPayload {
  /** Who the user is. */
  userId: string;
  /** The device this connection is bound to. */
  deviceId: string;
  /** Present when HELLO asked to resume: whether the old session was taken up. If true a ROOM_SNAPSHOT follows for its room. */
  resumed?: boolean;
  /** The room of the resumed session. */
  roomId?: string;
}

/** Proves who the user is. Answered by AUTH_OK; a missing or refused token is UNAUTHENTICATED and not retryable. */
export interface AuthPayload {
  /** The identity provider's access token, 20 to 8192 characters. Secret. */
  accessToken?: string;
  /** May name the device when HELLO did not. */
  client?: ClientInfo;
}

/** What a client says of itself. */
export interface ClientInfo {
  /** `web`, `android`, `ios`; other words are accepted. */
  platform?: string;
  /** The version of the application. */
  appVersion?: string;
  /** The device; the server makes up one (`dev_…`) when absent. It is bound to the user at AUTH. */
  deviceId?: string;
  /** The build of the application. */
  build?: string;
  /** A BCP 47 language tag. */
  locale?: string;
}

/** Round-trip times to the regions, in milliseconds. */
export interface ClientRttProbe {
  /** To `ru`, ms. */
  ruMs?: number;
  /** To `tr`, ms. */
  trMs?: number;
  /** To `ae`, ms. */
  aeMs?: number;
}

/** Starts receiving a producer. Answered by CONSUMER_ADDED. */
export interface ConsumePayload {
  /** The room; absent means the joined one. */
  roomId?: string;
  /** The producer, from PRODUCER_ADDED or the snapshot. */
  producerId: string;
  /** What the client can receive; may be empty only where there is no media plane. */
  rtpCapabilities: RtpCapabilities;
  /** A receive transport; the connection's first one when absent. */
  transportId?: string;
  /** Whether the consumer starts paused, to be started by CONSUMER_RESUME; false when absent. */
  paused?: boolean;
  /** The highest layers wanted, as in CONSUMER_SET_PREFERRED_LAYERS; absent means as much as the link carries. */
  preferredLayers?: VideoLayers;
  /** How much it matters, as in CONSUMER_SET_PRIORITY; 1 when absent. */
  priority?: number;
  /** Ignored (`low-latency` is sent by the first clients). */
  mode?: string;
}

/** Answers CONSUME: what `transport.consume()` wants. The flat fields are those of the first servers, `consumer` is the later shape; both say the same. */
export interface ConsumerAddedPayload {
  /** The room. */
  roomId: string;
  /** Grows with every change of the room; a consumer does not change it. */
  roomVersion?: number;
  /** The new consumer. */
  consumerId: string;
  /** What it consumes. */
  producerId: string;
  /** The receive transport it is on. */
  transportId?: string;
  /** Audio or video. */
  kind: MediaKind;
  /** What the client will receive; empty only where there is no media plane. */
  rtpParameters: RtpParameters;
  /** How it is forwarded: `simple`, `simulcast`, `svc`. */
  type?: string;
  /** How many encodings or spatial layers the sender announced; 1 for audio. */
  spatialLayers?: number;
  /** How many temporal layers each of them has; absent when the sender did not say. */
  temporalLayers?: number;
  /** Width of a video in its largest layer, in pixels; absent when the sender did not say. */
  width?: number;
  /** Height of a video in its largest layer, in pixels; absent when the sender did not say. */
  height?: number;
  /** Whether the consumer is paused. */
  paused?: boolean;
  /** Whether its producer is paused. */
  producerPaused?: boolean;
  /** The same and more. */
  consumer: ConsumerInfo;
}

/** A consumer of this connection ended without its asking. */
export interface ConsumerClosedPayload {
  /** The room. */
  roomId: string;
  /** The consumer. */
  consumerId: string;
  /** What it consumed. */
  producerId?: string;
  /** Why. */
  reason: ConsumerClosedReason;
}

/** Why a consumer ended. */
export type ConsumerClosedReason = "CLIENT_CLOSE" | "PRODUCER_CLOSED" | "TRANSPORT_CLOSED" | "MEDIA_FAILURE";

/** A consumer. */
export interface ConsumerInfo {
  /** The consumer. */
  consumerId: string;
  /** What it consumes. */
  producerId: string;
  /** The device that receives. */
  consumerDeviceId: string;
  /** The user who sends. */
  ownerUserId: string;
  /** The device that sends. */
  ownerDeviceId: string;
  /** Audio or video. */
  kind: MediaKind;
  /** Where it comes from. */
  source: MediaSource;
  /** Whether it forwards. */
  state: ConsumerState;
  /** The generation of its producer. */
  generation: number;
  /** When it was made, ms since the Unix epoch. */
  createdAt: number;
  /** When it was last resumed, ms since the Unix epoch; absent if never. */
  resumedAt?: number;
}

/** A request about one's own consumer: CONSUMER_PAUSE, CONSUMER_RESUME, CONSUMER_CLOSE. ACK only. */
export interface ConsumerReferencePayload {
  /** The room; absent means the joined one. */
  roomId?: string;
  /** The consumer, from CONSUMER_ADDED. */
  consumerId: string;
}

/** How well a track reaches this client. Sent to the connection that consumes, when it changes. */
export interface ConsumerScorePayload {
  /** The room. */
  roomId: string;
  /** The consumer. */
  consumerId: string;
  /** What it consumes. */
  producerId: string;
  /** The way from the server to this client: 0 (nothing arrives) to 10 (nothing is missing). */
  score: number;
  /** The way from the sender to the server, same scale. */
  producerScore: number;
}

/** Says which layers of a video are wanted at most, for example because it is shown small. ACK only; what is sent is told by LAYERS_CHANGED. */
export interface ConsumerSetPreferredLayersPayload {
  /** The room; absent means the joined one. */
  roomId?: string;
  /** The consumer, from CONSUMER_ADDED. */
  consumerId: string;
  /** The highest layers wanted; absent means as much as the link carries. Layers that the producer does not have mean its highest. */
  preferredLayers?: VideoLayers;
}

/** Says how much a video matters among those the connection receives. ACK only. */
export interface ConsumerSetPriorityPayload {
  /** The room; absent means the joined one. */
  roomId?: string;
  /** The consumer, from CONSUMER_ADDED. */
  consumerId: string;
  /** Higher is served first when the link does not carry everything; equals share. 1 for a consumer that was never given one. */
  priority: number;
}

/** Why the server holds a consumer back. */
export type ConsumerStarvedReason = "BANDWIDTH" | "LAST_N" | "MAX_VIDEO";

/** Whether a consumer forwards. */
export type ConsumerState = "active" | "paused" | "starved";

/** The server stopped or restarted forwarding to a consumer, for a reason of its own. Sent to the connection that consumes. */
export interface ConsumerStatePayload {
  /** The room. */
  roomId: string;
  /** The consumer. */
  consumerId: string;
  /** What it consumes. */
  producerId: string;
  /** How it stands: `starved` while the server holds it back, `active` when it goes on. */
  state: ConsumerState;
  /** Why it is held back; absent when it is not. */
  reason?: ConsumerStarvedReason;
}

/** Who the room looks at: whoever speaks for longer than a word, until somebody else does, through all silence. Sent to everyone when it is somebody else, and to who comes later. */
export interface DominantSpeakerPayload {
  /** The room. */
  roomId: string;
  /** The audio producer. */
  producerId: string;
  /** The device that sends it. */
  deviceId: string;
}

/** A certificate fingerprint (RFC 8122 §5). */
export interface DtlsFingerprint {
  /** `sha-256`, `sha-384`, `sha-512` … */
  algorithm: "sha-1" | "sha-224" | "sha-256" | "sha-384" | "sha-512";
  /** Upper-case hex pairs joined with colons. */
  value: string;
}

/** Who one end of a DTLS association is. */
export interface DtlsParameters {
  /** The role of the end that sends these parameters; `auto` when absent. */
  role?: DtlsRole;
  /** Certificate fingerprints; at least one, except towards a control-plane-only server. */
  fingerprints: DtlsFingerprint[];
}

/** The DTLS role of an end (RFC 8842). */
export type DtlsRole = "auto" | "client" | "server";

/** The nested spelling of E2EE_CAPS. */
export interface E2eeCapabilities {
  /** Whether the client can encrypt at all. */
  supportsE2ee: boolean;
  /** How. */
  mode?: E2eeMode;
  /** From 1. */
  protocolVersion?: number;
  /** Ciphers by name. */
  ciphers?: string[];
  /** Signature algorithms by name. */
  signatures?: string[];
}

/** What end-to-end encryption the client can do. Both the flat and the nested spelling are understood; ACK only. */
export interface E2eeCapsPayload {
  /** Whether the browser can transform encoded frames. */
  insertableStreams?: boolean;
  /** Whether frames are encrypted as SFrame. */
  sframe?: boolean;
  /** Whether the client can use a double ratchet for keys. */
  doubleRatchet?: boolean;
  /** Cipher suites by name. */
  supportedCipherSuites?: string[];
  /** Key profiles by name: `epoch-v1`, `mls-sframe-v1`. What follows is for the latter. */
  profiles?: string[];
  /** MLS cipher suites by number. */
  suites?: number[];
  /** SFrame cipher suites by number. */
  sframeSuites?: number[];
  /** The dialect of MLS on the wire. */
  wire?: number;
  /** Codecs whose frames it can encrypt. */
  codecs?: string[];
  /** How frames are reached: `streams` (createEncodedStreams) or `script` (RTCRtpScriptTransform). */
  transform?: "streams" | "script";
  /** Who the device is in the MLS tree. */
  device?: MlsDevice;
  /** What an identity provider says of the device's key: a JWT that the other clients check, not the server. */
  attest?: string;
  /** The last epoch it had of the room it is about to join. */
  seen?: E2eeSeen;
  /** The device, in the nested spelling. */
  deviceId?: string;
  /** The platform, in the nested spelling. */
  platform?: string;
  /** The nested spelling. */
  caps?: E2eeCapabilities;
  /** Encoded-frame transforms, by either spelling. */
  canTransformFrames?: boolean;
  /** SFrame, by either spelling. */
  canSframe?: boolean;
}

/** What a joining client still knows of the room's keys. */
export interface E2eeClientState {
  /** The last epoch it saw. */
  lastEpochSeen?: number;
  /** Sender keys it has. */
  ackedSenderKeyIds?: string[];
}

/** This device is put out of the room's keys: its media is cut, and it will be removed from the group. It stays in the room and may come back by E2EE_SYNC. */
export interface E2eeEvictedPayload {
  /** The room. */
  roomId: string;
  /** The room's current epoch. */
  epoch: number;
  /** Why: `lagging` (it did not become ready in time), `fault` (most members could not process its commit). */
  reason: "lagging" | "fault";
  /** How long E2EE_SYNC will be refused, in ms; absent when it may come back at once. */
  retryAfterMs?: number;
}

/** Tells that a device cannot follow an epoch or found something wrong, in profile `mls-sframe-v1`. ACK only. */
export interface E2eeFaultPayload {
  /** The room; absent means the joined one. */
  roomId?: string;
  /** The epoch it is about. */
  epoch: number;
  /** What. */
  code: "BAD_COMMIT" | "TAG_MISMATCH" | "POLICY" | "PLAINTEXT_LEAK" | "STATE_LOST" | "NO_KEY";
  /** For whoever reads the client's log; the server counts the code and drops this. */
  detail?: string;
}

/** How a client encrypts frames. */
export type E2eeMode = "none" | "web_insertable_streams" | "native_sframe_style";

/** Second answer to ROOM_JOIN; in profile `mls-sframe-v1` also after a resume, and when the room begins a new group. */
export interface E2eePolicyPayload {
  /** Whether media is refused before E2EE_READY. */
  required: boolean;
  /** The current key epoch. */
  epoch: number;
  /** Whether the room expects its members to rekey when someone joins. */
  rekeyOnJoin: boolean;
  /** The room. */
  roomId?: string;
  /** The key profile in use: `epoch-v1` or `mls-sframe-v1`. */
  profile?: "epoch-v1" | "mls-sframe-v1";
  /** More about it, in profile `mls-sframe-v1`. */
  mls?: MlsPolicy;
}

/** Shows that a device has an epoch's secrets, in profile `mls-sframe-v1`. */
export interface E2eeReadyMls {
  /** The epoch's tag, base64url; must be the committer's. */
  tag: string;
}

/** Declares that this device holds the keys of an epoch; opens the media gate when it is the room's current one. ACK only. */
export interface E2eeReadyPayload {
  /** The room; absent means the joined one. */
  roomId?: string;
  /** The epoch; also read from a numeric string. */
  epoch: number;
  /** The proof, in profile `mls-sframe-v1`. */
  mls?: E2eeReadyMls;
}

/** The encryption state of a room. */
export interface E2eeRoomState {
  /** Whether media is refused before E2EE_READY. */
  required: boolean;
  /** The current key epoch. */
  epoch: number;
  /** The device that has been here longest; empty when nobody is. */
  leaderDeviceId: string;
  /** Devices whose keys a member needs. */
  expectedSenderDevices: string[];
  /** Always empty in profile `epoch-v1`. */
  missingSenderKeys: string[];
}

/** The last epoch of a room a device had, in profile `mls-sframe-v1`. */
export interface E2eeSeen {
  /** Which MLS group of the room. */
  generation: number;
  /** The room's epoch. */
  epoch: number;
}

/** Whether the room is encrypted, and its epoch. */
export interface E2eeSummary {
  /** Whether media is refused before E2EE_READY. */
  required: boolean;
  /** The current key epoch. */
  epoch: number;
}

/** Says which epoch a device has and asks for what it missed, in profile `mls-sframe-v1`. Answered by KEY_LOG, or by the lease for a resync as soon as there is one. */
export interface E2eeSyncPayload {
  /** The room; absent means the joined one. */
  roomId?: string;
  /** Which MLS group of the room. */
  generation: number;
  /** The room's epoch it has; the state of none is lost: 0. */
  epoch: number;
}

/** No fields. Also what ICE and DTLS placeholders are before TRANSPORT_CREATED. */
export type EmptyPayload = Record<string, never>;

/** Facts about an error that a program may use. */
export interface ErrorDetails {
  /** The room's current epoch, with E2EE_NOT_READY and E2EE_EPOCH_MISMATCH. */
  expectedEpoch?: number;
  /** The path of the offending field, with VALIDATION_FAILED. */
  field?: string;
  /** When to try again, in ms, with RATE_LIMITED, NODE_FULL and E2EE_EVICTED. */
  retryAfterMs?: number;
  /** The limit that was met, with ROOM_FULL, RATE_LIMITED and NODE_FULL. */
  limit?: number;
  /** The check a commit failed, with E2EE_BAD_COMMIT. */
  check?: string;
  /** A narrower enumerated reason. */
  reason?: string;
}

/** Where clients should go. */
export interface FailoverHints {
  /** Whether this node is a good choice for new calls. */
  healthy: boolean;
  /** The region to prefer. */
  preferredRegion: string;
}

/** The stream of repair packets of an encoding. */
export interface FecStream {
  /** Its SSRC. */
  ssrc: number;
}

/** The body of `GET /health`, `/healthz` and `/ready`; 200 when `ok`, else 503. */
export interface HealthBody {
  /** Whether the node can take calls. Every check passes. */
  ok: boolean;
  /** `ok` or `unhealthy`. */
  status: string;
  /** The node's region. */
  region: string;
  /** The node. */
  nodeId: string;
  /** Whether new WebSockets are accepted. */
  wsReady: boolean;
  /** Rooms now. */
  rooms: number;
  /** Peers in rooms now. */
  peers: number;
  /** Since the start, in seconds. */
  uptimeSec: number;
  /** Where clients should go. */
  failoverHints: FailoverHints;
  /** The media plane: `native` or `fallback`. */
  mediaPlane?: string;
  /** What was checked. */
  checks?: HealthCheckBody[];
}

/** One thing that was checked. */
export interface HealthCheckBody {
  /** What, such as `workers`, `sockets`, `auth`. */
  name: string;
  /** Whether it is well. */
  ok: boolean;
  /** What is wrong, as an enumerated word. */
  reason?: string;
}

/** First frame of a client. Answered by WELCOME. */
export interface HelloPayload {
  /** Who is calling. */
  client?: ClientInfo;
  /** Present when a lost session is to be taken up again; WELCOME says whether it was. AUTH may follow, to renew the access token. */
  resume?: ResumeRequest;
}

/** Where a transport can be reached. */
export interface IceCandidate {
  /** Candidates of one foundation share type, base and protocol (RFC 8445 §5.1.1.3). */
  foundation: string;
  /** RFC 8445 §5.1.2. */
  priority: number;
  /** An IP address or a host name. */
  address: string;
  /** The same as `address`, for clients that read the older name. */
  ip: string;
  /** UDP or TCP. */
  protocol: IceProtocol;
  /** The port. */
  port: number;
  /** Always `host` from this server. */
  type: IceCandidateType;
  /** TCP only (RFC 6544); always `passive` from this server. */
  tcpType?: IceTcpType;
}

/** How a candidate was found (RFC 8445 §4). */
export type IceCandidateType = "host" | "srflx" | "prflx" | "relay";

/** The ICE credentials of one end of a transport (RFC 8839 §5.4). */
export interface IceParameters {
  /** The ufrag. */
  usernameFragment: string;
  /** The password. Never logged. */
  password: string;
  /** Whether this end is a lite agent. */
  iceLite?: boolean;
}

/** The transport protocol of a candidate. */
export type IceProtocol = "udp" | "tcp";

/** Answers ICE_RESTART. Without a transport in the request only `policy` comes back. */
export interface IceRestartOkPayload {
  /** The room. */
  roomId: string;
  /** As asked; `relay` when the request named none. */
  policy: IceRestartPolicy;
  /** The transport. */
  transportId?: string;
  /** The server's new credentials: give them to `transport.restartIce()`. */
  iceParameters?: IceParameters;
  /** STUN and TURN servers the client may use besides. */
  iceServers?: IceServer[];
}

/** New ICE credentials for a transport. Answered by ICE_RESTART_OK; media keeps flowing over the old pair meanwhile. */
export interface IceRestartPayload {
  /** The room; absent means the joined one. */
  roomId?: string;
  /** The transport; absent only from the first clients, whose request is just echoed. */
  transportId?: string;
  /** Which candidates the client will use; `relay` when absent. */
  policy?: IceRestartPolicy;
  /** `CONN_TIMEOUT`, `FAILED`, `MIGRATE`, `MANUAL`; other words are accepted. */
  reason?: string;
}

/** Which candidates the client will use after an ICE restart. */
export type IceRestartPolicy = "all" | "relay";

/** A STUN or TURN server (W3C `RTCIceServer`). */
export interface IceServer {
  /** Its URLs. */
  urls: string[];
  /** TURN only. */
  username?: string;
  /** TURN only. Secret. */
  credential?: string;
}

/** Who opens the connection of a TCP candidate (RFC 6544 §4.5). */
export type IceTcpType = "active" | "passive" | "so";

/** Tells that key material arrived; relayed to its target or, without one, to all others. */
export interface KeyAckPayload {
  /** The room; absent means the joined one. */
  roomId?: string;
  /** The epoch; also read from a numeric string. */
  epoch?: number;
  /** The device it came from; must be the sender's own when given. */
  fromDeviceId?: string;
  /** The device it is for; absent means all others. */
  targetDeviceId?: string;
  /** The other spelling of `targetDeviceId`. */
  toDeviceId?: string;
  /** Which of the sender's keys arrived. */
  senderKeyId?: string;
  /** The `msgId` of what is acknowledged. */
  refId?: string;
  /** The device it is for, by either spelling. */
  effectiveTarget?: string;
  /** Fields of the sender's own. */
  [other: string]: unknown;
}

/** A commit of the log. */
export interface KeyLogItem {
  /** The room's epoch it led to. */
  epoch: number;
  /** The commit, base64url. */
  commit: string;
  /** The tag of the epoch it led to, base64url. */
  tag: string;
  /** The group's own epoch after it. */
  mlsEpoch: number;
  /** The committer's leaf. */
  leaf: number;
  /** Whom it removes. */
  removes: MlsMember[];
  /** Who came in by it. */
  joined?: MlsMember;
}

/** Answers E2EE_SYNC: the commits a device missed, oldest first; none when it missed none. */
export interface KeyLogPayload {
  /** The room. */
  roomId: string;
  /** Which MLS group of the room. */
  generation: number;
  /** The room's current epoch: the one after the last commit. */
  epoch: number;
  /** Whether senders have switched to it. */
  active: boolean;
  /** The commits. */
  items: KeyLogItem[];
}

/** Key material for one device or, without a target, for all others; opaque to the server. */
export interface KeyPackagePayload {
  /** The room; absent means the joined one. */
  roomId?: string;
  /** The epoch the keys are for; also read from a numeric string. */
  epoch?: number;
  /** The device it is for; absent means all others. */
  targetDeviceId?: string;
  /** The other spelling of `targetDeviceId`. */
  toDeviceId?: string;
  /** The device it came from; set by the server, whatever the sender wrote. */
  fromDeviceId?: string;
  /** The encrypted keys. */
  ciphertext?: string;
  /** The sender's signature. */
  sig?: string;
  /** The sender's ephemeral public key. */
  senderPublicKey?: string;
  /** Which of the sender's keys. */
  senderKeyId?: string;
  /** The device it is for, by either spelling. */
  effectiveTarget?: string;
  /** Fields of the sender's own. */
  [other: string]: unknown;
}

/** What a consumer is sent of a video changed. Sent to the connection that consumes. */
export interface LayersChangedPayload {
  /** The room. */
  roomId: string;
  /** The consumer. */
  consumerId: string;
  /** What it consumes. */
  producerId: string;
  /** What is sent now; absent while nothing is. */
  currentLayers?: VideoLayers;
  /** What will be sent as soon as the video can be entered there (at a key frame, for most); absent when nothing may be. */
  targetLayers?: VideoLayers;
}

/** What a track carries. */
export type MediaKind = "audio" | "video";

/** The router's capabilities, and placeholders for transports that TRANSPORT_CREATED then describes. */
export interface MediaOptions {
  /** Give this to `Device.load()`. */
  routerRtpCapabilities: RtpCapabilities;
  /** Placeholder. */
  sendTransportOptions: TransportPlaceholder;
  /** Placeholder. */
  recvTransportOptions: TransportPlaceholder;
}

/** The media plane in figures. */
export interface MediaPlaneBody {
  /** `native`, or `fallback` where only the control plane runs. */
  mode: string;
  /** Rooms with a router. */
  roomCount: number;
  /** Transports. */
  transportCount: number;
  /** Producers. */
  producerCount: number;
  /** Consumers. */
  consumerCount: number;
  /** Worker threads. */
  workerCount: number;
}

/** Where a track comes from. */
export type MediaSource = "camera" | "microphone" | "screen";

/** The body of `GET /metrics` unless the Accept header asks for Prometheus or OpenMetrics text. */
export interface MetricsBody {
  /** The node. */
  nodeId: string;
  /** The node's region. */
  region: string;
  /** Since the start, in seconds. */
  uptimeSec: number;
  /** Rooms now. */
  rooms: number;
  /** Peers in rooms now. */
  peers: number;
  /** Producers now. */
  producers: number;
  /** The media plane. */
  mediaPlane: MediaPlaneBody;
  /** Rooms by region. */
  roomsByRegion: Record<string, number>;
}

/** Who a device is in the MLS tree. */
export interface MlsDevice {
  /** The device; must be the one bound at AUTH. */
  dev: string;
  /** Its public signature key, base64url. */
  key: string;
  /** The identity its leaf will carry, base64url. */
  identity: string;
}

/** How a key id of SFrame is put together: `context << (E + S) | leaf << E | epoch`. */
export interface MlsKidShape {
  /** Bits of the MLS epoch in it. */
  E: number;
  /** Bits of the leaf in it. */
  S: number;
}

/** A device and the leaf of the MLS tree it has. */
export interface MlsMember {
  /** The device. */
  dev: string;
  /** Its leaf. */
  leaf: number;
}

/** What a room of profile `mls-sframe-v1` demands, and what this device is to do first. */
export interface MlsPolicy {
  /** The MLS group, base64url. */
  groupId: string;
  /** Which MLS group of the room; grows when one had to be given up. */
  generation: number;
  /** The group's own epoch; absent before there is a group. */
  mlsEpoch?: number;
  /** The MLS cipher suite. */
  suite: number;
  /** The dialect of MLS on the wire; those of different numbers cannot meet in a room. */
  wire: number;
  /** The SFrame cipher suite. */
  sframeSuite: number;
  /** How key ids are put together. */
  kid: MlsKidShape;
  /** The least level of identity: 0 asserted by the server, 1 attested by the application's identity provider, 2 verified by a person. */
  minIdentity: number;
  /** What this device is to do: `create` the group or `join` it when the lease comes; `resume`: say E2EE_SYNC; `resync`: wait for the lease, the keys it has are of no use. */
  role: "create" | "join" | "resume" | "resync";
  /** Between two rekeys without another cause. */
  rekeyIntervalMs: number;
  /** After a commit, when senders switch although not everybody is ready. */
  activateMs: number;
  /** How long frames of the previous epoch are still taken. */
  overlapMs: number;
  /** The same after a removal. */
  removeOverlapMs: number;
  /** How long the leaf of a device whose socket is gone is kept. */
  graceMs: number;
  /** Whether the room's link carries a secret of its own: `none` or `required`. */
  roomSecret: "none" | "required";
}

/** Someone joined. Sent to the others. */
export interface PeerJoinedPayload {
  /** The room. */
  roomId: string;
  /** The user. */
  userId: string;
  /** The device. */
  deviceId: string;
  /** What the person wants to be called, as ROOM_JOIN said; anything may be claimed, the user id is what was proven. */
  displayName?: string;
  /** This stay of the device in the room. */
  peerId?: string;
  /** Grows with every join and leave. */
  memberSetVersion?: number;
  /** Grows with every change of the room. */
  roomVersion?: number;
}

/** Removes a device from the room and keeps its user out for as long as the room lives; the room's creator may. ACK only. */
export interface PeerKickPayload {
  /** The room; absent means the joined one. */
  roomId?: string;
  /** Which device. */
  deviceId: string;
}

/** Someone left. Sent to the others, after PRODUCER_REMOVED for each of its producers. */
export interface PeerLeftPayload {
  /** The room. */
  roomId: string;
  /** The user. */
  userId: string;
  /** The device. */
  deviceId: string;
  /** This stay of the device in the room. */
  peerId?: string;
  /** Grows with every join and leave. */
  memberSetVersion?: number;
  /** Grows with every change of the room. */
  roomVersion?: number;
  /** Why. */
  reason?: PeerLeftReason;
}

/** Why a peer left. */
export type PeerLeftReason = "LEFT" | "KICKED" | "DISCONNECTED" | "REPLACED";

/** What a peer may do in its room. */
export type PeerRole = "member" | "moderator";

/** Whether a peer is there. */
export type PeerState = "joined" | "rejoining" | "left";

/** A peer's socket broke (`rejoining`) or it came back (`joined`). Sent to the others; its producers stay meanwhile. */
export interface PeerStatePayload {
  /** The room. */
  roomId: string;
  /** Grows with every change of the room. */
  roomVersion: number;
  /** The user. */
  userId: string;
  /** The device. */
  deviceId: string;
  /** This stay of the device in the room. */
  peerId?: string;
  /** Whether it is connected. */
  state: PeerState;
}

/** Someone in the room. */
export interface PeerSummary {
  /** The user. */
  userId: string;
  /** The device; unique in the room. */
  deviceId: string;
  /** What the person wants to be called, as ROOM_JOIN said; anything may be claimed, the user id is what was proven. */
  displayName?: string;
  /** This stay of the device in the room. */
  peerId?: string;
  /** What the peer may do. */
  role: PeerRole;
  /** Whether it is connected. */
  state: PeerState;
  /** Whether it declared the current epoch. */
  e2eeReady: boolean;
}

/** Starts sending a track. Answered by PRODUCED; the others get PRODUCER_ADDED. */
export interface ProducePayload {
  /** The room; absent means the joined one. */
  roomId?: string;
  /** A send transport. */
  transportId: string;
  /** Audio or video. */
  kind: MediaKind;
  /** What will be sent; may be empty only where there is no media plane. */
  rtpParameters: RtpParameters;
  /** Whether the track starts paused; false when absent. */
  paused?: boolean;
  /** Where the track comes from; else `appData.source`; else camera or microphone by kind. */
  source?: MediaSource;
  /** Width of a video in its largest layer, in pixels; helps receivers to choose layers by the size they show it at. */
  width?: number;
  /** Height of a video in its largest layer, in pixels. */
  height?: number;
  /** The application's own data; only `source` is read. */
  appData?: unknown;
  /** Where the track comes from, with the defaults applied. */
  effectiveSource?: MediaSource;
}

/** Answers PRODUCE. */
export interface ProducedPayload {
  /** The room. */
  roomId: string;
  /** The new producer. */
  producerId: string;
  /** Audio or video. */
  kind: MediaKind;
  /** Grows with every change of the room. */
  roomVersion?: number;
}

/** Someone started to send a track. Sent to everyone else. The flat fields are those of the first servers, `producer` is the later shape; both say the same. */
export interface ProducerAddedPayload {
  /** The room. */
  roomId: string;
  /** Grows with every change of the room. */
  roomVersion: number;
  /** The producer. */
  producerId: string;
  /** The device that sends it. */
  peerDeviceId: string;
  /** Audio or video. */
  kind: MediaKind;
  /** The same and more. */
  producer: ProducerInfo;
}

/** A producer. */
export interface ProducerInfo {
  /** The producer. */
  producerId: string;
  /** The device that sends it. */
  peerDeviceId: string;
  /** The user who sends it. */
  ownerUserId: string;
  /** The device that sends it. */
  ownerDeviceId: string;
  /** Audio or video. */
  kind: MediaKind;
  /** Where it comes from. */
  source: MediaSource;
  /** Whether its sender paused it. */
  paused?: boolean;
  /** Counts the producers of this device and source, from 1. */
  generation: number;
  /** When it was made, ms since the Unix epoch. */
  createdAt: number;
}

/** A request about one's own producer: PRODUCER_CLOSE, PRODUCER_PAUSE, PRODUCER_RESUME. ACK only; the others get a broadcast. */
export interface ProducerReferencePayload {
  /** The room; absent means the joined one. */
  roomId?: string;
  /** The producer, from PRODUCED. */
  producerId: string;
}

/** A producer ended. Sent to everyone else; its sender gets it too when it did not ask for it. */
export interface ProducerRemovedPayload {
  /** The room. */
  roomId: string;
  /** Grows with every change of the room. */
  roomVersion: number;
  /** The producer. */
  producerId: string;
  /** The device that sent it. */
  peerDeviceId: string;
  /** Why. */
  reason: ProducerRemovedReason;
}

/** Why a producer ended. */
export type ProducerRemovedReason = "CLIENT_CLOSE" | "SFRAME_TRACE_UNAVAILABLE" | "SFRAME_FRAMES_TOO_SMALL" | "SFRAME_REFUSED" | "PEER_LEFT" | "TRANSPORT_CLOSED" | "MEDIA_FAILURE";

/** How well a track reaches the server. Sent to the connection that sends it, when it changes. */
export interface ProducerScorePayload {
  /** The room. */
  roomId: string;
  /** The producer. */
  producerId: string;
  /** 0 (nothing arrives) to 10 (nothing is missing). */
  score: number;
}

/** A producer was paused or resumed by its sender: PRODUCER_PAUSED, PRODUCER_RESUMED. Sent to everyone else. */
export interface ProducerStatePayload {
  /** The room. */
  roomId: string;
  /** Grows with every change of the room. */
  roomVersion: number;
  /** The producer. */
  producerId: string;
  /** The device that sends it. */
  peerDeviceId: string;
}

/** A producer in a snapshot. */
export interface ProducerSummary {
  /** The producer. */
  producerId: string;
  /** The device that sends it. */
  peerDeviceId: string;
  /** The user who sends it. */
  userId: string;
  /** Audio or video. */
  kind: MediaKind;
  /** Whether its sender paused it. */
  paused: boolean;
  /** Where it comes from. */
  source?: MediaSource;
  /** Counts the producers of this device and source, from 1. */
  generation?: number;
  /** When it was made, ms since the Unix epoch. */
  createdAt?: number;
}

/** How much of a video anybody watches, so that its sender need not encode the rest. Sent to the connection that sends it, when it changes. */
export interface ProducerWatchedLayersPayload {
  /** The room. */
  roomId: string;
  /** The producer. */
  producerId: string;
  /** The highest encoding or spatial layer that somebody watches; absent while nobody watches at all. */
  maxSpatialLayer?: number;
}

/** A rekey that was begun is given up; the epoch stays. Sent to everyone. */
export interface RekeyAbortPayload {
  /** The room. */
  roomId: string;
  /** The epoch it was to lead to. */
  attemptedEpoch: number;
  /** `TIMEOUT` or `LEADER_LOST`. */
  reason: string;
}

/** Senders switch to the epoch's keys now. Sent to everyone, in profile `mls-sframe-v1`. */
export interface RekeyActivePayload {
  /** The room. */
  roomId: string;
  /** The epoch, the room's current one. */
  epoch: number;
  /** Members that said they are ready for it. */
  ready: number;
  /** Members. */
  total: number;
  /** True when the time was up before all were ready; those who were not must catch up. */
  forced: boolean;
}

/** What a commit under this lease is to do. */
export interface RekeyBeginMls {
  /** Which MLS group of the room. */
  generation?: number;
  /** The members the commit must remove, no more and no fewer. */
  removes: MlsMember[];
  /** The group to join by an external commit, base64url; for the holder of a lease to join or resync only. */
  groupInfo?: string;
  /** Who has which leaf now, those to be removed included. */
  members: MlsMember[];
}

/** Announces a rekey to every member, its sender included. The epoch must be the room's next one. In profile `mls-sframe-v1` only the server sends it: to one device with a lease to commit, to the others without. */
export interface RekeyBeginPayload {
  /** The room; absent means the joined one. */
  roomId?: string;
  /** The epoch to come; also read from a numeric string. In profile `mls-sframe-v1` the current one. */
  epoch?: number;
  /** The other spelling of `epoch`, only read; in profile `mls-sframe-v1` the epoch to come. */
  newEpoch?: number;
  /** The member set the rekey is for. */
  memberSetVersion?: number;
  /** The device that leads the rekey. */
  leaderDeviceId?: string;
  /** How long the rekey may take, in ms. */
  deadlineMs?: number;
  /** The device it came from; set by the server, whatever the sender wrote. */
  fromDeviceId?: string;
  /** Why there is a rekey, in profile `mls-sframe-v1`. */
  reason?: "create" | "join" | "resync" | "leave" | "kick" | "periodic" | "request" | "fault";
  /** The right to commit, in profile `mls-sframe-v1`; only its holder gets it. */
  leaseId?: string;
  /** What the commit is to do, in profile `mls-sframe-v1`. */
  mls?: RekeyBeginMls;
  /** The epoch to come, by either spelling; null when neither was given. */
  effectiveEpoch?: number;
  /** Fields of the sender's own. */
  [other: string]: unknown;
}

/** The MLS side of a commit. A client sends the first three; the server tells everyone the others. */
export interface RekeyCommitMls {
  /** The commit, an MLSMessage with a PublicMessage in it, base64url; absent for a group's first epoch, which has none. */
  commit?: string;
  /** The GroupInfo after it, an MLSMessage with external_pub and ratchet_tree, base64url. The server keeps it for those who join. */
  groupInfo?: string;
  /** The tag of the new epoch, 16 bytes, base64url. */
  tag: string;
  /** Which MLS group of the room. */
  generation?: number;
  /** The group's own epoch after the commit. */
  mlsEpoch?: number;
  /** The committer's leaf. */
  leaf?: number;
  /** Whom it removes; empty when nobody. */
  removes?: MlsMember[];
  /** Who came in by it. */
  joined?: MlsMember;
}

/** Makes an epoch the room's current one: it is relayed to every member, its sender included, and everyone's readiness is cleared. */
export interface RekeyCommitPayload {
  /** The room; absent means the joined one. */
  roomId?: string;
  /** The new epoch, exactly the one after the current; also read from a numeric string. */
  epoch?: number;
  /** The other spelling of `epoch`; read, never written by the server. */
  newEpoch?: number;
  /** The device it came from; set by the server, whatever the sender wrote. */
  fromDeviceId?: string;
  /** The right to commit, as REKEY_BEGIN gave it; in profile `mls-sframe-v1`, where nothing is committed without. */
  leaseId?: string;
  /** Why there was a rekey, in profile `mls-sframe-v1`; the server writes it. */
  reason?: "create" | "join" | "resync" | "leave" | "kick" | "periodic" | "request" | "fault";
  /** The committer, in profile `mls-sframe-v1`; the server writes it. */
  leaderDeviceId?: string;
  /** When senders switch at the latest, in ms, in profile `mls-sframe-v1`; the server writes it. */
  activateInMs?: number;
  /** The commit itself, in profile `mls-sframe-v1`. */
  mls?: RekeyCommitMls;
  /** The new epoch, by either spelling; null when neither was given. */
  effectiveEpoch?: number;
  /** Fields of the sender's own. */
  [other: string]: unknown;
}

/** Asks for a rekey now, in profile `mls-sframe-v1`; the server gives somebody a lease. ACK only. */
export interface RekeyRequestPayload {
  /** The room; absent means the joined one. */
  roomId?: string;
  /** The epoch to leave; when it is not current any more there is nothing to do. */
  epoch: number;
  /** Why, in a word. */
  reason?: string;
}

/** The member set changed: the leader device should begin a rekey. Sent to everyone. */
export interface RekeyRequiredPayload {
  /** The room. */
  roomId: string;
  /** `member_join` or `member_leave`. */
  reason: string;
  /** The epoch the rekey goes to. */
  epoch: number;
  /** The device that should begin it. */
  leaderDeviceId: string;
  /** The member set it is for. */
  memberSetVersion: number;
}

/** Asks for a session that lost its socket. */
export interface ResumeRequest {
  /** From the last WELCOME of that session. Single use; secret. */
  resumeToken?: string;
  /** The last server `seq` the client has seen; for diagnosis only, state comes as a snapshot. */
  lastServerSeqSeen?: number;
}

/** Makes a room, or names an existing one (idempotent). Answered by ROOM_CREATED and, for its creator, ROOM_JOIN_SECRET. */
export interface RoomCreatePayload {
  /** The room; made up when absent. */
  roomId?: string;
  /** The call; the room's id when absent. */
  callId?: string;
  /** The region the caller would like. */
  preferredRegion?: string;
  /** Users who may join besides the creator; absent means whoever holds the join token. */
  allowedUserIds?: string[];
  /** Most peers in the room; the server's limit still holds. */
  maxPeers?: number;
  /** Asks for end-to-end encryption where the server does not demand it; cannot switch it off. */
  e2eeRequired?: boolean;
  /** The key profile: `epoch-v1` or `mls-sframe-v1`, which switches encryption on; absent for the server's own choice, which it cannot lower (`CALLS_E2EE_PROFILE`). */
  e2eeProfile?: "epoch-v1" | "mls-sframe-v1";
  /** What may be sent in the room, the preferred one first: some of `opus`, `red`, `vp8`, `vp9`, `h264`, `av1`, `flexfec-03`; absent for the server's own choice (`CALLS_CODECS`). Who makes the room decides; for one that exists it is ignored. */
  codecs?: string[];
  /** Ignored. */
  metadata?: unknown;
}

/** Answers ROOM_CREATE. */
export interface RoomCreatedPayload {
  /** The room. */
  roomId: string;
  /** The call. */
  callId: string;
  /** The node's region. */
  region: string;
  /** The node. */
  nodeId: string;
  /** The current key epoch; 0 in a new room. */
  epoch: number;
  /** Grows with every join and leave. */
  memberSetVersion: number;
  /** Grows with every change of the room. */
  roomVersion?: number;
  /** Lets its holder join; only ever given to the room's creator. Secret. */
  joinToken?: string;
}

/** First answer to ROOM_JOIN. */
export interface RoomJoinOkPayload {
  /** The room. */
  roomId: string;
  /** The call. */
  callId: string;
  /** The node's region. */
  region: string;
  /** The node. */
  nodeId: string;
  /** The current key epoch. */
  epoch: number;
  /** Grows with every join and leave. */
  memberSetVersion: number;
  /** Grows with every change of the room. */
  roomVersion?: number;
  /** What a mediasoup device needs to load. */
  mediasoup: MediaOptions;
  /** The room's encryption state. */
  e2ee: E2eeSummary;
}

/** Enters a room. Answered by ROOM_JOIN_OK, E2EE_POLICY and ROOM_SNAPSHOT; the others get PEER_JOINED. */
export interface RoomJoinPayload {
  /** The room. */
  roomId: string;
  /** The call. */
  callId?: string;
  /** Must be the device bound at AUTH when given. */
  deviceId?: string;
  /** What the person wants to be called; shown to the others. One line of text. */
  displayName?: string;
  /** The region the caller would like. */
  preferredRegion?: string;
  /** From ROOM_CREATED of whoever made the room. Secret. */
  joinToken?: string;
  /** Round-trip times the client measured; ignored. */
  clientRttProbe?: ClientRttProbe;
  /** What the client still knows of the room's keys; ignored by profile `epoch-v1`. */
  e2eeState?: E2eeClientState;
}

/** The join token once more, in a frame of its own, as later servers send it. */
export interface RoomJoinSecretPayload {
  /** The room. */
  roomId: string;
  /** Lets its holder join. Secret. */
  joinToken: string;
}

/** Leaves a room. Answered by ROOM_LEFT; the others get PEER_LEFT. */
export interface RoomLeavePayload {
  /** The room; absent means the joined one. */
  roomId?: string;
  /** Free text for the log. */
  reason?: string;
}

/** Answers ROOM_LEAVE. */
export interface RoomLeftPayload {
  /** The room. */
  roomId: string;
  /** Grows with every change of the room. */
  roomVersion?: number;
}

/** A request that needs nothing but its room: GET_ROUTER_RTP_CAPABILITIES, ROOM_STATE_GET. */
export interface RoomScopedPayload {
  /** The room; absent means the joined one. */
  roomId?: string;
}

/** The whole room: third answer to ROOM_JOIN, answer to ROOM_STATE_GET (as ROOM_STATE), first frame after a resume. */
export interface RoomSnapshotPayload {
  /** The room. */
  roomId: string;
  /** The call. */
  callId: string;
  /** The node's region. */
  region: string;
  /** The node. */
  nodeId: string;
  /** The current key epoch. */
  epoch: number;
  /** Grows with every join and leave. */
  memberSetVersion: number;
  /** Grows with every change of the room; a client ignores a snapshot that is older than what it has. */
  roomVersion: number;
  /** The server's clock, ms since the Unix epoch. */
  serverTime: number;
  /** Everyone, the receiver included, in order of joining. */
  peers: PeerSummary[];
  /** Everything that can be consumed, the receiver's own included. */
  producers: ProducerSummary[];
  /** The room's encryption state. */
  e2ee: E2eeRoomState;
}

/** Answers GET_ROUTER_RTP_CAPABILITIES. */
export interface RouterRtpCapabilitiesPayload {
  /** The room. */
  roomId: string;
  /** Give this to `Device.load()`. */
  routerRtpCapabilities: RtpCapabilities;
}

/** One RTCP feedback message a codec may use (`a=rtcp-fb`, RFC 4585 §4.2). */
export interface RtcpFeedback {
  /** `nack`, `ccm`, `goog-remb`, `transport-cc` … */
  type: string;
  /** `pli`, `fir` …; absent or empty for none. */
  parameter?: string;
}

/** RTCP settings of a track. */
export interface RtcpParameters {
  /** The canonical name (RFC 3550 §6.5.1). */
  cname?: string;
  /** Whether reduced-size RTCP (RFC 5506) is used; true when absent. */
  reducedSize?: boolean;
  /** Whether RTP and RTCP share a port (RFC 5761); always true here. */
  mux?: boolean;
}

/** What an endpoint or the router can receive. An empty object means nothing at all. */
export interface RtpCapabilities {
  /** Codecs, RTX included. */
  codecs?: RtpCodecCapability[];
  /** Header extensions. */
  headerExtensions?: RtpHeaderExtension[];
}

/** A codec an endpoint can use. */
export interface RtpCodecCapability {
  /** Audio or video. */
  kind: MediaKind;
  /** `audio/opus`, `video/VP8`, `video/rtx` …; compared without case. */
  mimeType: string;
  /** The payload type the endpoint prefers; the router always gives one. */
  preferredPayloadType: number;
  /** RTP clock rate in Hz. */
  clockRate: number;
  /** Channels; audio only, 1 when absent. */
  channels?: number;
  /** Codec parameters (fmtp). */
  parameters?: Record<string, unknown>;
  /** RTCP feedback the codec may use. */
  rtcpFeedback?: RtcpFeedback[];
}

/** A codec in use. */
export interface RtpCodecParameters {
  /** `audio/opus`, `video/VP8`, `video/rtx` …; compared without case. */
  mimeType: string;
  /** The RTP payload type. */
  payloadType: number;
  /** RTP clock rate in Hz. */
  clockRate: number;
  /** Channels; audio only, 1 when absent. */
  channels?: number;
  /** Codec parameters (fmtp). RTX names its media payload type under `apt`. */
  parameters?: Record<string, unknown>;
  /** RTCP feedback in use. */
  rtcpFeedback?: RtcpFeedback[];
}

/** One RTP stream of a track. */
export interface RtpEncodingParameters {
  /** The SSRC; absent when the stream is found by `rid` or MID. */
  ssrc?: number;
  /** The restriction identifier (RFC 8852). */
  rid?: string;
  /** Which codec this stream uses; the first one when absent. */
  codecPayloadType?: number;
  /** The retransmission stream (RFC 4588). */
  rtx?: RtxStream;
  /** The stream of repair packets (FlexFEC), in a consumer's parameters only; SDP groups both by `ssrc-group:FEC-FR` (RFC 5956). */
  fec?: FecStream;
  /** Whether discontinuous transmission is used: gaps in audio are then not loss. */
  dtx?: boolean;
  /** Layers, such as `L1T3` or `S3T3` (W3C WebRTC-SVC). */
  scalabilityMode?: string;
  /** How many times smaller than the source the picture is; 1 or more. */
  scaleResolutionDownBy?: number;
  /** The most this stream may take, in bit/s. */
  maxBitrate?: number;
  /** The most frames per second. */
  maxFramerate?: number;
  /** Whether the sender may change the packet time of audio. */
  adaptivePtime?: boolean;
  /** Relative priority: `very-low`, `low`, `medium`, `high`. */
  priority?: "very-low" | "low" | "medium" | "high";
  /** DSCP priority, same words. */
  networkPriority?: "very-low" | "low" | "medium" | "high";
  /** Whether the stream is being sent; true when absent. */
  active?: boolean;
}

/** A header extension an endpoint can use (RFC 8285). */
export interface RtpHeaderExtension {
  /** Audio or video; absent means both. */
  kind: MediaKind;
  /** The extension's URI. */
  uri: "urn:ietf:params:rtp-hdrext:sdes:mid" | "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id" | "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id" | "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time" | "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01" | "urn:ietf:params:rtp-hdrext:ssrc-audio-level" | "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension" | "urn:3gpp:video-orientation" | "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time" | "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay" | "urn:mediasoup:params:rtp-hdrext:packet-id";
  /** The local identifier the endpoint prefers. */
  preferredId: number;
  /** Whether the endpoint prefers it encrypted (RFC 6904); not supported, false when absent. */
  preferredEncrypt?: boolean;
  /** In which direction it is supported; `sendrecv` when absent. */
  direction?: RtpHeaderExtensionDirection;
}

/** In which direction an endpoint supports a header extension, from that endpoint's point of view. */
export type RtpHeaderExtensionDirection = "sendrecv" | "sendonly" | "recvonly" | "inactive";

/** A header extension in use (RFC 8285). */
export interface RtpHeaderExtensionParameters {
  /** The extension's URI. */
  uri: "urn:ietf:params:rtp-hdrext:sdes:mid" | "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id" | "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id" | "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time" | "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01" | "urn:ietf:params:rtp-hdrext:ssrc-audio-level" | "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension" | "urn:3gpp:video-orientation" | "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time" | "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay" | "urn:mediasoup:params:rtp-hdrext:packet-id";
  /** The local identifier on the wire; above 14 it needs the two-byte form. */
  id: number;
  /** Whether it is encrypted (RFC 6904); not supported, false when absent. */
  encrypt?: boolean;
  /** Parameters of the extension. */
  parameters?: Record<string, unknown>;
}

/** How one track is sent. An empty object is what the first clients send to a control-plane-only server. */
export interface RtpParameters {
  /** The media identification tag (RFC 9143) the sender puts into the MID header extension. */
  mid?: string;
  /** Codecs in use; the first one is the media codec, RTX may follow. */
  codecs: RtpCodecParameters[];
  /** Header extensions in use. */
  headerExtensions?: RtpHeaderExtensionParameters[];
  /** RTP streams: one, or one per simulcast layer. */
  encodings?: RtpEncodingParameters[];
  /** RTCP settings. */
  rtcp?: RtcpParameters;
  /** MediaStream and track identification (`a=msid`, RFC 8830). */
  msid?: string;
}

/** The retransmission stream of an encoding. */
export interface RtxStream {
  /** Its SSRC. */
  ssrc: number;
}

/** What the server does and demands. */
export interface ServerFeatures {
  /** Every client frame needs a `seq`. Always true. */
  wsSeqRequired: boolean;
  /** Whether rooms demand end-to-end encryption. */
  e2eeRequiredDefault: boolean;
  /** Whether SFrame is demanded. */
  sframeRequired: boolean;
  /** Whether this server routes calls. Always true. */
  sfuEnabled: boolean;
  /** The media plane: `native`, or `fallback` where only the control plane runs. */
  mediaPlane?: string;
  /** How long a session outlives its socket, in seconds; 0 means it does not. */
  resumeGraceSec?: number;
  /** Whether ROOM_JOIN needs a join token. */
  joinTokenRequired?: boolean;
  /** Key profiles by name, such as `epoch-v1`. */
  e2eeProfiles?: string[];
  /** The largest client frame, in bytes. */
  maxFrameBytes?: number;
  /** The largest REKEY_COMMIT, in bytes, which carries a group's tree. */
  maxCommitFrameBytes?: number;
}

/** What the link to this client is found to carry. At most one a second for a transport, and only when it changed. */
export interface TransportBandwidthPayload {
  /** The room. */
  roomId: string;
  /** The receive transport. */
  transportId: string;
  /** All that may be sent now, in bit/s: media, repair and probing. */
  availableBitrate: number;
}

/** Gives the client's DTLS fingerprints for a transport. ACK only; TRANSPORT_STATE follows when media can flow. */
export interface TransportConnectPayload {
  /** The room; absent means the joined one. */
  roomId?: string;
  /** The transport, from TRANSPORT_CREATED. */
  transportId: string;
  /** The client's DTLS role and fingerprints; may be empty only where there is no media plane. */
  dtlsParameters: DtlsParameters;
}

/** How far a transport is. */
export type TransportConnectionState = "new" | "connecting" | "connected" | "disconnected" | "failed" | "closed";

/** Makes a WebRTC transport. Answered by TRANSPORT_CREATED. */
export interface TransportCreatePayload {
  /** The room; absent means the joined one. */
  roomId?: string;
  /** Send or receive; anything but `"recv"` is read as sending. */
  direction: TransportDirection;
  /** Leaves UDP candidates out. */
  forceTcp?: boolean;
}

/** Answers TRANSPORT_CREATE: what `createSendTransport` or `createRecvTransport` wants. */
export interface TransportCreatedPayload {
  /** The room. */
  roomId: string;
  /** The transport. */
  transportId: string;
  /** What it is for. */
  direction: TransportDirection;
  /** The server's ICE credentials. */
  iceParameters: IceParameters;
  /** Where the server listens; empty where there is no media plane. */
  iceCandidates: IceCandidate[];
  /** The server's DTLS role and fingerprints. */
  dtlsParameters: DtlsParameters;
  /** STUN and TURN servers the client may use besides. */
  iceServers?: IceServer[];
}

/** What a transport is for, seen from the client. */
export type TransportDirection = "send" | "recv";

/** A transport that does not exist yet. */
export interface TransportPlaceholder {
  /** `send_…` or `recv_…` and the device. */
  id: string;
  /** Empty. */
  iceParameters: EmptyPayload;
  /** Empty. */
  dtlsParameters: EmptyPayload;
}

/** Says how much video a receive transport wants at most. ACK only. Both limits are replaced; what is absent is not limited. */
export interface TransportSetLimitsPayload {
  /** The room; absent means the joined one. */
  roomId?: string;
  /** A receive transport. */
  transportId: string;
  /** Video of only so many devices, those who spoke last, and besides whatever has a priority above 1. */
  lastN?: number;
  /** At most so many videos at a time, by priority, then by who spoke last. */
  maxVideo?: number;
}

/** One of this connection's transports changed state. */
export interface TransportStatePayload {
  /** The room. */
  roomId: string;
  /** The transport. */
  transportId: string;
  /** How far it is. */
  state: TransportConnectionState;
  /** Why, as an enumerated word; empty when there is nothing to tell. */
  reason?: string;
}

/** Asks for the figures of one's own transport. Answered by TRANSPORT_STATS. */
export interface TransportStatsGetPayload {
  /** The room; absent means the joined one. */
  roomId?: string;
  /** The transport. */
  transportId: string;
}

/** Answers TRANSPORT_STATS_GET. */
export interface TransportStatsPayload {
  /** The room. */
  roomId: string;
  /** The transport. */
  transportId: string;
  /** How far it is. */
  state: TransportConnectionState;
  /** When this was read, ms since the Unix epoch. */
  timestamp: number;
  /** Datagrams from the client. */
  packetsReceived: number;
  /** Datagrams to the client. */
  packetsSent: number;
  /** Bytes from the client, UDP payload. */
  bytesReceived: number;
  /** Bytes to the client, UDP payload. */
  bytesSent: number;
  /** RTP packets from the client that never came. */
  packetsLost: number;
  /** RTP packets to the client that it reported lost. */
  remotePacketsLost?: number;
  /** RTP packets sent again at the client's request. */
  packetsRetransmitted?: number;
  /** RTP packets from the client that came by retransmission. */
  packetsRepaired?: number;
  /** Packets the client was asked for, each request counted. */
  nacksSent?: number;
  /** Packets the client asked for, each request counted. */
  nacksReceived?: number;
  /** Repair packets (FlexFEC) to the client. */
  repairPacketsSent?: number;
  /** The share of RTP to the client lost in its last report, 0 to 1. */
  fractionLost?: number;
  /** Round-trip time, ms; absent until measured. */
  rttMs?: number;
  /** Interarrival jitter of what the client sends, ms; the worst of its streams. */
  jitterMs?: number;
  /** Datagrams dropped, by enumerated reason. */
  drops?: Record<string, number>;
  /** The protocol of the selected pair: `udp` or `tcp`. */
  protocol?: string;
  /** The SRTP profile, such as `AEAD_AES_128_GCM`. */
  srtpProfile?: string;
}

/** Layers of a video: an encoding of simulcast or a spatial layer of SVC, and a temporal layer of it. Both count from 0, the smallest. */
export interface VideoLayers {
  /** The encoding or spatial layer: 0 is the smallest picture. */
  spatialLayer: number;
  /** The temporal layer: 0 is the lowest frame rate; absent means all of them. */
  temporalLayer?: number;
}

/** Answers HELLO. */
export interface WelcomePayload {
  /** The server's clock, ms since the Unix epoch. */
  serverTime: number;
  /** How often the client should PING, in seconds. */
  heartbeatSec: number;
  /** Takes this session up again within the grace period. Secret, single use; a new one comes with every WELCOME. */
  resumeToken: string;
  /** Present when HELLO asked to resume: whether the old session goes on. If true and it was in a room, a ROOM_SNAPSHOT follows. */
  resumed?: boolean;
  /** What this server does. */
  features: ServerFeatures;
}

/** The payload of each message a client sends. */
export interface ClientPayloads {
  /** First frame of a connection; may ask to resume a session. */
  HELLO: HelloPayload;
  /** Proves who the user is and binds the device to them. */
  AUTH: AuthPayload;
  /** Keeps the connection alive. */
  PING: EmptyPayload;
  /** Declares what end-to-end encryption the client can do. */
  E2EE_CAPS: E2eeCapsPayload;
  /** Makes a room or names an existing one. */
  ROOM_CREATE: RoomCreatePayload;
  /** Enters a room. */
  ROOM_JOIN: RoomJoinPayload;
  /** Leaves a room. */
  ROOM_LEAVE: RoomLeavePayload;
  /** Asks for the whole room. */
  ROOM_STATE_GET: RoomScopedPayload;
  /** Asks for the router capabilities. */
  GET_ROUTER_RTP_CAPABILITIES: RoomScopedPayload;
  /** Declares that this device holds the keys of an epoch. */
  E2EE_READY: E2eeReadyPayload;
  /** Makes a WebRTC transport. */
  TRANSPORT_CREATE: TransportCreatePayload;
  /** Gives the client's DTLS fingerprints for a transport. */
  TRANSPORT_CONNECT: TransportConnectPayload;
  /** Asks for new ICE credentials for a transport. */
  ICE_RESTART: IceRestartPayload;
  /** Asks for the figures of a transport. */
  TRANSPORT_STATS_GET: TransportStatsGetPayload;
  /** Starts sending a track. */
  PRODUCE: ProducePayload;
  /** Pauses one's own producer. */
  PRODUCER_PAUSE: ProducerReferencePayload;
  /** Resumes one's own producer. */
  PRODUCER_RESUME: ProducerReferencePayload;
  /** Ends one's own producer. */
  PRODUCER_CLOSE: ProducerReferencePayload;
  /** Starts receiving a producer. */
  CONSUME: ConsumePayload;
  /** Pauses one's own consumer. */
  CONSUMER_PAUSE: ConsumerReferencePayload;
  /** Resumes one's own consumer. */
  CONSUMER_RESUME: ConsumerReferencePayload;
  /** Says which layers of a video are wanted at most. */
  CONSUMER_SET_PREFERRED_LAYERS: ConsumerSetPreferredLayersPayload;
  /** Says how much a video matters among those received. */
  CONSUMER_SET_PRIORITY: ConsumerSetPriorityPayload;
  /** Says how much video a receive transport wants at most. */
  TRANSPORT_SET_LIMITS: TransportSetLimitsPayload;
  /** Ends one's own consumer. */
  CONSUMER_CLOSE: ConsumerReferencePayload;
  /** Announces a rekey; relayed to every member, its sender included. */
  REKEY_BEGIN: RekeyBeginPayload;
  /** Moves the room to the next epoch and clears all readiness; relayed to every member, its sender included. */
  REKEY_COMMIT: RekeyCommitPayload;
  /** Asks for a rekey now, where the server leads them. */
  REKEY_REQUEST: RekeyRequestPayload;
  /** Says which epoch this device has and asks for what it missed. */
  E2EE_SYNC: E2eeSyncPayload;
  /** Tells that this device cannot follow an epoch, or found something wrong. */
  E2EE_FAULT: E2eeFaultPayload;
  /** Removes a device from the room; for its creator. */
  PEER_KICK: PeerKickPayload;
  /** Key material for other members; relayed. */
  KEY_PACKAGE: KeyPackagePayload;
  /** Tells that key material arrived; relayed. */
  KEY_ACK: KeyAckPayload;
}

/** The payload of each message the server sends or relays. */
export interface ServerPayloads {
  /** Announces a rekey; relayed to every member, its sender included. */
  REKEY_BEGIN: RekeyBeginPayload;
  /** Moves the room to the next epoch and clears all readiness; relayed to every member, its sender included. */
  REKEY_COMMIT: RekeyCommitPayload;
  /** Key material for other members; relayed. */
  KEY_PACKAGE: KeyPackagePayload;
  /** Tells that key material arrived; relayed. */
  KEY_ACK: KeyAckPayload;
  /** The outcome of a request; the last frame it causes. */
  ACK: AckPayload;
  /** Answers HELLO. */
  WELCOME: WelcomePayload;
  /** Answers AUTH. */
  AUTH_OK: AuthOkPayload;
  /** Precedes a close with 4001. */
  AUTH_FAIL: AuthFailPayload;
  /** Answers ROOM_CREATE. */
  ROOM_CREATED: RoomCreatedPayload;
  /** Follows ROOM_CREATED when the caller made the room. */
  ROOM_JOIN_SECRET: RoomJoinSecretPayload;
  /** First answer to ROOM_JOIN. */
  ROOM_JOIN_OK: RoomJoinOkPayload;
  /** Second answer to ROOM_JOIN. */
  E2EE_POLICY: E2eePolicyPayload;
  /** Third answer to ROOM_JOIN, and what follows a resume: the whole room. */
  ROOM_SNAPSHOT: RoomSnapshotPayload;
  /** Answers ROOM_STATE_GET: the whole room. */
  ROOM_STATE: RoomSnapshotPayload;
  /** Answers ROOM_LEAVE. */
  ROOM_LEFT: RoomLeftPayload;
  /** Answers GET_ROUTER_RTP_CAPABILITIES. */
  ROUTER_RTP_CAPABILITIES: RouterRtpCapabilitiesPayload;
  /** Answers TRANSPORT_CREATE. */
  TRANSPORT_CREATED: TransportCreatedPayload;
  /** Answers ICE_RESTART. */
  ICE_RESTART_OK: IceRestartOkPayload;
  /** Answers TRANSPORT_STATS_GET. */
  TRANSPORT_STATS: TransportStatsPayload;
  /** Answers PRODUCE. */
  PRODUCED: ProducedPayload;
  /** Answers CONSUME. */
  CONSUMER_ADDED: ConsumerAddedPayload;
  /** Someone joined. */
  PEER_JOINED: PeerJoinedPayload;
  /** Someone left. */
  PEER_LEFT: PeerLeftPayload;
  /** Someone's socket broke, or came back within the grace period. */
  PEER_STATE: PeerStatePayload;
  /** The member set changed: the leader device should begin a rekey. */
  REKEY_REQUIRED: RekeyRequiredPayload;
  /** A rekey that was begun is given up. */
  REKEY_ABORT: RekeyAbortPayload;
  /** Senders switch to the current epoch's keys now. */
  REKEY_ACTIVE: RekeyActivePayload;
  /** Answers E2EE_SYNC: the commits this device missed. */
  KEY_LOG: KeyLogPayload;
  /** This device is put out of the room's keys. */
  E2EE_EVICTED: E2eeEvictedPayload;
  /** Someone started to send a track. */
  PRODUCER_ADDED: ProducerAddedPayload;
  /** A producer was paused by its sender. */
  PRODUCER_PAUSED: ProducerStatePayload;
  /** A producer was resumed by its sender. */
  PRODUCER_RESUMED: ProducerStatePayload;
  /** A producer ended. */
  PRODUCER_REMOVED: ProducerRemovedPayload;
  /** A consumer of this connection ended without its asking. */
  CONSUMER_CLOSED: ConsumerClosedPayload;
  /** What a consumer of this connection is sent of a video changed. */
  LAYERS_CHANGED: LayersChangedPayload;
  /** The server stopped or restarted forwarding to a consumer of this connection. */
  CONSUMER_STATE: ConsumerStatePayload;
  /** How well a track reaches this connection. */
  CONSUMER_SCORE: ConsumerScorePayload;
  /** How well a track of this connection reaches the server. */
  PRODUCER_SCORE: ProducerScorePayload;
  /** How much of a video of this connection anybody watches. */
  PRODUCER_WATCHED_LAYERS: ProducerWatchedLayersPayload;
  /** What the link to this client is found to carry. */
  TRANSPORT_BANDWIDTH: TransportBandwidthPayload;
  /** Who speaks, loudest first. */
  ACTIVE_SPEAKERS: ActiveSpeakersPayload;
  /** Who the room looks at. */
  DOMINANT_SPEAKER: DominantSpeakerPayload;
  /** A transport of this connection changed state. */
  TRANSPORT_STATE: TransportStatePayload;
}

export type ClientMessageType = keyof ClientPayloads;
export type ServerMessageType = keyof ServerPayloads;

/** What every frame has. */
export interface Frame<Type extends string, Payload> {
  v: typeof PROTOCOL_VERSION;
  type: Type;
  /** A UUID of this frame; a retry repeats it. */
  msgId: string;
  /** When it was sent, ms since the Unix epoch. */
  ts: number;
  payload: Payload;
}

/** A frame from the client; `seq` is higher than any before on the connection. */
export type ClientFrame<Type extends ClientMessageType> = Frame<Type, ClientPayloads[Type]> & { seq: number };

/** A frame from the server; `seq` counts direct answers, ACKs and broadcasts have none. */
export type ServerFrame<Type extends ServerMessageType> = Frame<Type, ServerPayloads[Type]> &
  (Type extends "ACK" ? { ack: Ack; seq?: never } : { ack?: never; seq?: number });

export type ClientMessage = { [Type in ClientMessageType]: ClientFrame<Type> }[ClientMessageType];
export type ServerMessage = { [Type in ServerMessageType]: ServerFrame<Type> }[ServerMessageType];

/** The direct frames that precede the ACK of a request that succeeds, in order. */
export const ANSWERS = {
  HELLO: ["WELCOME"],
  AUTH: ["AUTH_OK"],
  PING: [],
  E2EE_CAPS: [],
  ROOM_CREATE: ["ROOM_CREATED", "ROOM_JOIN_SECRET"],
  ROOM_JOIN: ["ROOM_JOIN_OK", "E2EE_POLICY", "ROOM_SNAPSHOT"],
  ROOM_LEAVE: ["ROOM_LEFT"],
  ROOM_STATE_GET: ["ROOM_STATE"],
  GET_ROUTER_RTP_CAPABILITIES: ["ROUTER_RTP_CAPABILITIES"],
  E2EE_READY: [],
  TRANSPORT_CREATE: ["TRANSPORT_CREATED"],
  TRANSPORT_CONNECT: [],
  ICE_RESTART: ["ICE_RESTART_OK"],
  TRANSPORT_STATS_GET: ["TRANSPORT_STATS"],
  PRODUCE: ["PRODUCED"],
  PRODUCER_PAUSE: [],
  PRODUCER_RESUME: [],
  PRODUCER_CLOSE: [],
  CONSUME: ["CONSUMER_ADDED"],
  CONSUMER_PAUSE: [],
  CONSUMER_RESUME: [],
  CONSUMER_SET_PREFERRED_LAYERS: [],
  CONSUMER_SET_PRIORITY: [],
  TRANSPORT_SET_LIMITS: [],
  CONSUMER_CLOSE: [],
  REKEY_BEGIN: [],
  REKEY_COMMIT: [],
  REKEY_REQUEST: [],
  E2EE_SYNC: [],
  E2EE_FAULT: [],
  PEER_KICK: [],
  KEY_PACKAGE: [],
  KEY_ACK: [],
} as const satisfies { [Type in ClientMessageType]: readonly ServerMessageType[] };

/** Every type the server may send. */
export const SERVER_MESSAGE_TYPES = [
  "REKEY_BEGIN",
  "REKEY_COMMIT",
  "KEY_PACKAGE",
  "KEY_ACK",
  "ACK",
  "WELCOME",
  "AUTH_OK",
  "AUTH_FAIL",
  "ROOM_CREATED",
  "ROOM_JOIN_SECRET",
  "ROOM_JOIN_OK",
  "E2EE_POLICY",
  "ROOM_SNAPSHOT",
  "ROOM_STATE",
  "ROOM_LEFT",
  "ROUTER_RTP_CAPABILITIES",
  "TRANSPORT_CREATED",
  "ICE_RESTART_OK",
  "TRANSPORT_STATS",
  "PRODUCED",
  "CONSUMER_ADDED",
  "PEER_JOINED",
  "PEER_LEFT",
  "PEER_STATE",
  "REKEY_REQUIRED",
  "REKEY_ABORT",
  "REKEY_ACTIVE",
  "KEY_LOG",
  "E2EE_EVICTED",
  "PRODUCER_ADDED",
  "PRODUCER_PAUSED",
  "PRODUCER_RESUMED",
  "PRODUCER_REMOVED",
  "CONSUMER_CLOSED",
  "LAYERS_CHANGED",
  "CONSUMER_STATE",
  "CONSUMER_SCORE",
  "PRODUCER_SCORE",
  "PRODUCER_WATCHED_LAYERS",
  "TRANSPORT_BANDWIDTH",
  "ACTIVE_SPEAKERS",
  "DOMINANT_SPEAKER",
  "TRANSPORT_STATE",
] as const satisfies readonly ServerMessageType[];

/** Every `error.code`, and whether a retry may help unless the frame says otherwise. */
export const ERRORS = {
  /** The frame or its payload is not what the protocol says; details.field names the field. */
  VALIDATION_FAILED: { retryable: false },
  /** seq is not higher than the last accepted one, and msgId is new. */
  REPLAY_DETECTED: { retryable: false },
  /** AUTH is needed first. When AUTH itself is refused the frame says retryable: false. */
  UNAUTHENTICATED: { retryable: true },
  /** Not a member of the room, not the owner of the thing, or the join token does not admit this user. */
  UNAUTHORIZED: { retryable: false },
  /** The client lacks an encryption capability that this server or room demands, or would lower the room's profile; details.reason says which. */
  UNSUPPORTED_E2EE: { retryable: false },
  /** Another epoch is due; details.expectedEpoch names it. */
  E2EE_EPOCH_MISMATCH: { retryable: true },
  /** Media is refused until E2EE_READY names the current epoch; details.expectedEpoch names it. */
  E2EE_NOT_READY: { retryable: true },
  /** The epoch of this commit exists already; details.expectedEpoch names the next one. Process it and wait for the next lease. */
  E2EE_STALE_EPOCH: { retryable: true },
  /** There is no such lease, it is another device's, or it ran out; the next REKEY_BEGIN gives one. */
  E2EE_LEASE_INVALID: { retryable: true },
  /** The commit or its GroupInfo is not what the lease asks for; details.check says what. */
  E2EE_BAD_COMMIT: { retryable: false },
  /** This device has other secrets than the committer for this epoch: it is on a fork and must resync (E2EE_SYNC with epoch 0). */
  E2EE_TAG_MISMATCH: { retryable: false },
  /** This device was put out of the room's keys; E2EE_SYNC brings it back, after details.retryAfterMs if that is there. */
  E2EE_EVICTED: { retryable: false },
  /** No such room on this node. */
  ROOM_NOT_FOUND: { retryable: false },
  /** The room has as many peers as it may; details.limit says how many. */
  ROOM_FULL: { retryable: false },
  /** The node has as many rooms as it may, its media workers are busy, or it is being drained: try another endpoint, or come back after details.retryAfterMs if that is there. */
  NODE_FULL: { retryable: true },
  /** This connection has no such transport. */
  TRANSPORT_NOT_FOUND: { retryable: false },
  /** The room has no such producer, or it is not the caller's own where it must be. */
  PRODUCER_NOT_FOUND: { retryable: false },
  /** This connection has no such consumer. */
  CONSUMER_NOT_FOUND: { retryable: false },
  /** The given capabilities cannot receive this producer. */
  CANNOT_CONSUME: { retryable: false },
  /** The consumer could not be resumed. */
  CONSUMER_RESUME_FAILED: { retryable: true },
  /** The producer could not be closed. */
  PRODUCER_CLOSE_FAILED: { retryable: true },
  /** ICE could not be restarted. */
  ICE_RESTART_FAILED: { retryable: true },
  /** The media plane is not up. */
  SFU_NOT_READY: { retryable: true },
  /** Media was cut because it is not encrypted as the room demands. */
  E2EE_ENFORCEMENT_FAILED: { retryable: false },
  /** Too many requests of this type; details.retryAfterMs says when to come back. */
  RATE_LIMITED: { retryable: true },
  /** The key package lacks what sending it to one device needs. */
  KEY_PACKAGE_INVALID: { retryable: false },
  /** The key package names a device that is not in the room. */
  KEY_PACKAGE_TARGET_NOT_FOUND: { retryable: false },
  /** The key package names a device that has no socket just now. */
  KEY_PACKAGE_TARGET_OFFLINE: { retryable: true },
  /** The KEY_ACK names another sender than the one it came from, or no epoch. */
  KEY_ACK_INVALID: { retryable: false },
  /** The server failed; nothing was done. */
  INTERNAL_ERROR: { retryable: true },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** Every close the server makes, by reason: the WebSocket close code, and whether to connect again. */
export const CLOSES = {
  /** The client closed, or left and is done. */
  NORMAL: { code: 1000, reconnect: false },
  /** The server is stopping or being drained: try the next endpoint. */
  SERVER_SHUTDOWN: { code: 1001, reconnect: true },
  /** A binary message; frames are text. */
  BINARY_NOT_SUPPORTED: { code: 1003, reconnect: false },
  /** Text that is not UTF-8. */
  INVALID_TEXT: { code: 1007, reconnect: false },
  /** A message above the frame limit (WELCOME.features.maxFrameBytes). */
  MESSAGE_TOO_BIG: { code: 1009, reconnect: false },
  /** The server failed on this connection. */
  INTERNAL_ERROR: { code: 1011, reconnect: true },
  /** The access token expired or was withdrawn; AUTH_FAIL precedes it. Connect again with a new token. */
  TOKEN_EXPIRED: { code: 4001, reconnect: false },
  /** The connection must be wss. */
  SECURE_TRANSPORT_REQUIRED: { code: 4003, reconnect: false },
  /** The node has as many sockets as it may: try the next endpoint. */
  NODE_FULL: { code: 1013, reconnect: true },
  /** More wait to be let in than may: try the next endpoint, or come back after some seconds. */
  JOIN_QUEUE_FULL: { code: 1013, reconnect: true },
  /** Text that is no JSON, again and again. */
  MALFORMED_FRAMES: { code: 4007, reconnect: false },
  /** The client did not read what it was sent; its send queue ran full. */
  SLOW_CONSUMER: { code: 4008, reconnect: true },
  /** The same device connected again; this is the old connection. */
  DEVICE_REPLACED: { code: 4009, reconnect: false },
  /** This session was resumed on another socket; this is the old one. */
  SESSION_REPLACED: { code: 4010, reconnect: false },
  /** Nothing was heard from the client for too long. */
  HEARTBEAT_TIMEOUT: { code: 4011, reconnect: true },
  /** HELLO and AUTH did not come in time. */
  HANDSHAKE_TIMEOUT: { code: 4012, reconnect: true },
  /** Too many sockets from this address. */
  TOO_MANY_CONNECTIONS: { code: 4029, reconnect: true },
  /** Rate limits were exceeded again and again. */
  RATE_LIMITED: { code: 4029, reconnect: true },
} as const;

export type CloseReason = keyof typeof CLOSES;
export type CloseCode = (typeof CLOSES)[CloseReason]["code"];
