import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type CiphersuiteImpl, defaultCryptoProvider, getCiphersuiteFromName } from "ts-mls";
import { type Bytes, equalBytes } from "../bytes.js";
import type { DeviceKey } from "../identity/device-key.js";

/** MLS cipher suite 1, the one that RFC 9420 makes mandatory. */
export const suiteName = "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519";

export interface DeviceSuite {
  readonly suite: CiphersuiteImpl;
  /** Stands for the private key wherever the library wants its bytes. */
  readonly handle: Bytes;
}

/** Suite 1 whose signatures are made by the device key: the library passes private keys as bytes, and gets a handle to pass. */
export async function suiteFor(device: DeviceKey): Promise<DeviceSuite> {
  const suite = await defaultCryptoProvider.getCiphersuiteImpl(getCiphersuiteFromName(suiteName));
  const handle = crypto.getRandomValues(new Uint8Array(32));
  const signature = {
    ...suite.signature,
    async sign(key: Uint8Array, message: Uint8Array): Promise<Uint8Array> {
      if (!equalBytes(key, handle)) throw new Error("Signing takes the handle of the device key");
      return await device.sign(new Uint8Array(message));
    },
    keygen(): Promise<never> {
      throw new Error("Signature keys are made by the device, not here");
    },
  };
  return { suite: { ...suite, signature, hash: { ...suite.hash, digest }, kdf }, handle };
}

// A tree of 200 leaves takes thousands of hashes and derivations of a few hundred bytes, one after the other. WebCrypto takes longer to be asked
// than to answer: a commit at that size is processed in a third of the time without it.
const digest = async (data: Uint8Array): Promise<Uint8Array> => sha256(data);

const kdf = {
  size: 32,
  extract: async (salt: Uint8Array, ikm: Uint8Array): Promise<Uint8Array> => extract(sha256, ikm, salt),
  expand: async (prk: Uint8Array, info: Uint8Array, length: number): Promise<Uint8Array> =>
    expand(sha256, prk, info, length),
};
