import type { Bytes } from "../bytes.js";

export const nonceLength = 12;

/** AEAD.Encrypt and AEAD.Decrypt of RFC 9605 §4.4.1 with one key, which cannot be exported. */
export interface SframeCipher {
  /** Ciphertext and tag. */
  seal(nonce: Bytes, aad: Bytes, plain: Bytes): Promise<Bytes>;
  /** Undefined when it is not authentic. */
  open(nonce: Bytes, aad: Bytes, sealed: Bytes): Promise<Bytes | undefined>;
}
