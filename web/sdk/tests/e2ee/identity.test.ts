import { describe, expect, it } from "vitest";
import { type Bytes, fromBase64Url, toBase64Url, utf8 } from "../../src/e2ee/bytes.js";
import { checkAttestation, thumbprint } from "../../src/e2ee/identity/attestation.js";
import { decodeIdentity, encodeIdentity } from "../../src/e2ee/identity/leaf-identity.js";
import { pictures } from "../../src/e2ee/identity/pictures.js";
import { roomCode, safetyNumber } from "../../src/e2ee/identity/safety-number.js";
import { identityCheck, tokenHash, verifiedEntry } from "../../src/e2ee/identity/trust.js";

const key = (fill: number): Bytes => new Uint8Array(32).fill(fill);
const holder = (userId: string, deviceId: string, fill: number) => ({
  userId,
  deviceId,
  publicKey: key(fill),
});
const alice = holder("alice", "a", 1);
const bob = holder("bob", "b", 2);
const now = 1_800_000_000_000;

describe("base64url", () => {
  it.each(["", "AA", "AAA", "AAAA", "-_-_"])("%j is read and written the same", text => {
    expect(toBase64Url(fromBase64Url(text) ?? utf8("no"))).toBe(text);
  });

  it.each(["A", "AB", "AA==", "A+/A", "AAB", "ä"])("%j is refused", text => {
    expect(fromBase64Url(text)).toBeUndefined();
  });
});

describe("leaf identities", () => {
  it("have one spelling", () => {
    const identity = { sub: "alice", dev: "a", att: "x" };
    expect(decodeIdentity(encodeIdentity(identity))).toEqual(identity);
    expect(decodeIdentity(encodeIdentity({ sub: "alice", dev: "a" }))).toEqual({ sub: "alice", dev: "a" });
    for (const text of [
      '{"v":1,"dev":"a","sub":"alice"}',
      '{"v":1,"sub":"alice","dev":"a"} ',
      '{"v":2,"sub":"alice","dev":"a"}',
      '{"v":1,"sub":"","dev":"a"}',
      '{"v":1,"sub":1,"dev":"a"}',
      '{"v":1,"sub":"alice","dev":"a","admin":true}',
      "null",
      "",
    ])
      expect(decodeIdentity(utf8(text)), text).toBeUndefined();
    expect(decodeIdentity(encodeIdentity({ sub: "x".repeat(2_000), dev: "a" }))).toBeUndefined();
  });
});

describe("safety numbers", () => {
  it("are the same on both sides, 60 digits, and others with any other key or name", async () => {
    const number = await safetyNumber(alice, bob);
    expect(number).toMatch(/^(\d{5} ){11}\d{5}$/);
    expect(await safetyNumber(bob, alice)).toBe(number);
    for (const other of [holder("bob", "b", 3), holder("bob", "c", 2), holder("bo", "bb", 2)])
      expect(await safetyNumber(alice, other)).not.toBe(number);
  });

  it("of a room do not depend on the order, and change with the roster", async () => {
    const carol = holder("carol", "c", 3);
    const code = await roomCode([alice, bob, carol]);
    expect(code.digits).toMatch(/^(\d{5} ){5}\d{5}$/);
    expect(code.pictures).toHaveLength(16);
    expect(code.pictures.every(({ emoji, name }) => emoji !== "" && name !== "")).toBe(true);
    expect(await roomCode([carol, alice, bob])).toEqual(code);
    expect(await roomCode([alice, bob])).not.toEqual(code);
    expect(await roomCode([alice, bob, { ...carol, publicKey: key(4) }])).not.toEqual(code);
  });
});

async function provider(algorithm: "EdDSA" | "ES256") {
  const parameters = algorithm === "EdDSA" ? "Ed25519" : { name: "ECDSA", namedCurve: "P-256" };
  const pair = (await crypto.subtle.generateKey(parameters, true, ["sign", "verify"])) as CryptoKeyPair;
  const jwk = { ...(await crypto.subtle.exportKey("jwk", pair.publicKey)), kid: "k1" };
  delete jwk.key_ops;
  const part = (value: object) => toBase64Url(utf8(JSON.stringify(value)));
  const sign = async (claims: object, header: object = { alg: algorithm, kid: "k1" }) => {
    const text = `${part(header)}.${part(claims)}`;
    const how = algorithm === "EdDSA" ? "Ed25519" : { name: "ECDSA", hash: "SHA-256" };
    return `${text}.${toBase64Url(new Uint8Array(await crypto.subtle.sign(how, pair.privateKey, utf8(text))))}`;
  };
  return { issuer: { iss: "https://id.example", keys: [jwk] }, sign };
}

/** The token with the first character of its signature changed. */
function otherwiseSigned(token: string): string {
  const at = token.lastIndexOf(".") + 1;
  return token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
}

describe("attestation by an identity provider", () => {
  const claim = { sub: "alice", dev: "a", publicKey: alice.publicKey };
  const good = async () => ({
    iss: "https://id.example",
    sub: "alice",
    dev: "a",
    exp: now / 1_000 + 60,
    cnf: { jkt: await thumbprint(alice.publicKey) },
  });

  it("knows the thumbprint of RFC 8037 A.3", async () => {
    const published = fromBase64Url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo") ?? key(0);
    expect(await thumbprint(published)).toBe("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  });

  it.each(["EdDSA", "ES256"] as const)(
    "takes what the provider signed with %s, and nothing else",
    async algorithm => {
      const { issuer, sign } = await provider(algorithm);
      const token = await sign(await good());
      expect(await checkAttestation(token, claim, issuer, now)).toBe(true);
      expect(await checkAttestation(token, { ...claim, publicKey: key(9) }, issuer, now)).toBe(false);
      expect(await checkAttestation(token, { ...claim, sub: "bob" }, issuer, now)).toBe(false);
      expect(await checkAttestation(token, { ...claim, dev: "b" }, issuer, now)).toBe(false);
      expect(await checkAttestation(token, claim, issuer, now + 61_000)).toBe(false);
      expect(await checkAttestation(token, claim, { ...issuer, iss: "https://other.example" }, now)).toBe(
        false,
      );
      expect(await checkAttestation(token, claim, (await provider(algorithm)).issuer, now)).toBe(false);
      expect(await checkAttestation(otherwiseSigned(token), claim, issuer, now)).toBe(false);
      expect(await checkAttestation(`${token}.x`, claim, issuer, now)).toBe(false);
    },
  );

  it.each(["none", "HS256", "RS256"])("takes no token of algorithm %s", async alg => {
    const { issuer, sign } = await provider("EdDSA");
    expect(await checkAttestation(await sign(await good(), { alg, kid: "k1" }), claim, issuer, now)).toBe(
      false,
    );
  });

  it("makes the levels: as the server says, attested, compared by a person", async () => {
    const { issuer, sign } = await provider("EdDSA");
    const token = await sign(await good());
    const att = await tokenHash(token);
    const check = identityCheck(
      { issuer, tokens: [token], verified: [verifiedEntry("bob", "b", bob.publicKey)] },
      () => now,
    );
    expect(await check({ sub: "alice", dev: "a", att }, alice.publicKey)).toBe(1);
    expect(await check({ sub: "alice", dev: "a" }, alice.publicKey)).toBe(0);
    expect(await check({ sub: "mallory", dev: "a", att }, alice.publicKey)).toBe(0);
    expect(await check({ sub: "bob", dev: "b" }, bob.publicKey)).toBe(2);
    expect(await check({ sub: "bob", dev: "b" }, key(7))).toBe(0);
  });
});

describe("pictures", () => {
  it("are 64 different ones with 64 different names, six bits each", () => {
    const all = Uint8Array.from({ length: 48 }, (_, index) => {
      const [first, second] = [Math.floor((index * 8) / 6), Math.floor((index * 8) / 6) + 1];
      const shift = (index % 3) * 2;
      return ((first << (2 + shift)) | (second >> (4 - shift))) & 0xff;
    });
    const seen = pictures(all);
    expect(seen).toHaveLength(64);
    expect(new Set(seen.map(({ emoji }) => emoji)).size).toBe(64);
    expect(new Set(seen.map(({ name }) => name)).size).toBe(64);
    expect([seen[0], seen[63]]).toEqual([
      { emoji: "🐶", name: "dog" },
      { emoji: "📌", name: "pin" },
    ]);
  });
});
