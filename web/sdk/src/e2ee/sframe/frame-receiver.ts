import { type Bytes, concat } from "../bytes.js";
import { clearBytes, type FrameCodec } from "./clear-bytes.js";
import { DropReason } from "./drop-reason.js";
import { type EpochKeys, roomSuite } from "./epoch-keys.js";
import { decodeHeader } from "./header.js";
import { open, type SframeKey } from "./key.js";
import type { KeyStore } from "./key-store.js";
import { type StreamKind, unpackKid } from "./kid.js";

/** Who the signalling says this stream is of, and what. A frame that says otherwise is dropped. */
export interface ExpectedSender {
  readonly member: string;
  readonly kind: StreamKind;
}

/** One received stream. The KID picks exactly one key; nothing is tried out. */
export class FrameReceiver {
  readonly #store: KeyStore;
  readonly #expected: ExpectedSender;

  constructor(store: KeyStore, expected: ExpectedSender) {
    this.#store = store;
    this.#expected = expected;
  }

  async unprotect(codec: FrameCodec, frame: Bytes): Promise<Bytes | DropReason> {
    const clear = clearBytes(codec, frame);
    const header = decodeHeader(frame, clear);
    if (header === "TRUNCATED") return DropReason.Truncated;
    if (header === "NOT_MINIMAL") return DropReason.NotMinimal;
    const start = clear + header.length;
    if (frame.length < start + roomSuite.tagLength) return DropReason.Truncated;
    const epoch = this.#epochOf(header.kid);
    if (typeof epoch === "string") return epoch;
    const { kid, ctr } = header;
    // Numbers are exact up to 2^53; a sender would need longer than an epoch to come there.
    if (ctr > BigInt(Number.MAX_SAFE_INTEGER)) return DropReason.Replayed;
    const known = epoch.receiveKey(kid);
    if (known === undefined && epoch.isFull) return DropReason.TooManyKeys;
    // Replay is asked before authentication, because it is cheap, and written after it, because anybody can make up a counter.
    if (known?.window.admits(Number(ctr)) === false) return DropReason.Replayed;
    const key: SframeKey = known?.key ?? (await epoch.derive(kid));
    const aad = concat(frame.subarray(clear, start), frame.subarray(0, clear));
    const plain = await open(key, ctr, aad, frame.subarray(start));
    if (plain === undefined) return DropReason.NotAuthentic;
    if (!epoch.keep(kid, key).window.accept(Number(ctr))) return DropReason.Replayed;
    return concat(frame.subarray(0, clear), plain);
  }

  #epochOf(kid: bigint): EpochKeys | DropReason {
    const parts = unpackKid(kid);
    if (parts === undefined) return DropReason.UnknownEpoch;
    const epoch = this.#store.find(parts.epoch);
    if (epoch === undefined) return DropReason.UnknownEpoch;
    if (epoch.owners.get(parts.leaf) !== this.#expected.member) return DropReason.WrongSender;
    if (parts.kind !== this.#expected.kind) return DropReason.WrongKind;
    return epoch;
  }
}
