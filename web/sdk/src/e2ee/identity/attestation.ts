import { type Bytes, fromBase64Url, toBase64Url, utf8 } from "../bytes.js";

/** An identity provider that the application trusts, by its keys and not by its address. */
export interface TrustedIssuer {
  readonly iss: string;
  /** Public keys by `kid`: Ed25519 or P-256. Symmetric keys cannot attest anything to anybody else. */
  readonly keys: readonly (JsonWebKey & { readonly kid?: string })[];
}

export interface AttestedClaim {
  readonly sub: string;
  readonly dev: string;
  readonly publicKey: Uint8Array;
}

const algorithms = {
  EdDSA: { import: "Ed25519", verify: "Ed25519" },
  ES256: { import: { name: "ECDSA", namedCurve: "P-256" }, verify: { name: "ECDSA", hash: "SHA-256" } },
} as const;

const maxTokenLength = 8_192;

/** Whether the token says, under the issuer's key, that this user's device has this key (RFC 7800 `cnf.jkt`) now. */
export async function checkAttestation(
  token: string,
  { sub, dev, publicKey }: AttestedClaim,
  issuer: TrustedIssuer,
  nowMs: number,
): Promise<boolean> {
  if (token.length > maxTokenLength) return false;
  const claims = await verifiedClaims(token, issuer);
  if (claims === undefined) return false;
  const { cnf } = claims as { cnf?: { jkt?: unknown } };
  const inTime = typeof claims.exp === "number" && claims.exp * 1_000 > nowMs;
  const isTheirs = claims.iss === issuer.iss && claims.sub === sub && claims.dev === dev;
  return inTime && isTheirs && cnf?.jkt === (await thumbprint(publicKey));
}

/** RFC 7638 of an Ed25519 key (RFC 8037): SHA-256 over its members in alphabetical order. */
export async function thumbprint(publicKey: Uint8Array): Promise<string> {
  const jwk = `{"crv":"Ed25519","kty":"OKP","x":"${toBase64Url(publicKey)}"}`;
  return toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(jwk))));
}

async function verifiedClaims(
  token: string,
  issuer: TrustedIssuer,
): Promise<Record<string, unknown> | undefined> {
  const [head = "", body = "", mark = "", ...rest] = token.split(".");
  const header = json(head);
  const signature = fromBase64Url(mark);
  if (header === undefined || signature === undefined || rest.length > 0) return undefined;
  if (header.alg !== "EdDSA" && header.alg !== "ES256") return undefined;
  const algorithm = algorithms[header.alg];
  for (const key of issuer.keys) {
    if (header.kid !== undefined && key.kid !== header.kid) continue;
    if (await verifies(key, algorithm, signature, utf8(`${head}.${body}`))) return json(body);
  }
  return undefined;
}

async function verifies(
  jwk: JsonWebKey,
  algorithm: (typeof algorithms)[keyof typeof algorithms],
  signature: Bytes,
  signed: Bytes,
): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey("jwk", jwk, algorithm.import, false, ["verify"]);
    return await crypto.subtle.verify(algorithm.verify, key, signature, signed);
  } catch {
    return false; // a key of another kind than the token's
  }
}

function json(part: string): Record<string, unknown> | undefined {
  const bytes = fromBase64Url(part);
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
