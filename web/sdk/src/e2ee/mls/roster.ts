import type { RatchetTree } from "ts-mls";
import { type Bytes, equalBytes } from "../bytes.js";
import { decodeIdentity, type LeafIdentity, memberOf } from "../identity/leaf-identity.js";
import { maxLeaves } from "../sframe/kid.js";
import { MlsRefusal } from "./refusal.js";

/** A member as the tree has it, which is the only list of members that can be trusted. */
export interface RosterEntry {
  readonly leaf: number;
  readonly identity: LeafIdentity;
  readonly publicKey: Bytes;
}

export type Roster = ReadonlyMap<number, RosterEntry>;

/** Reads the leaves. Refuses identities nobody could check and a device that sits on two leaves. */
export function rosterOf(tree: RatchetTree): Roster {
  const roster = new Map<number, RosterEntry>();
  const members = new Set<string>();
  if (tree.length > 2 * maxLeaves - 1) throw new MlsRefusal("POLICY", "TOO_MANY_LEAVES");
  for (let index = 0; index < tree.length; index += 2) {
    const node = tree[index];
    if (node === undefined) continue;
    if (node.nodeType !== "leaf") throw new MlsRefusal("BAD_COMMIT", "TREE_SHAPE");
    const { credential, signaturePublicKey } = node.leaf;
    const identity = credential.credentialType === "basic" ? decodeIdentity(credential.identity) : undefined;
    if (identity === undefined) throw new MlsRefusal("POLICY", "IDENTITY_FORM");
    const member = memberOf(identity);
    if (members.has(member)) throw new MlsRefusal("POLICY", "MEMBER_TWICE");
    members.add(member);
    const leaf = index / 2;
    roster.set(leaf, { leaf, identity, publicKey: new Uint8Array(signaturePublicKey) });
  }
  return roster;
}

/** What a commit did to the tree. */
export interface RosterChange {
  readonly removed: readonly number[];
  /** The leaf that came in from outside; undefined for a member's commit. */
  readonly joined: number | undefined;
}

/** Members may be removed, and one may come in; everybody else stays who they are. */
export function checkSuccession(before: Roster, after: Roster, { removed, joined }: RosterChange): void {
  for (const [leaf, entry] of before) {
    const next = after.get(leaf);
    if (removed.includes(leaf)) {
      if (next !== undefined && leaf !== joined) throw new MlsRefusal("POLICY", "STILL_THERE");
      continue;
    }
    if (next === undefined) throw new MlsRefusal("POLICY", "MEMBER_LOST");
    if (memberOf(next.identity) !== memberOf(entry.identity) || next.identity.att !== entry.identity.att)
      throw new MlsRefusal("POLICY", "IDENTITY_CHANGED");
    if (!equalBytes(next.publicKey, entry.publicKey)) throw new MlsRefusal("POLICY", "KEY_CHANGED");
  }
  for (const leaf of after.keys()) {
    const isOld = before.has(leaf) && !removed.includes(leaf);
    if (!isOld && leaf !== joined) throw new MlsRefusal("POLICY", "UNANNOUNCED_MEMBER");
  }
  if (joined !== undefined && !after.has(joined)) throw new MlsRefusal("POLICY", "MEMBER_LOST");
}
