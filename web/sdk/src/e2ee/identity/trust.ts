import { type Bytes, toBase64Url } from "../bytes.js";
import { memberId } from "../member-id.js";
import { checkAttestation, type TrustedIssuer } from "./attestation.js";
import { type IdentityCheck, IdentityLevel } from "./leaf-identity.js";

/** What this device knows about others besides what the server says. */
export interface TrustSettings {
  /** The application's identity provider, pinned by the application; undefined where there is none. */
  readonly issuer: TrustedIssuer | undefined;
  /** Attestation tokens of members; a leaf names its own by hash. */
  readonly tokens: readonly string[];
  /** Members whose key a person compared: `memberId` and key, as {@link verifiedEntry} writes them. */
  readonly verified: readonly string[];
}

export const trustNobody: TrustSettings = { issuer: undefined, tokens: [], verified: [] };

export function verifiedEntry(userId: string, deviceId: string, publicKey: Uint8Array): string {
  return `${memberId(userId, deviceId)} ${toBase64Url(publicKey)}`;
}

/** Levels of {@link IdentityLevel}: compared by a person, attested by the provider, else as the server says. */
export function identityCheck({ issuer, tokens, verified }: TrustSettings, now: () => number): IdentityCheck {
  const compared = new Set(verified);
  return async ({ sub, dev, att }, publicKey) => {
    if (compared.has(verifiedEntry(sub, dev, publicKey))) return IdentityLevel.verified;
    if (issuer === undefined || att === undefined) return IdentityLevel.asserted;
    for (const token of tokens) {
      if ((await tokenHash(token)) !== att) continue;
      const claim = { sub, dev, publicKey };
      if (await checkAttestation(token, claim, issuer, now())) return IdentityLevel.attested;
    }
    return IdentityLevel.asserted;
  };
}

/** How a leaf names its token. */
export async function tokenHash(token: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token) as Bytes);
  return toBase64Url(new Uint8Array(digest));
}
