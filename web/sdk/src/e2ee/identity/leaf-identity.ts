import { type Bytes, equalBytes, utf8 } from "../bytes.js";
import { memberId } from "../member-id.js";

/** Who a leaf of the tree says it is. */
export interface LeafIdentity {
  /** The user, as the server or the identity provider names them. */
  readonly sub: string;
  /** The device. */
  readonly dev: string;
  /** SHA-256 of the attestation token, base64url; absent without one. */
  readonly att?: string;
}

const maxIdentityBytes = 1_024;

/** One spelling per identity, so that equal ones are equal bytes. */
export function encodeIdentity({ sub, dev, att }: LeafIdentity): Bytes {
  return utf8(JSON.stringify(att === undefined ? { v: 1, sub, dev } : { v: 1, sub, dev, att }));
}

/** Undefined for anything that {@link encodeIdentity} does not write. */
export function decodeIdentity(bytes: Uint8Array): LeafIdentity | undefined {
  if (bytes.length > maxIdentityBytes) return undefined;
  try {
    const { sub, dev, att } = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof sub !== "string" || typeof dev !== "string") return undefined;
    if (sub === "" || dev === "" || (att !== undefined && typeof att !== "string")) return undefined;
    const identity = att === undefined ? { sub, dev } : { sub, dev, att };
    return equalBytes(encodeIdentity(identity), bytes) ? identity : undefined;
  } catch {
    return undefined;
  }
}

export function memberOf({ sub, dev }: LeafIdentity): string {
  return memberId(sub, dev);
}

/** How sure this device is of who somebody is. */
export const IdentityLevel = {
  /** The server says so; seen for the first time, or as before. */
  asserted: 0,
  /** A token of the application's identity provider binds the key. */
  attested: 1,
  /** The person compared safety numbers. */
  verified: 2,
} as const;
export type IdentityLevel = (typeof IdentityLevel)[keyof typeof IdentityLevel];

/** Tells the level of a leaf's identity; the application's hook for attestation and verification. */
export type IdentityCheck = (identity: LeafIdentity, publicKey: Bytes) => Promise<IdentityLevel>;
