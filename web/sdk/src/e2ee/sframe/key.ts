import { type Bytes, concat, utf8 } from "../bytes.js";
import { nonceLength, type SframeCipher } from "./cipher.js";
import { CounterCipher } from "./counter-cipher.js";
import { GcmCipher } from "./gcm-cipher.js";
import type { SframeSuite } from "./suite.js";

/** The cipher and the salt of one KID. */
export interface SframeKey {
  readonly suite: SframeSuite;
  readonly cipher: SframeCipher;
  readonly salt: Bytes;
}

/** The base key of an epoch, from which the key of each KID is derived. */
export async function importBaseKey(baseKey: Bytes): Promise<CryptoKey> {
  return await crypto.subtle.importKey("raw", baseKey, "HKDF", false, ["deriveBits"]);
}

// RFC 9605 §4.4.2: HKDF-Extract without salt, then one Expand for the key and one for the salt.
export async function deriveKey(suite: SframeSuite, baseKey: CryptoKey, kid: bigint): Promise<SframeKey> {
  const { hash, encryptionKeyLength, authenticationKeyLength } = suite;
  const usage = suffix(suite, kid);
  const expand = async (label: string, length: number): Promise<Bytes> => {
    const hkdf = { name: "HKDF", hash, salt: new Uint8Array(), info: concat(utf8(label), usage) };
    return new Uint8Array(await crypto.subtle.deriveBits(hkdf, baseKey, length * 8));
  };
  const [key, salt] = await Promise.all([
    expand("SFrame 1.0 Secret key ", encryptionKeyLength + authenticationKeyLength),
    expand("SFrame 1.0 Secret salt ", nonceLength),
  ]);
  const cipher = await cipherOf(suite, key);
  key.fill(0);
  return { suite, cipher, salt };
}

export async function seal(
  { cipher, salt }: SframeKey,
  ctr: bigint,
  aad: Bytes,
  plain: Bytes,
): Promise<Bytes> {
  return await cipher.seal(nonce(salt, ctr), aad, plain);
}

/** Undefined when the frame is not authentic. */
export async function open(
  { cipher, salt }: SframeKey,
  ctr: bigint,
  aad: Bytes,
  sealed: Bytes,
): Promise<Bytes | undefined> {
  return await cipher.open(nonce(salt, ctr), aad, sealed);
}

function cipherOf(suite: SframeSuite, key: Bytes): Promise<SframeCipher> {
  return suite.cipher === "AES-GCM"
    ? GcmCipher.from(key)
    : CounterCipher.from(key, suite.encryptionKeyLength, suite.tagLength);
}

/** The KID as 8 bytes and the suite as 2, big-endian. */
function suffix({ id }: SframeSuite, kid: bigint): Bytes {
  const bytes = new Uint8Array(10);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, kid);
  view.setUint16(8, id);
  return bytes;
}

/** RFC 9605 §4.4.3: the salt with the counter laid over its end. */
function nonce(salt: Bytes, ctr: bigint): Bytes {
  const iv = salt.slice();
  const view = new DataView(iv.buffer);
  view.setBigUint64(4, view.getBigUint64(4) ^ ctr);
  return iv;
}
