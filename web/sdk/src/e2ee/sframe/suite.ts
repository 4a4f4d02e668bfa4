/** RFC 9605 §4.5, with sizes in bytes. */
export interface SframeSuite {
  readonly id: 1 | 2 | 3 | 4 | 5;
  /** CTR with HMAC takes two calls a frame, about twice the time of GCM. */
  readonly cipher: "AES-CTR with HMAC" | "AES-GCM";
  readonly hash: "SHA-256" | "SHA-512";
  readonly encryptionKeyLength: 16 | 32;
  /** 0 where the cipher authenticates by itself. */
  readonly authenticationKeyLength: 0 | 32;
  readonly tagLength: 4 | 8 | 10 | 16;
}

const counter = {
  cipher: "AES-CTR with HMAC",
  hash: "SHA-256",
  encryptionKeyLength: 16,
  authenticationKeyLength: 32,
} as const;

const gcm = { cipher: "AES-GCM", authenticationKeyLength: 0, tagLength: 16 } as const;

export const aes128CtrHmacSha256Tag80: SframeSuite = { id: 1, ...counter, tagLength: 10 };
export const aes128CtrHmacSha256Tag64: SframeSuite = { id: 2, ...counter, tagLength: 8 };
export const aes128CtrHmacSha256Tag32: SframeSuite = { id: 3, ...counter, tagLength: 4 };
/** The one of our rooms. */
export const aes128Gcm: SframeSuite = { id: 4, ...gcm, hash: "SHA-256", encryptionKeyLength: 16 };
export const aes256Gcm: SframeSuite = { id: 5, ...gcm, hash: "SHA-512", encryptionKeyLength: 32 };

export const sframeSuites: readonly SframeSuite[] = [
  aes128CtrHmacSha256Tag80,
  aes128CtrHmacSha256Tag64,
  aes128CtrHmacSha256Tag32,
  aes128Gcm,
  aes256Gcm,
];
