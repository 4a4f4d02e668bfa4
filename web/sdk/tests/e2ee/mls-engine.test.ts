import { decodeMlsMessage, encodeMlsMessage, type MLSMessage, type Proposal } from "ts-mls";
import { describe, expect, it } from "vitest";
import type { Bytes } from "../../src/e2ee/bytes.js";
import { groupInfoOf, planOf } from "../../src/e2ee/mls/precheck.js";
import { MlsRefusal } from "../../src/e2ee/mls/refusal.js";
import { fromHex, seeded } from "./bytes.js";
import { churn } from "./churn.js";
import { groupId, openEngine, TestGroup } from "./mls-group.js";

/** CHURN_SEEDS and CHURN_ROUNDS make it longer: `npm run test:churn -w web/sdk` is 10 seeds of 200 rounds. */
const seeds = Number(process.env.CHURN_SEEDS ?? 3);
const rounds = Number(process.env.CHURN_ROUNDS ?? 30);

async function refusal(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    if (error instanceof MlsRefusal) return `${error.code} ${error.check}`;
    throw error;
  }
  return "accepted";
}

function refusalOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof MlsRefusal) return `${error.code} ${error.check}`;
    throw error;
  }
  return "accepted";
}

async function groupOf(size: number): Promise<TestGroup> {
  const group = new TestGroup();
  await group.create();
  for (let index = 1; index < size; index++) await group.join();
  return group;
}

function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new Error(`nothing at ${index}`);
  return value;
}

describe("a group through MlsEngine", () => {
  it.each(Array.from({ length: seeds }, (_, index) => 1_000 + index))(
    "agrees over random joins, resyncs, removals and rekeys, seed %i",
    async seed => {
      expect(await churn(seed, rounds)).toBe(rounds);
    },
    1_000 * rounds + 20_000,
  );

  it("removes with a path, and the removed member follows no further", async () => {
    const group = await groupOf(3);
    const [alice, , carol] = group.members;
    if (alice === undefined || carol === undefined) throw new Error("three were in");
    const oldKey = carol.epoch?.baseKey;
    const removed = group.leafOf(carol);
    const { commit, tag } = await group.remove(alice, [carol]);
    const [message] = decodeMlsMessage(commit as Bytes, 0) ?? [];
    if (message?.wireformat !== "mls_public_message") throw new Error("not a public message");
    const { content } = message.publicMessage;
    expect(content.contentType === "commit" && content.commit.path !== undefined).toBe(true);
    expect(await refusal(carol.engine.process({ commit, tag, removes: [removed] }))).toBe(
      "STATE_LOST REMOVED",
    );
    expect(alice.epoch?.baseKey).not.toEqual(oldKey);
    await group.rekey(alice);
    expect(group.disagreement()).toBeUndefined();
    expect(carol.epoch?.baseKey).toEqual(oldKey);
    expect(carol.engine.mlsEpoch).toBe(2);
  });

  it("applies its own commit only when it comes back, and another's when that was first", async () => {
    const group = await groupOf(2);
    const [alice, bob] = [at(group.members, 0), at(group.members, 1)];
    const lost = await alice.engine.commit([]);
    expect(alice.engine.mlsEpoch).toBe(1);
    await group.deliver(await bob.engine.commit([]), []);
    expect(group.disagreement()).toBeUndefined();
    expect(await refusal(bob.engine.process({ ...lost, removes: [] }))).toBe("BAD_COMMIT EPOCH");
    await group.rekey(alice);
    expect(group.disagreement()).toBeUndefined();
  });

  it("takes a joiner's second try after somebody else was first", async () => {
    const group = await groupOf(2);
    const joiner = await group.newMember();
    const { groupInfo, mlsEpoch } = group;
    await joiner.engine.join({ groupId, groupInfo, mlsEpoch });
    await group.rekey(at(group.members, 0));
    await group.join(joiner);
    expect(group.disagreement()).toBeUndefined();
  });
});

describe("what MlsEngine refuses, staying where it was", () => {
  it("removals that nobody announced", async () => {
    const group = await groupOf(3);
    const [alice, bob, carol] = group.members;
    if (alice === undefined || bob === undefined || carol === undefined) throw new Error("three were in");
    const prepared = await alice.engine.commit([group.leafOf(carol)]);
    expect(await refusal(bob.engine.process({ ...prepared, removes: [] }))).toBe(
      "POLICY UNANNOUNCED_REMOVAL",
    );
    expect(await refusal(carol.engine.process({ ...prepared, removes: [] }))).toBe(
      "POLICY UNANNOUNCED_REMOVAL",
    );
    await group.rekey(bob);
    expect(group.disagreement()).toBeUndefined();
  });

  it("tags that are not the group's", async () => {
    const group = await groupOf(2);
    const prepared = await at(group.members, 0).engine.commit([]);
    const forged = { ...prepared, tag: new Uint8Array(16), removes: [] };
    expect(await refusal(at(group.members, 1).engine.process(forged))).toBe("TAG_MISMATCH TAG");
    await group.deliver(prepared, []);
    expect(group.disagreement()).toBeUndefined();
  });

  it("commits that were changed in any byte", async () => {
    const group = await groupOf(3);
    const { commit, tag } = await at(group.members, 0).engine.commit([]);
    if (commit === undefined) throw new Error("no commit");
    const bob = at(group.members, 1).engine;
    const random = seeded(41);
    for (let round = 0; round < 60; round++) {
      const bent = commit.slice();
      const where = Math.floor(random() * bent.length);
      bent[where] = (bent[where] ?? 0) ^ (1 << Math.floor(random() * 8));
      expect(await refusal(bob.process({ commit: bent, tag, removes: [] })), `byte ${where}`).not.toBe(
        "accepted",
      );
    }
    for (const length of [0, 1, 5, 40, commit.length - 1])
      expect(await refusal(bob.process({ commit: commit.slice(0, length), tag, removes: [] }))).toBe(
        "BAD_COMMIT FORM",
      );
    expect(bob.mlsEpoch).toBe(2);
  });

  it("a device on two leaves, by joining as somebody who is there", async () => {
    const group = await groupOf(2);
    const impostor = await openEngine("u-d0", "d0");
    const { groupInfo, mlsEpoch } = group;
    const prepared = await impostor.join({ groupId, groupInfo, mlsEpoch });
    // It takes the older leaf's place; the device whose place it was finds out.
    expect(await refusal(at(group.members, 0).engine.process({ ...prepared, removes: [] }))).toBe(
      "STATE_LOST REMOVED",
    );
    const adopted = await at(group.members, 1).engine.process({ ...prepared, removes: [] });
    expect(adopted.roster.size).toBe(2);
  });

  it("an old group: what it is handed must be the epoch that was announced", async () => {
    const group = await groupOf(2);
    const { groupInfo } = group;
    await group.rekey(at(group.members, 0));
    const joiner = await openEngine("u-x", "x");
    expect(await refusal(joiner.join({ groupId, groupInfo, mlsEpoch: group.mlsEpoch }))).toBe(
      "BAD_COMMIT EPOCH",
    );
    const other = new Uint8Array(4);
    expect(await refusal(joiner.join({ groupId: other, groupInfo, mlsEpoch: undefined }))).toBe(
      "BAD_COMMIT GROUP",
    );
  });

  it("identities below the room's level", async () => {
    const group = await groupOf(1);
    const { deviceKeyOf, generateDeviceKey } = await import("../../src/e2ee/identity/device-key.js");
    const { TsMlsEngine } = await import("../../src/e2ee/mls/ts-mls-engine.js");
    const strict = await TsMlsEngine.open({
      identity: { sub: "u-s", dev: "s" },
      device: deviceKeyOf(await generateDeviceKey()),
      minIdentity: () => 1,
      identityLevel: async () => 0,
    });
    const { groupInfo, mlsEpoch } = group;
    expect(await refusal(strict.join({ groupId, groupInfo, mlsEpoch }))).toBe("POLICY CREDENTIAL");
  });
});

describe("what is refused before the library sees it", () => {
  async function plan(change: (message: CommitMessage) => void): Promise<string> {
    const group = await groupOf(3);
    const { commit } = await at(group.members, 0).engine.commit([2]);
    return refusalOf(() => planOf(changed(commit, change), { groupId, mlsEpoch: 2n, tree: treeOf(group) }));
  }

  interface CommitMessage {
    sender: { senderType: string; leafIndex?: number };
    commit: { proposals: { proposalOrRefType: string; proposal?: Proposal }[]; path: unknown };
  }

  function changed(commit: Bytes | undefined, change: (message: CommitMessage) => void): Bytes {
    const [message] = decodeMlsMessage(commit ?? new Uint8Array(), 0) ?? [];
    if (message?.wireformat !== "mls_public_message") throw new Error("not a public message");
    change(message.publicMessage.content as unknown as CommitMessage);
    return new Uint8Array(encodeMlsMessage(message as MLSMessage));
  }

  function treeOf(group: TestGroup) {
    return groupInfoOf(group.groupInfo, groupId, undefined).tree;
  }

  const byValue = (proposal: Proposal) => ({ proposalOrRefType: "proposal", proposal });
  const remove = (removed: number) => byValue({ proposalType: "remove", remove: { removed } });
  const external = byValue({
    proposalType: "external_init",
    externalInit: { kemOutput: new Uint8Array(32) },
  });

  it.each<[string, string, (message: CommitMessage) => void]>([
    ["nothing wrong", "accepted", () => undefined],
    ["no path", "BAD_COMMIT NO_PATH", ({ commit }) => (commit.path = undefined)],
    ["a leaf that is not there", "BAD_COMMIT REMOVE_LEAF", ({ commit }) => (commit.proposals = [remove(3)])],
    [
      "a leaf far outside",
      "BAD_COMMIT REMOVE_LEAF",
      ({ commit }) => (commit.proposals = [remove(4_294_967_295)]),
    ],
    ["a leaf twice", "BAD_COMMIT REMOVE_TWICE", ({ commit }) => (commit.proposals = [remove(2), remove(2)])],
    ["its own leaf", "BAD_COMMIT REMOVES_ITSELF", ({ commit }) => (commit.proposals = [remove(0)])],
    ["a member's external_init", "BAD_COMMIT PROPOSAL_KIND", ({ commit }) => commit.proposals.push(external)],
    [
      "only group context extensions",
      "BAD_COMMIT PROPOSAL_KIND",
      ({ commit }) =>
        (commit.proposals = [
          byValue({ proposalType: "group_context_extensions", groupContextExtensions: { extensions: [] } }),
        ]),
    ],
    [
      "too many proposals",
      "BAD_COMMIT PROPOSALS",
      ({ commit }) => (commit.proposals = Array(65).fill(remove(2))),
    ],
    ["a sender that is not there", "BAD_COMMIT SENDER", ({ sender }) => (sender.leafIndex = 900)],
  ])("%s: %s", async (_, expected, change) => {
    expect(await plan(change)).toBe(expected);
  });

  it("external commits with a leaf that is not there, or two removals, or no external_init", async () => {
    const group = await groupOf(3);
    const joiner = await openEngine("u-x", "x");
    const { commit } = await joiner.join({ groupId, groupInfo: group.groupInfo, mlsEpoch: 2 });
    const facts = { groupId, mlsEpoch: 2n, tree: treeOf(group) };
    const outcome = (proposals: CommitMessage["commit"]["proposals"]) =>
      refusalOf(() =>
        planOf(
          changed(commit, message => (message.commit.proposals = proposals)),
          facts,
        ),
      );
    expect(outcome([external])).toBe("accepted");
    for (const leaf of [3, 9_999, 4_294_967_295])
      expect(outcome([external, remove(leaf)])).toBe("BAD_COMMIT REMOVE_LEAF");
    expect(outcome([external, remove(1), remove(2)])).toBe("BAD_COMMIT REMOVE_TWICE");
    expect(outcome([remove(1)])).toBe("BAD_COMMIT PROPOSAL_KIND");
    expect(outcome([external, external])).toBe("BAD_COMMIT PROPOSAL_KIND");
  });

  it("anything that is no message, of any length", () => {
    const random = seeded(9_420);
    const facts = { groupId, mlsEpoch: 0n, tree: [] };
    for (let round = 0; round < 3_000; round++) {
      const bytes = Uint8Array.from({ length: Math.floor(random() * 120) }, () => Math.floor(random() * 256));
      const framed = round % 2 === 0 ? bytes : new Uint8Array([0, 1, 0, 1, ...bytes]);
      expect(refusalOf(() => planOf(framed, facts))).toMatch(/^BAD_COMMIT/);
      expect(refusalOf(() => groupInfoOf(framed, groupId, undefined))).toMatch(/^BAD_COMMIT/);
    }
    expect(refusalOf(() => planOf(fromHex("00".repeat(70_000)), facts))).toBe("BAD_COMMIT SIZE");
  });
});
