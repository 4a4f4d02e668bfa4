import type { Clock, TimerHandle } from "../../support/runtime.js";
import type { EpochKeys } from "./epoch-keys.js";

/** The epochs that can be read now, and the one that is sent with. Owned by the worker; keys leave it only as handles. */
export class KeyStore {
  // given
  readonly #clock: Clock;
  // state
  readonly #readable = new Map<number, EpochKeys>();
  readonly #retiring = new Map<EpochKeys, TimerHandle>();
  #sending: EpochKeys | undefined;
  #muted = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What is sent with; undefined while nothing may be sent. */
  get sending(): EpochKeys | undefined {
    return this.#muted ? undefined : this.#sending;
  }

  /** The newest epoch that can be read. */
  get newest(): EpochKeys | undefined {
    let newest: EpochKeys | undefined;
    for (const keys of this.#readable.values())
      if (newest === undefined || keys.roomEpoch > newest.roomEpoch) newest = keys;
    return newest;
  }

  /** By the epoch byte of a KID. */
  find(kidByte: number): EpochKeys | undefined {
    return this.#readable.get(kidByte);
  }

  /** From now on frames of this epoch can be read. Two epochs of one byte (a new group) leave only the newer. */
  install(keys: EpochKeys): void {
    const before = this.#readable.get(keys.kidByte);
    if (before !== undefined) {
      if (before.roomEpoch >= keys.roomEpoch) throw new RangeError("An epoch only goes up");
      this.#forget(before);
    }
    this.#readable.set(keys.kidByte, keys);
  }

  /** Sends with this epoch from now on. Older ones can be read for `overlapMs` more and are then gone. */
  switchTo(roomEpoch: number, overlapMs: number): boolean {
    const next = [...this.#readable.values()].find(keys => keys.roomEpoch === roomEpoch);
    if (next === undefined || (this.#sending !== undefined && this.#sending.roomEpoch >= roomEpoch))
      return false;
    this.#sending = next;
    for (const keys of this.#readable.values()) if (keys.roomEpoch < roomEpoch) this.#retire(keys, overlapMs);
    return true;
  }

  /** Fails closed: nothing is sent until {@link unmute}; what is known can still be read. */
  mute(): void {
    this.#muted = true;
  }

  unmute(): void {
    this.#muted = false;
  }

  clear(): void {
    for (const keys of [...this.#readable.values()]) this.#forget(keys);
    this.#sending = undefined;
  }

  #retire(keys: EpochKeys, overlapMs: number): void {
    if (this.#retiring.has(keys)) return;
    const timer = this.#clock.setTimeout(() => this.#forget(keys), overlapMs);
    this.#retiring.set(keys, timer);
  }

  #forget(keys: EpochKeys): void {
    const timer = this.#retiring.get(keys);
    if (timer !== undefined) this.#clock.clearTimeout(timer);
    this.#retiring.delete(keys);
    if (this.#readable.get(keys.kidByte) === keys) this.#readable.delete(keys.kidByte);
  }
}
