import type { GroupInfo, RatchetTree } from "ts-mls";
import { defaultClientConfig } from "ts-mls/clientConfig.js";
import { validateRatchetTree } from "ts-mls/clientState.js";
import { treeHashRoot } from "ts-mls/treeHash.js";
import { describe, expect, it } from "vitest";
import { deviceKeyOf, generateDeviceKey } from "../../src/e2ee/identity/device-key.js";
import { suiteFor } from "../../src/e2ee/mls/crypto-provider.js";
import { groupInfoOf } from "../../src/e2ee/mls/precheck.js";
import { MlsRefusal } from "../../src/e2ee/mls/refusal.js";
import { checkTree } from "../../src/e2ee/mls/tree-check.js";
import { seeded } from "./bytes.js";
import { groupId, TestGroup } from "./mls-group.js";

const { suite } = await suiteFor(deviceKeyOf(await generateDeviceKey()));
const authService = { validateCredential: async () => true };

/** What we say of a tree, and whether the library, which takes its time, would take it. */
async function judged(tree: RatchetTree, { groupContext: context }: GroupInfo, keepsHash = false) {
  const groupContext = keepsHash ? context : { ...context, treeHash: await treeHashRoot(tree, suite.hash) };
  const ours = await checkTree(tree, { groupContext, authService, suite }).then(
    () => "taken",
    error => (error instanceof MlsRefusal ? error.check : `threw ${error}`),
  );
  const { lifetimeConfig } = defaultClientConfig;
  const { treeHash } = groupContext;
  const theirs = await validateRatchetTree(tree, groupContext, lifetimeConfig, authService, treeHash, suite);
  return { ours, isTakenByLibrary: theirs === undefined };
}

/** A group of 11 with holes in it: two were removed, one came in anew, one of the former leaves is taken again. */
async function grown(): Promise<TestGroup> {
  const group = new TestGroup();
  await group.create();
  for (let index = 1; index < 11; index++) await group.join();
  const [first, second, , fourth, , sixth] = group.members;
  if (!first || !second || !fourth || !sixth) throw new Error("too few");
  await group.remove(first, [second, sixth]);
  await group.join();
  const { groupInfo, mlsEpoch } = group;
  await group.deliver(await fourth.engine.join({ groupId, groupInfo, mlsEpoch }), []);
  await group.rekey(first);
  return group;
}

const group = await grown();
const read = () => groupInfoOf(group.groupInfo, groupId, BigInt(group.mlsEpoch));

describe("the check of a tree one joins by", () => {
  it("takes every tree of random joins, removals, resyncs and rekeys, as the library does", {
    timeout: 30_000,
  }, async () => {
    const random = seeded(7);
    const churned = await grown();
    for (let round = 0; round < 15; round++) {
      const { members } = churned;
      const some = members[Math.floor(random() * members.length)];
      const other = members.find(member => member !== some);
      if (some === undefined || other === undefined) throw new Error("nobody is left");
      if (random() < 0.5) await churned.join();
      else if (random() < 0.6 && members.length > 4) await churned.remove(other, [some]);
      else await churned.rekey(some);
      const { groupInfo, tree } = groupInfoOf(churned.groupInfo, groupId, BigInt(churned.mlsEpoch));
      expect(await judged(tree, groupInfo, true), `round ${round}`).toEqual({
        ours: "taken",
        isTakenByLibrary: true,
      });
    }
  });

  const other = (bytes: Uint8Array) => bytes.map((byte, index) => (index === 3 ? byte ^ 1 : byte));
  const parents = (tree: RatchetTree) =>
    tree.flatMap((node, index) => (node?.nodeType === "parent" ? [index] : []));
  const leaves = (tree: RatchetTree) =>
    tree.flatMap((node, index) => (node?.nodeType === "leaf" ? [index] : []));

  it("refuses a tree whose hash is another", async () => {
    const { groupInfo, tree } = read();
    const changed = tree.slice();
    changed[leaves(tree)[2] ?? 0] = undefined;
    expect(await judged(changed, groupInfo, true)).toEqual({ ours: "TREE_HASH", isTakenByLibrary: false });
  });

  it("refuses each parent whose key nobody below it has made", async () => {
    const { groupInfo, tree } = read();
    for (const index of parents(tree)) {
      const node = tree[index];
      if (node?.nodeType !== "parent") continue;
      const changed = tree.slice();
      changed[index] = {
        nodeType: "parent",
        parent: { ...node.parent, hpkePublicKey: other(node.parent.hpkePublicKey) },
      };
      expect(await judged(changed, groupInfo)).toEqual({ ours: "PARENT_HASH", isTakenByLibrary: false });
    }
  });

  it("refuses each leaf whose signature is not its key's", async () => {
    const { groupInfo, tree } = read();
    for (const index of leaves(tree)) {
      const node = tree[index];
      if (node?.nodeType !== "leaf") continue;
      const changed = tree.slice();
      changed[index] = { nodeType: "leaf", leaf: { ...node.leaf, signature: other(node.leaf.signature) } };
      const { ours, isTakenByLibrary } = await judged(changed, groupInfo);
      expect(["LEAF_SIGNATURE", "PARENT_HASH"]).toContain(ours);
      expect(isTakenByLibrary).toBe(false);
    }
  });

  it("refuses a key that is there twice, and a leaf in a parent's place", async () => {
    const { groupInfo, tree } = read();
    const [first, second] = leaves(tree);
    const [parent] = parents(tree);
    if (first === undefined || second === undefined || parent === undefined) throw new Error("no tree");
    const twice = tree.slice();
    twice[second] = tree[first];
    expect(await judged(twice, groupInfo, true)).toEqual({ ours: "KEY_TWICE", isTakenByLibrary: false });
    const misplaced = tree.slice();
    misplaced[parent] = misplaced[first];
    misplaced[first] = undefined;
    expect(await judged(misplaced, groupInfo, true)).toEqual({ ours: "TREE_SHAPE", isTakenByLibrary: false });
  });
});
