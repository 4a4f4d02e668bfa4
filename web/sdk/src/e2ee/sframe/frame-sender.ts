import { type Bytes, concat } from "../bytes.js";
import { clearBytes, type FrameCodec } from "./clear-bytes.js";
import { DropReason } from "./drop-reason.js";
import type { EpochKeys } from "./epoch-keys.js";
import { encodeHeader } from "./header.js";
import { type SframeKey, seal } from "./key.js";
import type { KeyStore } from "./key-store.js";
import { packKid, type StreamKind } from "./kid.js";

//  A frame on the wire:
//  +--------------+---------------+------------------+----------+
//  | clear prefix | SFrame header |    ciphertext    | 16 B tag |
//  +--------------+---------------+------------------+----------+
//  authenticated besides: SFrame header, then clear prefix.

/** One sent stream: its own KID in every epoch, counted from 0 in each. */
export class FrameSender {
  // given
  readonly #store: KeyStore;
  readonly #instance: number;
  readonly #kind: StreamKind;
  // state
  #epoch: EpochKeys | undefined;
  #kid = 0n;
  #key: Promise<SframeKey> | undefined;
  #next = 0n;

  /** `instance` must never have been used before by this member in this epoch. */
  constructor(store: KeyStore, instance: number, kind: StreamKind) {
    this.#store = store;
    this.#instance = instance;
    this.#kind = kind;
  }

  async protect(codec: FrameCodec, frame: Bytes): Promise<Bytes | DropReason> {
    const epoch = this.#store.sending;
    if (epoch === undefined) return DropReason.NoKey;
    const key = this.#keyOf(epoch);
    const ctr = this.#next++;
    const header = encodeHeader({ kid: this.#kid, ctr });
    const clear = clearBytes(codec, frame);
    const prefix = frame.subarray(0, clear);
    const sealed = await seal(await key, ctr, concat(header, prefix), frame.subarray(clear));
    // Told to be silent meanwhile: a frame under way counts as sent only if it still may.
    if (this.#store.sending === undefined) return DropReason.NoKey;
    return concat(prefix, header, sealed);
  }

  #keyOf(epoch: EpochKeys): Promise<SframeKey> {
    if (this.#epoch === epoch && this.#key !== undefined) return this.#key;
    this.#epoch = epoch;
    this.#next = 0n;
    this.#kid = packKid({
      instance: this.#instance,
      kind: this.#kind,
      leaf: epoch.ownLeaf,
      epoch: epoch.mlsEpoch,
    });
    this.#key = epoch.derive(this.#kid);
    return this.#key;
  }
}
