import { fromSummary, type PeerInfo, type ProducerInfo, type RoomSnapshot } from "../protocol/messages.js";

export interface RosterChange {
  readonly joined: readonly PeerInfo[];
  readonly left: readonly PeerInfo[];
  readonly added: readonly ProducerInfo[];
  readonly removed: readonly ProducerInfo[];
}

/**
 * Who is in the room and what they send, as the server told it. Snapshots replace, events amend;
 * a snapshot that is not newer than what is known is ignored, so that a late one cannot undo an event.
 */
export class Roster {
  #version = -1;
  readonly #peers = new Map<string, PeerInfo>();
  readonly #producers = new Map<string, ProducerInfo>();

  get version(): number {
    return this.#version;
  }

  /** In the order of joining. */
  get peers(): readonly PeerInfo[] {
    return [...this.#peers.values()];
  }

  get producers(): readonly ProducerInfo[] {
    return [...this.#producers.values()];
  }

  peer(deviceId: string): PeerInfo | undefined {
    return this.#peers.get(deviceId);
  }

  producer(producerId: string): ProducerInfo | undefined {
    return this.#producers.get(producerId);
  }

  /** The device that drives rekeys: the one that has been here longest. */
  get leaderDeviceId(): string | undefined {
    const first = this.#peers.keys().next();
    return first.done ? undefined : first.value;
  }

  /** Undefined when the snapshot is not newer. */
  applySnapshot(snapshot: RoomSnapshot): RosterChange | undefined {
    if (snapshot.roomVersion <= this.#version) return undefined;
    this.#version = snapshot.roomVersion;
    const peers = replace(this.#peers, snapshot.peers, peer => peer.deviceId);
    const producers = replace(
      this.#producers,
      snapshot.producers.map(fromSummary),
      producer => producer.producerId,
    );
    return { joined: peers.added, left: peers.removed, added: producers.added, removed: producers.removed };
  }

  addPeer(peer: PeerInfo, version?: number): boolean {
    this.#sawVersion(version);
    const isNew = !this.#peers.has(peer.deviceId);
    this.#peers.set(peer.deviceId, peer);
    return isNew;
  }

  setState(deviceId: string, state: PeerInfo["state"], version?: number): PeerInfo | undefined {
    this.#sawVersion(version);
    const peer = this.#peers.get(deviceId);
    if (peer === undefined || state === undefined) return undefined;
    const changed = { ...peer, state };
    this.#peers.set(deviceId, changed);
    return changed;
  }

  /** Removes the peer and what it sent. */
  removePeer(deviceId: string, version?: number): { peer: PeerInfo | undefined; producers: ProducerInfo[] } {
    this.#sawVersion(version);
    const peer = this.#peers.get(deviceId);
    this.#peers.delete(deviceId);
    const producers = this.producers.filter(producer => producer.peerDeviceId === deviceId);
    for (const producer of producers) this.#producers.delete(producer.producerId);
    return { peer, producers };
  }

  addProducer(producer: ProducerInfo, version?: number): boolean {
    this.#sawVersion(version);
    const isNew = !this.#producers.has(producer.producerId);
    this.#producers.set(producer.producerId, producer);
    return isNew;
  }

  removeProducer(producerId: string, version?: number): ProducerInfo | undefined {
    this.#sawVersion(version);
    const producer = this.#producers.get(producerId);
    this.#producers.delete(producerId);
    return producer;
  }

  setPaused(producerId: string, paused: boolean, version?: number): ProducerInfo | undefined {
    this.#sawVersion(version);
    const producer = this.#producers.get(producerId);
    if (producer === undefined) return undefined;
    const changed = { ...producer, paused };
    this.#producers.set(producerId, changed);
    return changed;
  }

  /** After a session that was not resumed: the next snapshot counts whatever its number. */
  expectFreshSnapshot(): void {
    this.#version = -1;
  }

  #sawVersion(version: number | undefined): void {
    if (version !== undefined && version > this.#version) this.#version = version;
  }
}

function replace<T>(
  into: Map<string, T>,
  items: readonly T[],
  key: (item: T) => string,
): { added: T[]; removed: T[] } {
  const next = new Map(items.map(item => [key(item), item]));
  const added = items.filter(item => !into.has(key(item)));
  const removed = [...into].filter(([id]) => !next.has(id)).map(([, item]) => item);
  into.clear();
  for (const [id, item] of next) into.set(id, item);
  return { added, removed };
}
