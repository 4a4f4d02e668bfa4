import type { types as ms } from "mediasoup-client";
import type { EncryptionStatus } from "../e2ee/session/room-encryption.js";
import { CallError, SdkErrorCode } from "../errors.js";
import type { MediaSession } from "../media/media-session.js";
import type { RtpCapabilities } from "../protocol/generated.js";
import type {
  ClientMessages,
  ClientMessageType,
  MediaSource,
  MessageHandlers,
  PeerInfo,
  ServerMessageType,
  TransportDirection,
} from "../protocol/messages.js";
import type { ServerMessage, SignalingConnection, SignalingSession } from "../signaling/connection.js";
import { Emitter } from "../support/emitter.js";
import { presentableName } from "./display-name.js";
import { EpochGate } from "./epoch-gate.js";
import type { RemoteTrack, RoomEvents, RoomState, RoomStats } from "./events.js";
import { Membership } from "./membership.js";
import type { LocalPublication, PublishOptions } from "./publication.js";
import { Publications } from "./publications.js";
import { Receiving } from "./receiving.js";
import { RekeyTimer } from "./rekey-timer.js";
import { RoomKeys } from "./room-keys.js";
import { RoomMedia } from "./room-media.js";
import type { RoomOptions } from "./room-options.js";
import { sloSample } from "./slo.js";
import { StatsSampler } from "./stats-sampler.js";
import { Subscriptions } from "./subscriptions.js";

/** One call: membership, the E2EE gate, what is published and what is received. Survives reconnects by itself. */
export class Room extends Emitter<RoomEvents> {
  // given
  readonly options: RoomOptions;
  readonly #connection: SignalingConnection;
  // made
  readonly #membership: Membership;
  readonly #media: RoomMedia;
  readonly #gate: EpochGate;
  readonly #keys: RoomKeys;
  readonly #publications: Publications;
  readonly #subscriptions: Subscriptions;
  readonly #receiving: Receiving;
  readonly #rekey: RekeyTimer;
  readonly #sampler: StatsSampler;
  readonly #detach: (() => void)[] = [];
  // state
  #state: RoomState | undefined;
  #deviceId = "";
  #userId = "";
  #joinStartedAt = 0;
  #setupMs: number | undefined;
  #routerRtpCapabilities: RtpCapabilities | undefined;

  /** @internal Made by CallClient. */
  constructor(connection: SignalingConnection, options: RoomOptions) {
    super();
    this.#connection = connection;
    this.options = options;
    const { clock } = connection.runtime;
    const onProblem = (error: CallError) => this.emit("problem", { error });
    this.#keys = new RoomKeys({
      roomId: options.roomId,
      clock,
      options: options.encryption,
      originOf: producerId => this.#membership.originOf(producerId),
      onStatus: status => this.emit("encryption", status),
      onEpoch: epoch => this.#gate.onKeys(epoch),
      onProblem,
      onFailed: error => this.#onFailed(error),
      onLeak: sender => void this.#publications.onLeak(sender),
    });
    this.#gate = new EpochGate({
      roomId: options.roomId,
      connection,
      keys: () => this.#keys.keys,
      onEpoch: epoch => this.emit("epoch", { epoch }),
      onProblem,
    });
    this.#media = new RoomMedia({
      options,
      clock,
      request: (type, payload, expectation) => this.#gate.request(type, payload, expectation),
      canRequest: () => connection.state === "ready",
      encryption: () => this.#keys.frames,
      onTransportState: (direction, state, attempt) => this.#onTransportState(direction, state, attempt),
      onFailed: error => this.#onMediaFailed(error),
    });
    this.#publications = new Publications({
      roomId: options.roomId,
      media: () => this.#media.session,
      isRecovering: () => this.#state === "recovering",
      tell: (type, payload) => this.#tell(type, payload),
      onChanged: publication => this.emit("publicationChanged", { publication }),
      onEnded: publication => this.emit("publicationEnded", { publication }),
      onProblem,
      onRefused: () => this.#keys.refused(),
    });
    this.#subscriptions = new Subscriptions({
      roomId: options.roomId,
      tell: (type, payload) => this.#tell(type, payload),
      clock,
      isOwn: producer => producer.peerDeviceId === this.#deviceId,
      media: () => this.#media.session,
      onAdded: track => this.emit("trackAdded", { track }),
      onChanged: track => this.emit("trackChanged", { track }),
      onRemoved: track => this.emit("trackRemoved", { track }),
      onProblem,
    });
    this.#membership = new Membership({
      events: this,
      subscriptions: this.#subscriptions,
      deviceId: () => this.#deviceId,
      isJoined: () => this.#state === "joined",
      onRemoved: reason => this.#onRemoved(reason),
      onFramesRefused: producerId => void this.#publications.onFramesRefused(producerId),
    });
    this.#receiving = new Receiving({
      roomId: options.roomId,
      subscriptions: this.#subscriptions,
      transportId: () => this.#media.session?.transports.get("recv")?.id,
      tell: (type, payload) => this.#tell(type, payload),
    });
    this.#rekey = new RekeyTimer(
      clock,
      options.rekeyIntervalMs,
      () => this.isLeader,
      () => this.rekey(),
    );
    this.#sampler = new StatsSampler(this, clock, options.statsIntervalMs);
  }

  get id(): string {
    return this.options.roomId;
  }

  get state(): RoomState | undefined {
    return this.#state;
  }

  get deviceId(): string {
    return this.#deviceId;
  }

  get userId(): string {
    return this.#userId;
  }

  get epoch(): number {
    return this.#gate.epoch;
  }

  /** Whether the call is encrypted, and who holds its keys. */
  get encryption(): EncryptionStatus {
    return this.#keys.status;
  }

  /** Milliseconds from join() until media flowed; undefined before. */
  get setupMs(): number | undefined {
    return this.#setupMs;
  }

  /** Everyone in the room, ourselves included, in the order of joining. */
  get peers(): readonly PeerInfo[] {
    return this.#membership.peers;
  }

  get remoteTracks(): readonly RemoteTrack[] {
    return this.#subscriptions.tracks;
  }

  get publications(): readonly LocalPublication[] {
    return this.#publications.list;
  }

  /** @internal For statistics. */
  get media(): MediaSession | undefined {
    return this.#media.session;
  }

  /** @internal For statistics. */
  get consumers(): readonly { readonly consumer: ms.Consumer; readonly track: RemoteTrack }[] {
    return this.#subscriptions.live;
  }

  /** Statistics of this moment, besides those that come as events. */
  async collectStats(): Promise<RoomStats | undefined> {
    return await this.#sampler.collect();
  }

  get isLeader(): boolean {
    return this.#state === "joined" && this.#membership.leaderDeviceId === this.#deviceId;
  }

  /** @internal Called once by CallClient. */
  async join(): Promise<void> {
    const { clock } = this.#connection.runtime;
    this.#joinStartedAt = clock.now();
    this.#enter("joining");
    try {
      const session = await this.#connection.connect();
      this.#attach();
      await this.#enterRoom(session);
      await this.#openMedia();
      this.#enter("joined");
      // The server leads where keys are agreed on.
      if (this.#keys.keys === undefined) this.#rekey.start();
      this.#sampler.start();
    } catch (error) {
      const cause = CallError.from(error);
      this.#tearDown();
      this.#enter("failed");
      this.emit("failed", { error: cause });
      throw cause;
    }
  }

  /** Offers a track. Resolves when the server knows it; while the call recovers, that is after it has. */
  publish(
    track: MediaStreamTrack,
    source: MediaSource,
    options: PublishOptions = {},
  ): Promise<LocalPublication> {
    return this.#publications.publish(track, source, options);
  }

  /** The device the room looks at, this one included; undefined before anybody spoke and when that device is gone. */
  get dominantSpeaker(): string | undefined {
    return this.#membership.dominantSpeaker;
  }

  /** What this device receives, and how much of it. */
  get receiving(): Receiving {
    return this.#receiving;
  }

  /** Moves the room to the next epoch. The timer does this on the leading device; anyone may ask for it. */
  async rekey(): Promise<void> {
    await this.#gate.rekey();
  }

  /** Puts a device out of the room; the server grants that to whoever made it. */
  async kick(deviceId: string): Promise<void> {
    await this.#connection.request("PEER_KICK", { roomId: this.id, deviceId });
  }

  /** After a terminal media failure: builds the transports anew. */
  async recover(): Promise<void> {
    if (this.#state === "left") throw new CallError(SdkErrorCode.Closed, "The room was left");
    if (this.#connection.state !== "ready") {
      // The session hook rejoins and rebuilds.
      await this.#connection.connect();
      return;
    }
    this.#enter("recovering");
    await this.#rebuildMedia();
  }

  /** The network changed under us: check the media paths now. */
  networkChanged(): void {
    this.#connection.retryNow();
    for (const direction of ["send", "recv"] as const) this.#media.session?.recovery(direction)?.kick();
  }

  async leave(): Promise<void> {
    if (this.#state === "left") return;
    const wasIn = this.#state === "joined" || this.#state === "recovering";
    this.#tearDown();
    this.#enter("left");
    if (wasIn && this.#connection.state === "ready") {
      await this.#connection
        .request("ROOM_LEAVE", { roomId: this.id }, { reply: "ROOM_LEFT" })
        .catch(() => undefined);
    }
  }

  #attach(): void {
    if (this.#detach.length > 0) return;
    this.#detach.push(
      this.#connection.on("message", message => this.#onMessage(message)),
      this.#connection.addSessionHook(session => this.#rejoin(session)),
      this.#connection.on("state", ({ state, previous }) => {
        if (previous !== "ready" || state !== "waiting") return;
        this.#keys.offline();
        if (this.#state === "joined") this.#enter("recovering");
      }),
      this.#connection.on("ready", ({ session, reconnected, outageMs }) => {
        if (reconnected) this.emit("slo", sloSample("reconnectMs", outageMs));
        if (this.#state === "recovering") void this.#resumeMedia(session);
      }),
      this.#connection.on("failed", ({ error }) => this.#onFailed(error)),
    );
  }

  /** ROOM_JOIN and E2EE_READY on the given session; the snapshot arrives as an event in between. */
  async #enterRoom(session: SignalingSession): Promise<void> {
    this.#deviceId = session.deviceId;
    this.#userId = session.userId;
    const { roomId, joinToken, callId } = this.options;
    const displayName = presentableName(this.options.displayName);
    const request = {
      roomId,
      deviceId: session.deviceId,
      ...(joinToken === undefined ? {} : { joinToken }),
      ...(callId === undefined ? {} : { callId }),
      ...(displayName === undefined ? {} : { displayName }),
    };
    const joined = await this.#keys.join(session, () =>
      session.request("ROOM_JOIN", request, { reply: "ROOM_JOIN_OK" }),
    );
    this.#routerRtpCapabilities = joined.mediasoup.routerRtpCapabilities;
    await this.#gate.enter(session, joined.epoch);
  }

  /** Runs on every new socket, before the connection is ready again. */
  async #rejoin(session: SignalingSession): Promise<void> {
    if (this.#state !== "recovering" && this.#state !== "failed") return;
    if (this.#state === "failed") this.#enter("recovering");
    this.#gate.clearReadiness();
    if (!session.resumed) {
      // The server may have started anew: its numbers begin again, and so do ours.
      this.#gate.reset();
      this.#membership.expectFreshSnapshot();
    }
    try {
      await this.#enterRoom(session);
    } catch (error) {
      const cause = CallError.from(error);
      if (cause.retryable) throw cause;
      // A server that restarted lost its rooms; the first with a join token brings this one back, so trying on makes sense.
      if (cause.code === "ROOM_NOT_FOUND")
        throw new CallError(cause.code, cause.message, { retryable: true });
      this.#onFailed(cause);
    }
  }

  /** After a reconnect: keeps what the server kept, rebuilds what it did not. */
  async #resumeMedia(session: SignalingSession): Promise<void> {
    try {
      if (!session.resumed || this.#media.session === undefined || this.#media.session.closed) {
        await this.#rebuildMedia();
        return;
      }
      await this.#publications.reconcile(this.#deviceId, this.#membership.producers);
      this.#subscriptions.sync(this.#membership.producers);
      this.#receiving.tellAgain();
      this.#enter("joined");
    } catch (error) {
      this.#onMediaProblem(CallError.from(error));
    }
  }

  async #rebuildMedia(): Promise<void> {
    this.#closeMedia();
    await this.#openMedia();
    this.#enter("joined");
  }

  async #openMedia(): Promise<void> {
    const routerRtpCapabilities = this.#routerRtpCapabilities;
    if (routerRtpCapabilities === undefined)
      throw new CallError(SdkErrorCode.NotConnected, "Not in the room");
    if (!(await this.#media.open(routerRtpCapabilities))) return;
    this.#receiving.tellLimits();
    this.#subscriptions.sync(this.#membership.producers);
    await this.#publications.produceAll();
  }

  #closeMedia(): void {
    this.#media.close();
    this.#subscriptions.clear();
    this.#publications.forgetProducers();
  }

  #onMessage(message: ServerMessage): void {
    const payload = message.payload as { roomId?: string };
    if (payload.roomId !== undefined && payload.roomId !== this.id) return;
    const type = message.type as ServerMessageType;
    const handle = (this.#membership.handlers[type] ?? this.#handlers[type]) as
      | ((payload: unknown) => void)
      | undefined;
    handle?.(message.payload);
  }

  readonly #handlers: MessageHandlers = {
    CONSUMER_CLOSED: event => this.#subscriptions.onConsumerClosed(event.consumerId),
    ACTIVE_SPEAKERS: event => this.emit("activeSpeakers", { speakers: event.speakers }),
    LAYERS_CHANGED: event =>
      this.#subscriptions.setLayers(event.consumerId, event.currentLayers, event.targetLayers),
    CONSUMER_STATE: event => this.#subscriptions.setHeldBack(event.consumerId, event.reason),
    CONSUMER_SCORE: event => this.#subscriptions.setScore(event.consumerId, event.score),
    PRODUCER_SCORE: event => this.#publications.setScore(event.producerId, event.score),
    PRODUCER_WATCHED_LAYERS: event =>
      void this.#publications.setWatched(event.producerId, event.maxSpatialLayer),
    TRANSPORT_BANDWIDTH: event => this.emit("bandwidth", { availableBitrate: event.availableBitrate }),
    TRANSPORT_STATE: event => this.#onServerTransportState(event.transportId, event.state),
    REKEY_REQUIRED: event => {
      this.#membership.setLeader(event.leaderDeviceId);
      if (this.isLeader && this.#keys.keys === undefined) this.#rekey.soon();
    },
    E2EE_POLICY: policy => this.#keys.onPolicy(policy),
    REKEY_BEGIN: event => this.#keys.keys?.onBegin(event),
    REKEY_COMMIT: event => {
      if (this.#keys.keys !== undefined) this.#keys.keys.onCommit(event);
      else if (event.epoch !== undefined) void this.#gate.onCommitted(event.epoch);
    },
    REKEY_ACTIVE: event => this.#keys.keys?.onActive(event),
    KEY_LOG: event => this.#keys.keys?.onKeyLog(event),
    E2EE_EVICTED: event => this.#keys.keys?.onEvicted(event),
  };

  /** Somebody ended our own membership. */
  #onRemoved(reason: string | undefined): void {
    if (reason === "KICKED") this.#onFailed(new CallError("KICKED", "Removed from the room"));
    if (reason === "REPLACED") {
      this.#onFailed(new CallError(SdkErrorCode.DeviceReplaced, "This device joined from somewhere else"));
    }
  }

  #onTransportState(
    direction: TransportDirection,
    state: RoomEvents["transport"]["state"],
    attempt: number,
  ): void {
    this.emit("transport", { direction, state, attempt });
    if (state === "connected" && this.#setupMs === undefined) this.#measureSetup();
  }

  #measureSetup(): void {
    this.#setupMs = this.#connection.runtime.clock.now() - this.#joinStartedAt;
    this.emit("slo", sloSample("setupMs", this.#setupMs));
  }

  #onServerTransportState(transportId: string, state: string): void {
    const direction = this.#media.session?.directionOf(transportId);
    if (direction === undefined) return;
    if (state === "failed" || state === "disconnected") this.#media.session?.recovery(direction)?.kick();
    if (state === "closed" && this.#state === "joined") {
      this.#enter("recovering");
      this.#rebuildMedia().catch(error => this.#onMediaProblem(CallError.from(error)));
    }
  }

  /** A step of recovery failed: lost signalling brings its own retry, anything else ends it. */
  #onMediaProblem(error: CallError): void {
    const signallingLost = this.#connection.state !== "ready";
    if (signallingLost && this.#connection.state !== "failed") return;
    this.#onMediaFailed(error);
  }

  #onMediaFailed(error: CallError): void {
    if (this.#state === "left" || this.#state === "failed") return;
    this.#enter("failed");
    this.emit("failed", { error });
  }

  #onFailed(error: CallError): void {
    if (this.#state === "left" || this.#state === "failed") return;
    this.#closeMedia();
    this.#enter("failed");
    this.emit("failed", { error });
  }

  /** Sends a fact the server should know; a lost connection is no error, the next session reconciles. */
  async #tell<Type extends ClientMessageType>(type: Type, payload: ClientMessages[Type]): Promise<void> {
    try {
      await this.#connection.request(type, payload);
    } catch (error) {
      const cause = CallError.from(error);
      const lost: string[] = [SdkErrorCode.ConnectionLost, SdkErrorCode.NotConnected];
      if (!lost.includes(cause.code)) this.emit("problem", { error: cause });
    }
  }

  #tearDown(): void {
    this.#rekey.stop();
    this.#sampler.stop();
    this.#closeMedia();
    this.#keys.close();
    this.#publications.endAll();
    for (const off of this.#detach.splice(0)) off();
  }

  #enter(state: RoomState): void {
    const previous = this.#state;
    if (previous === state) return;
    this.#state = state;
    this.emit("state", { state, previous });
  }
}
