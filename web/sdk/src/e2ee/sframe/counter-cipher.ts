import { type Bytes, concat, equalBytes } from "../bytes.js";
import { nonceLength, type SframeCipher } from "./cipher.js";

//  RFC 9605 §4.5.1: what the tag is of, lengths as 8 bytes big-endian; the tag is the head of the HMAC.
//  +----------+---------------+----------+-------+-----+------------+
//  | len(aad) | len(cipher)   | len(tag) | nonce | aad | ciphertext |
//  +----------+---------------+----------+-------+-----+------------+

/** AES-CTR for secrecy, HMAC-SHA-256 over the ciphertext for authenticity, with a shorter tag than GCM's. */
export class CounterCipher implements SframeCipher {
  readonly #encryption: CryptoKey;
  readonly #authentication: CryptoKey;
  readonly #tagLength: number;

  private constructor(encryption: CryptoKey, authentication: CryptoKey, tagLength: number) {
    this.#encryption = encryption;
    this.#authentication = authentication;
    this.#tagLength = tagLength;
  }

  /** The key is that of AES, then that of the HMAC. */
  static async from(key: Bytes, encryptionKeyLength: number, tagLength: number): Promise<CounterCipher> {
    const [encryption, authentication] = await Promise.all([
      crypto.subtle.importKey("raw", key.slice(0, encryptionKeyLength), "AES-CTR", false, [
        "encrypt",
        "decrypt",
      ]),
      crypto.subtle.importKey(
        "raw",
        key.slice(encryptionKeyLength),
        { name: "HMAC", hash: "SHA-256" },
        false,
        ["sign"],
      ),
    ]);
    return new CounterCipher(encryption, authentication, tagLength);
  }

  async seal(nonce: Bytes, aad: Bytes, plain: Bytes): Promise<Bytes> {
    const ciphertext = new Uint8Array(await crypto.subtle.encrypt(counterOf(nonce), this.#encryption, plain));
    return concat(ciphertext, await this.#tag(nonce, aad, ciphertext));
  }

  async open(nonce: Bytes, aad: Bytes, sealed: Bytes): Promise<Bytes | undefined> {
    const end = sealed.length - this.#tagLength;
    if (end < 0) return undefined;
    const ciphertext = sealed.subarray(0, end);
    // WebCrypto compares whole HMACs only. This looks at every byte, so that time tells nothing of where two differ.
    if (!equalBytes(sealed.subarray(end), await this.#tag(nonce, aad, ciphertext))) return undefined;
    return new Uint8Array(await crypto.subtle.decrypt(counterOf(nonce), this.#encryption, ciphertext));
  }

  async #tag(nonce: Bytes, aad: Bytes, ciphertext: Bytes): Promise<Bytes> {
    const lengths = new Uint8Array(24);
    const view = new DataView(lengths.buffer);
    view.setBigUint64(0, BigInt(aad.length));
    view.setBigUint64(8, BigInt(ciphertext.length));
    view.setBigUint64(16, BigInt(this.#tagLength));
    const whole = await crypto.subtle.sign(
      "HMAC",
      this.#authentication,
      concat(lengths, nonce, aad, ciphertext),
    );
    return new Uint8Array(whole, 0, this.#tagLength);
  }
}

/** The nonce, then the number of the block from 0 in the remaining four bytes. */
function counterOf(nonce: Bytes) {
  const counter = new Uint8Array(16);
  counter.set(nonce);
  return { name: "AES-CTR", counter, length: (counter.length - nonceLength) * 8 };
}
