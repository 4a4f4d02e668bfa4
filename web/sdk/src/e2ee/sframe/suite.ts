import { type Bytes, concat, utf8 } from "../bytes.js";

/** RFC 9605 §4.5: the AES-GCM suites. 4 is what the wire uses; those with CTR and HMAC take two calls a frame and are left out. */
export interface SframeSuite {
  readonly id: number;
  readonly keyBits: 128 | 256;
  readonly hash: "SHA-256" | "SHA-512";
}

export const aes128Gcm: SframeSuite = { id: 4, keyBits: 128, hash: "SHA-256" };
export const aes256Gcm: SframeSuite = { id: 5, keyBits: 256, hash: "SHA-512" };

export const tagLength = 16;
const nonceLength = 12;

/** The key and the salt of one KID. The key cannot be exported. */
export interface SframeKey {
  readonly key: CryptoKey;
  readonly salt: Bytes;
}

/** The base key of an epoch, from which the key of each KID is derived. */
export async function importBaseKey(baseKey: Bytes): Promise<CryptoKey> {
  return await crypto.subtle.importKey("raw", baseKey, "HKDF", false, ["deriveBits", "deriveKey"]);
}

// RFC 9605 §4.4.2: HKDF-Extract without salt, then one Expand for the key and one for the salt.
export async function deriveKey(suite: SframeSuite, baseKey: CryptoKey, kid: bigint): Promise<SframeKey> {
  const usage = suffix(suite, kid);
  const hkdf = (label: string) => ({
    name: "HKDF",
    hash: suite.hash,
    salt: new Uint8Array(),
    info: concat(utf8(label), usage),
  });
  const [key, salt] = await Promise.all([
    crypto.subtle.deriveKey(
      hkdf("SFrame 1.0 Secret key "),
      baseKey,
      { name: "AES-GCM", length: suite.keyBits },
      false,
      ["encrypt", "decrypt"],
    ),
    crypto.subtle.deriveBits(hkdf("SFrame 1.0 Secret salt "), baseKey, nonceLength * 8),
  ]);
  return { key, salt: new Uint8Array(salt) };
}

export async function seal({ key, salt }: SframeKey, ctr: bigint, aad: Bytes, plain: Bytes): Promise<Bytes> {
  const algorithm = { name: "AES-GCM", iv: nonce(salt, ctr), additionalData: aad };
  return new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plain));
}

/** Undefined when the frame is not authentic. */
export async function open(
  { key, salt }: SframeKey,
  ctr: bigint,
  aad: Bytes,
  sealed: Bytes,
): Promise<Bytes | undefined> {
  const algorithm = { name: "AES-GCM", iv: nonce(salt, ctr), additionalData: aad };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed));
  } catch {
    return undefined;
  }
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
