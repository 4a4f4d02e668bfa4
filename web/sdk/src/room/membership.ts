import type {
  MessageHandlers,
  PeerInfo,
  ProducerInfo,
  RoomSnapshot,
  ServerMessages,
} from "../protocol/messages.js";
import { fromAdded } from "../protocol/messages.js";
import type { Emitter } from "../support/emitter.js";
import type { RoomEvents } from "./events.js";
import { Roster, type RosterChange } from "./roster.js";
import type { Subscriptions } from "./subscriptions.js";

export interface MembershipHost {
  readonly events: Emitter<RoomEvents>;
  readonly subscriptions: Subscriptions;
  readonly deviceId: () => string;
  readonly isJoined: () => boolean;
  /** Somebody ended our own membership. */
  readonly onRemoved: (reason: string | undefined) => void;
  /** The server closed a producer whose frames it could not let pass. */
  readonly onFramesRefused: (producerId: string) => void;
}

/** Who is in the room, what they send, who leads and who speaks: follows what the server tells, and announces what changed. */
export class Membership {
  // given
  readonly #host: MembershipHost;
  // made
  readonly #roster = new Roster();
  // state
  #leaderDeviceId: string | undefined;
  #dominant: string | undefined;

  constructor(host: MembershipHost) {
    this.#host = host;
  }

  /** Everyone in the room, ourselves included, in the order of joining. */
  get peers(): readonly PeerInfo[] {
    return this.#roster.peers;
  }

  get producers(): readonly ProducerInfo[] {
    return this.#roster.producers;
  }

  /** The device that drives rekeys where keys are not agreed on. */
  get leaderDeviceId(): string | undefined {
    return this.#leaderDeviceId;
  }

  /** The server says who leads now. */
  setLeader(deviceId: string): void {
    this.#leaderDeviceId = deviceId;
  }

  /** The device the room looks at; undefined before anybody spoke and when that device is gone. */
  get dominantSpeaker(): string | undefined {
    const dominant = this.#dominant;
    return dominant !== undefined && this.#roster.peer(dominant) !== undefined ? dominant : undefined;
  }

  /** Whose a producer is; undefined while that is not known. */
  originOf(producerId: string) {
    const producer = this.#roster.producer(producerId);
    const peer = producer === undefined ? undefined : this.#roster.peer(producer.peerDeviceId);
    if (producer === undefined || peer === undefined) return undefined;
    return { userId: peer.userId, deviceId: peer.deviceId, kind: producer.kind, source: producer.source };
  }

  /** The server may have started anew: its next snapshot counts whatever its number. */
  expectFreshSnapshot(): void {
    this.#roster.expectFreshSnapshot();
  }

  readonly handlers: MessageHandlers = {
    ROOM_SNAPSHOT: snapshot => this.#onSnapshot(snapshot),
    ROOM_STATE: snapshot => this.#onSnapshot(snapshot),
    PEER_JOINED: peer => {
      if (this.#roster.addPeer(peer, peer.roomVersion)) this.#host.events.emit("peerJoined", { peer });
    },
    PEER_LEFT: event => this.#onPeerLeft(event),
    PEER_STATE: event => {
      const peer = this.#roster.setState(event.deviceId, event.state, event.roomVersion);
      if (peer !== undefined) this.#host.events.emit("peerChanged", { peer });
    },
    PRODUCER_ADDED: event => {
      const producer = fromAdded(event);
      this.#roster.addProducer(producer, event.roomVersion);
      this.#host.subscriptions.add(producer);
    },
    PRODUCER_REMOVED: event => {
      this.#roster.removeProducer(event.producerId, event.roomVersion);
      this.#host.subscriptions.remove(event.producerId);
      if (event.reason === "SFRAME_REFUSED") this.#host.onFramesRefused(event.producerId);
    },
    PRODUCER_PAUSED: event => this.#onPaused(event.producerId, true, event.roomVersion),
    PRODUCER_RESUMED: event => this.#onPaused(event.producerId, false, event.roomVersion),
    DOMINANT_SPEAKER: ({ deviceId, producerId }) => {
      this.#dominant = deviceId;
      this.#host.events.emit("dominantSpeaker", { deviceId, producerId });
    },
  };

  #onSnapshot(snapshot: RoomSnapshot): void {
    const change = this.#roster.applySnapshot(snapshot);
    if (change === undefined) return;
    this.#leaderDeviceId = snapshot.e2ee.leaderDeviceId || this.#roster.leaderDeviceId;
    this.#announce(change);
  }

  #announce(change: RosterChange): void {
    const { events, subscriptions } = this.#host;
    const own = this.#host.deviceId();
    for (const peer of change.left) events.emit("peerLeft", { peer, reason: undefined });
    for (const peer of change.joined) if (peer.deviceId !== own) events.emit("peerJoined", { peer });
    for (const producer of change.removed) subscriptions.remove(producer.producerId);
    // While recovering, the connection cannot be asked yet; the recovery subscribes when it can.
    if (this.#host.isJoined()) subscriptions.sync(this.#roster.producers);
  }

  #onPeerLeft(event: ServerMessages["PEER_LEFT"]): void {
    if (event.deviceId === this.#host.deviceId()) {
      this.#host.onRemoved(event.reason);
      return;
    }
    const { peer, producers } = this.#roster.removePeer(event.deviceId, event.roomVersion);
    for (const producer of producers) this.#host.subscriptions.remove(producer.producerId);
    if (this.#leaderDeviceId === event.deviceId) this.#leaderDeviceId = this.#roster.leaderDeviceId;
    if (peer !== undefined) this.#host.events.emit("peerLeft", { peer, reason: event.reason });
  }

  #onPaused(producerId: string, paused: boolean, version: number | undefined): void {
    const producer = this.#roster.setPaused(producerId, paused, version);
    if (producer !== undefined) this.#host.subscriptions.setMuted(producerId, paused);
  }
}
