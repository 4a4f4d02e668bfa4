import { existsSync, readFileSync } from "node:fs";
import {
  acceptAll,
  type ClientState,
  decodeMlsMessage,
  joinGroup,
  type KeyPackage,
  makePskIndex,
  type PrivateKeyPackage,
  processMessage,
} from "ts-mls";
import { decodeRatchetTree } from "ts-mls/ratchetTree.js";
import { describe, expect, it } from "vitest";
import { deviceKeyOf, generateDeviceKey } from "../../src/e2ee/identity/device-key.js";
import { suiteFor } from "../../src/e2ee/mls/crypto-provider.js";
import { fromHex, toHex } from "./bytes.js";

/** The passive clients of RFC 9420's test vectors, in suite 1, through the provider that MlsEngine works with. */
const folder = process.env.CROSSPOINT_VECTORS ?? "/work/shared/vectors";
/** Takes part in one group over 200 epochs. */
const withLongOne = process.env.MLS_VECTORS === "all";

interface Vector {
  readonly cipher_suite: number;
  readonly external_psks: readonly { psk_id: string; psk: string }[];
  readonly key_package: string;
  readonly signature_priv: string;
  readonly encryption_priv: string;
  readonly init_priv: string;
  readonly welcome: string;
  readonly ratchet_tree: string | null;
  readonly initial_epoch_authenticator: string;
  readonly epochs: readonly { proposals: string[]; commit: string; epoch_authenticator: string }[];
}

function load(name: string): readonly Vector[] {
  const vectors = JSON.parse(readFileSync(`${folder}/mls/${name}.json`, "utf8")) as Vector[];
  return vectors.filter(vector => vector.cipher_suite === 1);
}

function message(hex: string) {
  const [decoded] = decodeMlsMessage(fromHex(hex), 0) ?? [];
  if (decoded === undefined) throw new Error("The message does not decode");
  return decoded;
}

const device = generateDeviceKey().then(deviceKeyOf).then(suiteFor);

async function follow(vector: Vector): Promise<void> {
  const { suite } = await device;
  const packaged = message(vector.key_package);
  const welcome = message(vector.welcome);
  if (packaged.wireformat !== "mls_key_package" || welcome.wireformat !== "mls_welcome")
    throw new Error("Not what the vector should have");
  const keyPackage: KeyPackage = packaged.keyPackage;
  const privateKeys: PrivateKeyPackage = {
    initPrivateKey: fromHex(vector.init_priv),
    hpkePrivateKey: fromHex(vector.encryption_priv),
    signaturePrivateKey: fromHex(vector.signature_priv),
  };
  const psks = Object.fromEntries(
    vector.external_psks.map(({ psk_id, psk }) => [
      Buffer.from(psk_id, "hex").toString("base64"),
      fromHex(psk),
    ]),
  );
  const tree =
    vector.ratchet_tree === null ? undefined : decodeRatchetTree(fromHex(vector.ratchet_tree), 0)?.[0];
  const psk = (state: ClientState | undefined) => makePskIndex(state, psks);
  let state = await joinGroup(welcome.welcome, keyPackage, privateKeys, psk(undefined), suite, tree);
  expect(toHex(state.keySchedule.epochAuthenticator)).toBe(vector.initial_epoch_authenticator);
  for (const epoch of vector.epochs) {
    for (const hex of [...epoch.proposals, epoch.commit]) {
      const next = message(hex);
      if (next.wireformat !== "mls_public_message" && next.wireformat !== "mls_private_message")
        throw new Error("Not what the vector should have");
      state = (await processMessage(next, state, psk(state), acceptAll, suite)).newState;
    }
    expect(toHex(state.keySchedule.epochAuthenticator)).toBe(epoch.epoch_authenticator);
  }
}

describe.skipIf(!existsSync(`${folder}/mls`))("MLS vectors of the working group, suite 1", () => {
  it.each([
    ["passive-client-welcome", 8],
    ["passive-client-handling-commit", 13],
  ])(
    "%s: all %i",
    async (name, count) => {
      const vectors = load(name);
      expect(vectors).toHaveLength(count);
      for (const vector of vectors) await follow(vector);
    },
    60_000,
  );

  it.skipIf(!withLongOne)(
    "passive-client-random: 200 epochs",
    async () => {
      for (const vector of load("passive-client-random")) await follow(vector);
    },
    180_000,
  );
});
