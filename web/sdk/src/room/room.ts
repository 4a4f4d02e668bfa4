import type { types as ms } from "mediasoup-client";
import { CallError, SdkErrorCode } from "../errors.js";
import type { IceRecoveryOptions } from "../media/ice-recovery.js";
import { MediaSession } from "../media/media-session.js";
import type { RtpCapabilities } from "../protocol/generated.js";
import {
  type ClientMessages,
  type ClientMessageType,
  fromAdded,
  type MediaSource,
  type PeerInfo,
  type ProducerInfo,
  type RoomSnapshot,
  type ServerMessages,
  type ServerMessageType,
  type TransportDirection,
} from "../protocol/messages.js";
import type { ServerMessage, SignalingConnection, SignalingSession } from "../signaling/connection.js";
import type { Expectation } from "../signaling/socket.js";
import { Emitter } from "../support/emitter.js";
import { presentableName } from "./display-name.js";
import { EpochGuard } from "./epoch-guard.js";
import type { RemoteTrack, RoomEvents, RoomState, RoomStats } from "./events.js";
import { LocalPublication, type PublicationHost, type PublishOptions } from "./publication.js";
import { RekeyTimer } from "./rekey-timer.js";
import { Roster, type RosterChange } from "./roster.js";
import { sloSample } from "./slo.js";
import { StatsSampler } from "./stats-sampler.js";
import { Subscriptions } from "./subscriptions.js";

export interface RoomOptions {
  readonly roomId: string;
  readonly joinToken?: string;
  readonly callId?: string;
  readonly displayName?: string;
  readonly rekeyIntervalMs: number;
  readonly statsIntervalMs: number;
  readonly iceServers?: readonly RTCIceServer[];
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
  readonly iceRecovery?: Partial<IceRecoveryOptions>;
  readonly handlerFactory?: ms.HandlerFactory;
}

/** How often a media request is tried again after the gate named a newer epoch. */
const gateRetries = 3;

/** One call: membership, the E2EE gate, what is published and what is received. Survives reconnects by itself. */
export class Room extends Emitter<RoomEvents> implements PublicationHost {
  // given
  readonly options: RoomOptions;
  readonly #connection: SignalingConnection;
  // made
  readonly #roster = new Roster();
  readonly #epochs = new EpochGuard();
  readonly #publications = new Set<LocalPublication>();
  readonly #subscriptions: Subscriptions;
  readonly #rekey: RekeyTimer;
  readonly #sampler: StatsSampler;
  readonly #detach: (() => void)[] = [];
  // state
  #state: RoomState | undefined;
  #media: MediaSession | undefined;
  #mediaGeneration = 0;
  #deviceId = "";
  #userId = "";
  #leaderDeviceId: string | undefined;
  #joinStartedAt = 0;
  #setupMs: number | undefined;
  #routerRtpCapabilities: RtpCapabilities | undefined;

  /** @internal Made by CallClient. */
  constructor(connection: SignalingConnection, options: RoomOptions) {
    super();
    this.#connection = connection;
    this.options = options;
    const { clock } = connection.runtime;
    this.#subscriptions = new Subscriptions({
      clock,
      isOwn: producer => producer.peerDeviceId === this.#deviceId,
      media: () => this.#media,
      onAdded: track => this.emit("trackAdded", { track }),
      onChanged: track => this.emit("trackChanged", { track }),
      onRemoved: track => this.emit("trackRemoved", { track }),
      onProblem: error => this.emit("problem", { error }),
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
    return this.#epochs.epoch;
  }

  /** Milliseconds from join() until media flowed; undefined before. */
  get setupMs(): number | undefined {
    return this.#setupMs;
  }

  /** Everyone in the room, ourselves included, in the order of joining. */
  get peers(): readonly PeerInfo[] {
    return this.#roster.peers;
  }

  get remoteTracks(): readonly RemoteTrack[] {
    return this.#subscriptions.tracks;
  }

  get publications(): readonly LocalPublication[] {
    return [...this.#publications];
  }

  /** @internal For statistics. */
  get media(): MediaSession | undefined {
    return this.#media;
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
    return this.#state === "joined" && this.#leaderDeviceId === this.#deviceId;
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
      this.#rekey.start();
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
  async publish(
    track: MediaStreamTrack,
    source: MediaSource,
    options: PublishOptions = {},
  ): Promise<LocalPublication> {
    const publication = new LocalPublication(this, track, source, options);
    this.#publications.add(publication);
    if (this.#media === undefined || this.#state === "recovering") return publication;
    try {
      await this.#produce(publication);
      return publication;
    } catch (error) {
      this.#publications.delete(publication);
      publication.ended = true;
      throw CallError.from(error);
    }
  }

  async unpublish(publication: LocalPublication): Promise<void> {
    if (publication.ended) return;
    publication.ended = true;
    this.#publications.delete(publication);
    const { producer } = publication;
    publication.producer = undefined;
    producer?.close();
    this.emit("publicationChanged", { publication });
    if (producer !== undefined)
      await this.#tell("PRODUCER_CLOSE", { roomId: this.id, producerId: producer.id });
  }

  async setMuted(publication: LocalPublication, muted: boolean): Promise<void> {
    publication.wantMuted = muted;
    const { producer } = publication;
    if (producer === undefined) {
      publication.currentTrack.enabled = !muted;
    } else if (muted) producer.pause();
    else producer.resume();
    this.emit("publicationChanged", { publication });
    if (producer === undefined) return;
    await this.#tell(muted ? "PRODUCER_PAUSE" : "PRODUCER_RESUME", {
      roomId: this.id,
      producerId: producer.id,
    });
  }

  async replaceTrack(publication: LocalPublication, track: MediaStreamTrack): Promise<void> {
    publication.currentTrack = track;
    track.enabled = !publication.wantMuted;
    await publication.producer?.replaceTrack({ track });
    this.emit("publicationChanged", { publication });
  }

  /** Moves the room to the next epoch. The timer does this on the leading device; anyone may ask for it. */
  async rekey(): Promise<void> {
    const epoch = this.#epochs.epoch + 1;
    await this.#connection.request("REKEY_BEGIN", { roomId: this.id, epoch });
    await this.#connection.request("REKEY_COMMIT", { roomId: this.id, epoch });
    await this.#onCommitted(epoch);
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
    for (const direction of ["send", "recv"] as const) this.#media?.recovery(direction)?.kick();
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
        if (previous === "ready" && state === "waiting" && this.#state === "joined")
          this.#enter("recovering");
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
    const joined = await session.request(
      "ROOM_JOIN",
      {
        roomId,
        deviceId: session.deviceId,
        ...(joinToken === undefined ? {} : { joinToken }),
        ...(callId === undefined ? {} : { callId }),
        ...(displayName === undefined ? {} : { displayName }),
      },
      { reply: "ROOM_JOIN_OK" },
    );
    this.#routerRtpCapabilities = joined.mediasoup.routerRtpCapabilities;
    const epoch = Math.max(joined.epoch, this.#epochs.epoch);
    if (this.#epochs.adopt(joined.epoch) === "rollback") this.#onRollback(joined.epoch);
    await session.request("E2EE_READY", { roomId, epoch });
    this.#epochs.markReady(epoch);
    this.emit("epoch", { epoch });
  }

  /** Runs on every new socket, before the connection is ready again. */
  async #rejoin(session: SignalingSession): Promise<void> {
    if (this.#state !== "recovering" && this.#state !== "failed") return;
    if (this.#state === "failed") this.#enter("recovering");
    this.#epochs.clearReadiness();
    if (!session.resumed) {
      // The server may have started anew: its numbers begin again, and so do ours.
      this.#epochs.reset();
      this.#roster.expectFreshSnapshot();
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
      if (!session.resumed || this.#media === undefined || this.#media.closed) {
        await this.#rebuildMedia();
        return;
      }
      await this.#reconcilePublications();
      this.#subscriptions.sync(this.#roster.producers);
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
    const generation = ++this.#mediaGeneration;
    const routerRtpCapabilities = this.#routerRtpCapabilities;
    if (routerRtpCapabilities === undefined)
      throw new CallError(SdkErrorCode.NotConnected, "Not in the room");
    const { iceServers, iceTransportPolicy, iceRecovery, handlerFactory } = this.options;
    const media = await MediaSession.open({
      roomId: this.id,
      routerRtpCapabilities,
      request: (type, payload, expectation) => this.#mediaRequest(type, payload, expectation),
      canRequest: () => this.#connection.state === "ready",
      clock: this.#connection.runtime.clock,
      iceServers,
      iceTransportPolicy,
      iceRecovery,
      handlerFactory,
      onTransportState: (direction, state, attempt) =>
        this.#onTransportState(generation, direction, state, attempt),
      onTransportFailed: (_, error) => {
        if (generation === this.#mediaGeneration) this.#onMediaFailed(error);
      },
    });
    if (generation !== this.#mediaGeneration) {
      media.close();
      return;
    }
    this.#media = media;
    this.#subscriptions.sync(this.#roster.producers);
    await Promise.all([...this.#publications].map(publication => this.#produceOrReport(publication)));
  }

  #closeMedia(): void {
    this.#mediaGeneration++;
    this.#media?.close();
    this.#media = undefined;
    this.#subscriptions.clear();
    for (const publication of this.#publications) publication.producer = undefined;
  }

  async #produce(publication: LocalPublication): Promise<void> {
    const media = this.#media;
    if (media === undefined) return;
    const { currentTrack: track, source, wantMuted, options } = publication;
    if (wantMuted) track.enabled = false;
    const producer = await media.produce({
      track,
      source,
      encodings: options.encodings,
      codecOptions: options.codecOptions,
      paused: wantMuted,
    });
    if (publication.ended || media !== this.#media) {
      producer.close();
      if (media === this.#media)
        await this.#tell("PRODUCER_CLOSE", { roomId: this.id, producerId: producer.id });
      return;
    }
    publication.producer = producer;
    producer.on("trackended", () => this.emit("publicationEnded", { publication }));
    await this.#applyLatest(publication, track, wantMuted);
    this.emit("publicationChanged", { publication });
  }

  /** What was asked for while the server was being told. */
  async #applyLatest(publication: LocalPublication, track: MediaStreamTrack, muted: boolean): Promise<void> {
    if (publication.currentTrack !== track)
      await publication.producer?.replaceTrack({ track: publication.currentTrack });
    if (publication.wantMuted || publication.wantMuted !== muted) {
      await this.setMuted(publication, publication.wantMuted);
    }
  }

  async #produceOrReport(publication: LocalPublication): Promise<void> {
    if (publication.currentTrack.readyState === "ended") return;
    try {
      await this.#produce(publication);
    } catch (error) {
      this.emit("problem", { error: CallError.from(error) });
    }
  }

  /** After a resumed session: what the server lost is published again, and mute states are made to agree. */
  async #reconcilePublications(): Promise<void> {
    const known = new Map(this.#roster.producers.map(producer => [producer.producerId, producer]));
    for (const publication of this.#publications) {
      const id = publication.producerId;
      const producer = id === undefined ? undefined : known.get(id);
      if (producer === undefined) {
        publication.producer?.close();
        publication.producer = undefined;
        await this.#produceOrReport(publication);
      } else if (producer.paused !== publication.wantMuted) {
        await this.setMuted(publication, publication.wantMuted);
      }
    }
    const published = new Set([...this.#publications].map(publication => publication.producerId));
    for (const producer of known.values()) {
      if (producer.peerDeviceId !== this.#deviceId || published.has(producer.producerId)) continue;
      await this.#tell("PRODUCER_CLOSE", { roomId: this.id, producerId: producer.producerId });
    }
  }

  /** A request behind the E2EE gate: when the gate names a newer epoch, declare readiness for it and ask again. */
  async #mediaRequest<Type extends ClientMessageType, Reply extends ServerMessageType>(
    type: Type,
    payload: ClientMessages[Type],
    expectation?: Expectation<Reply>,
  ): Promise<ServerMessages[Reply]> {
    for (let attempt = 0; ; attempt++) {
      try {
        const request =
          expectation === undefined
            ? this.#connection.request(type, payload)
            : this.#connection.request(type, payload, expectation);
        return (await request) as ServerMessages[Reply];
      } catch (error) {
        if (!(error instanceof CallError) || error.code !== "E2EE_NOT_READY" || attempt >= gateRetries)
          throw error;
        const expected = error.details.expectedEpoch;
        if (typeof expected === "number") this.#epochs.adopt(expected);
        await this.#declareReady();
      }
    }
  }

  async #declareReady(): Promise<void> {
    const epoch = this.#epochs.epoch;
    await this.#connection.request("E2EE_READY", { roomId: this.id, epoch });
    this.#epochs.markReady(epoch);
  }

  async #onCommitted(epoch: number): Promise<void> {
    const verdict = this.#epochs.adopt(epoch);
    if (verdict === "rollback") this.#onRollback(epoch);
    if (verdict !== "adopted") return;
    this.#epochs.clearReadiness();
    this.emit("epoch", { epoch });
    try {
      await this.#declareReady();
    } catch (error) {
      // The gate tells the expected epoch at the next media request, which then declares readiness again.
      this.emit("problem", { error: CallError.from(error) });
    }
  }

  #onRollback(epoch: number): void {
    const message = `The room announced epoch ${epoch} after ${this.#epochs.epoch}; it was not followed`;
    this.emit("problem", { error: new CallError("EPOCH_ROLLBACK", message, { details: { epoch } }) });
  }

  #onMessage(message: ServerMessage): void {
    const payload = message.payload as { roomId?: string };
    if (payload.roomId !== undefined && payload.roomId !== this.id) return;
    const handle = this.#handlers[message.type as ServerMessageType] as
      | ((payload: unknown) => void)
      | undefined;
    handle?.(message.payload);
  }

  readonly #handlers: { readonly [Type in ServerMessageType]?: (payload: ServerMessages[Type]) => void } = {
    ROOM_SNAPSHOT: snapshot => this.#onSnapshot(snapshot),
    ROOM_STATE: snapshot => this.#onSnapshot(snapshot),
    PEER_JOINED: peer => {
      if (this.#roster.addPeer(peer, peer.roomVersion)) this.emit("peerJoined", { peer });
    },
    PEER_LEFT: event => this.#onPeerLeft(event),
    PEER_STATE: event => {
      const peer = this.#roster.setState(event.deviceId, event.state, event.roomVersion);
      if (peer !== undefined) this.emit("peerChanged", { peer });
    },
    PRODUCER_ADDED: event => {
      const producer = fromAdded(event);
      this.#roster.addProducer(producer, event.roomVersion);
      this.#subscriptions.add(producer);
    },
    PRODUCER_REMOVED: event => {
      this.#roster.removeProducer(event.producerId, event.roomVersion);
      this.#subscriptions.remove(event.producerId);
    },
    PRODUCER_PAUSED: event => this.#onPaused(event.producerId, true, event.roomVersion),
    PRODUCER_RESUMED: event => this.#onPaused(event.producerId, false, event.roomVersion),
    CONSUMER_CLOSED: event => this.#subscriptions.onConsumerClosed(event.consumerId),
    ACTIVE_SPEAKERS: event => this.emit("activeSpeakers", { speakers: event.speakers }),
    TRANSPORT_STATE: event => this.#onServerTransportState(event.transportId, event.state),
    REKEY_REQUIRED: event => {
      this.#leaderDeviceId = event.leaderDeviceId;
      if (this.isLeader) this.#rekey.soon();
    },
    REKEY_COMMIT: event => {
      if (event.epoch !== undefined) void this.#onCommitted(event.epoch);
    },
  };

  #onSnapshot(snapshot: RoomSnapshot): void {
    const change = this.#roster.applySnapshot(snapshot);
    if (change === undefined) return;
    this.#leaderDeviceId = snapshot.e2ee.leaderDeviceId || this.#roster.leaderDeviceId;
    this.#announce(change);
  }

  #announce(change: RosterChange): void {
    for (const peer of change.left) this.emit("peerLeft", { peer, reason: undefined });
    for (const peer of change.joined) if (peer.deviceId !== this.#deviceId) this.emit("peerJoined", { peer });
    for (const producer of change.removed) this.#subscriptions.remove(producer.producerId);
    // While recovering, the connection cannot be asked yet; the recovery subscribes when it can.
    if (this.#state === "joined") this.#subscriptions.sync(this.#roster.producers);
  }

  #onPeerLeft(event: ServerMessages["PEER_LEFT"]): void {
    if (event.deviceId === this.#deviceId) {
      this.#onRemoved(event.reason);
      return;
    }
    const { peer, producers } = this.#roster.removePeer(event.deviceId, event.roomVersion);
    for (const producer of producers) this.#subscriptions.remove(producer.producerId);
    if (this.#leaderDeviceId === event.deviceId) this.#leaderDeviceId = this.#roster.leaderDeviceId;
    if (peer !== undefined) this.emit("peerLeft", { peer, reason: event.reason });
  }

  /** Somebody ended our own membership. */
  #onRemoved(reason: string | undefined): void {
    if (reason === "KICKED") this.#onFailed(new CallError("KICKED", "Removed from the room"));
    if (reason === "REPLACED") {
      this.#onFailed(new CallError(SdkErrorCode.DeviceReplaced, "This device joined from somewhere else"));
    }
  }

  #onPaused(producerId: string, paused: boolean, version: number | undefined): void {
    const producer: ProducerInfo | undefined = this.#roster.setPaused(producerId, paused, version);
    if (producer !== undefined) this.#subscriptions.setMuted(producerId, paused);
  }

  #onTransportState(
    generation: number,
    direction: TransportDirection,
    state: RoomEvents["transport"]["state"],
    attempt: number,
  ): void {
    if (generation !== this.#mediaGeneration) return;
    this.emit("transport", { direction, state, attempt });
    if (state === "connected" && this.#setupMs === undefined) this.#measureSetup();
  }

  #measureSetup(): void {
    this.#setupMs = this.#connection.runtime.clock.now() - this.#joinStartedAt;
    this.emit("slo", sloSample("setupMs", this.#setupMs));
  }

  #onServerTransportState(transportId: string, state: string): void {
    const direction = this.#media?.directionOf(transportId);
    if (direction === undefined) return;
    if (state === "failed" || state === "disconnected") this.#media?.recovery(direction)?.kick();
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
    for (const publication of this.#publications) publication.ended = true;
    this.#publications.clear();
    for (const off of this.#detach.splice(0)) off();
  }

  #enter(state: RoomState): void {
    const previous = this.#state;
    if (previous === state) return;
    this.#state = state;
    this.emit("state", { state, previous });
  }
}
