import { type Bytes, utf8 } from "../bytes.js";
import { deriveKey, importBaseKey, type SframeKey } from "./key.js";
import { ReplayWindow } from "./replay-window.js";
import { aes128Gcm, type SframeSuite } from "./suite.js";

/** The key of one KID and the counters accepted under it. */
export interface ReceiveKey {
  readonly key: SframeKey;
  readonly window: ReplayWindow;
}

/** Who sits on which leaf, by `memberId`. */
export type LeafOwners = ReadonlyMap<number, string>;

/** Keys held of one epoch. 200 members with four streams each, restarted now and then, stay far below. */
export const maxKeysPerEpoch = 4_096;

/** What frames of every room are encrypted with: the SDK offers this one in E2EE_CAPS. */
export const roomSuite: SframeSuite = aes128Gcm;

const roomSecretLabel = "sfu room secret v1";

/** Everything of one room epoch: its base key, its members, and the keys derived so far. */
export class EpochKeys {
  // given
  readonly roomEpoch: number;
  readonly mlsEpoch: number;
  readonly ownLeaf: number;
  readonly owners: LeafOwners;
  readonly #baseKey: CryptoKey;
  // state
  readonly #received = new Map<bigint, ReceiveKey>();

  private constructor(facts: EpochFacts, baseKey: CryptoKey) {
    this.roomEpoch = facts.roomEpoch;
    this.mlsEpoch = facts.mlsEpoch;
    this.ownLeaf = facts.ownLeaf;
    this.owners = facts.owners;
    this.#baseKey = baseKey;
  }

  /** Takes over the base key: the bytes handed in are wiped. */
  static async from(facts: EpochFacts, baseKey: Bytes, roomSecret?: Bytes): Promise<EpochKeys> {
    const mixed = roomSecret === undefined ? baseKey : await withRoomSecret(baseKey, roomSecret);
    const imported = await importBaseKey(mixed);
    baseKey.fill(0);
    mixed.fill(0);
    return new EpochKeys(facts, imported);
  }

  get kidByte(): number {
    return this.mlsEpoch & 0xff;
  }

  async derive(kid: bigint): Promise<SframeKey> {
    return await deriveKey(roomSuite, this.#baseKey, kid);
  }

  receiveKey(kid: bigint): ReceiveKey | undefined {
    return this.#received.get(kid);
  }

  get isFull(): boolean {
    return this.#received.size >= maxKeysPerEpoch;
  }

  /** Kept only once a frame under it was authentic: who makes up KIDs fills no memory. */
  keep(kid: bigint, key: SframeKey): ReceiveKey {
    const known = this.#received.get(kid);
    if (known !== undefined) return known;
    const entry = { key, window: new ReplayWindow() };
    this.#received.set(kid, entry);
    return entry;
  }
}

export interface EpochFacts {
  readonly roomEpoch: number;
  readonly mlsEpoch: number;
  readonly ownLeaf: number;
  readonly owners: LeafOwners;
}

/** A secret that never reaches the server: HKDF with it as salt, RFC 5869. Without it the group's key alone opens nothing. */
async function withRoomSecret(baseKey: Bytes, roomSecret: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", baseKey, "HKDF", false, ["deriveBits"]);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: roomSecret, info: utf8(roomSecretLabel) };
  return new Uint8Array(await crypto.subtle.deriveBits(hkdf, key, 128));
}
