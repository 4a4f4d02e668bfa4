import type { Bytes } from "../bytes.js";
import type { SframeCipher } from "./cipher.js";

/** AES-GCM with a tag of 16 bytes, in one call. */
export class GcmCipher implements SframeCipher {
  readonly #key: CryptoKey;

  private constructor(key: CryptoKey) {
    this.#key = key;
  }

  static async from(key: Bytes): Promise<GcmCipher> {
    return new GcmCipher(await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]));
  }

  async seal(nonce: Bytes, aad: Bytes, plain: Bytes): Promise<Bytes> {
    const algorithm = { name: "AES-GCM", iv: nonce, additionalData: aad };
    return new Uint8Array(await crypto.subtle.encrypt(algorithm, this.#key, plain));
  }

  async open(nonce: Bytes, aad: Bytes, sealed: Bytes): Promise<Bytes | undefined> {
    const algorithm = { name: "AES-GCM", iv: nonce, additionalData: aad };
    try {
      return new Uint8Array(await crypto.subtle.decrypt(algorithm, this.#key, sealed));
    } catch {
      return undefined;
    }
  }
}
