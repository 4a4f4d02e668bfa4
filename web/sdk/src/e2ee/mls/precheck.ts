import {
  decodeMlsMessage,
  type GroupInfo,
  type Proposal,
  type PublicMessage,
  type RatchetTree,
  type UpdatePath,
} from "ts-mls";
import { ratchetTreeFromExtension } from "ts-mls/groupInfo.js";
import { equalBytes } from "../bytes.js";
import { maxLeaves } from "../sframe/kid.js";
import { suiteName } from "./crypto-provider.js";
import { MlsRefusal } from "./refusal.js";

/** The sizes the server takes, too. */
export const maxCommitBytes = 64 * 1024;
export const maxGroupInfoBytes = 256 * 1024;
/** Proposals of one commit. */
export const maxProposals = 64;

/** What a commit is about to do, known before any of it is done. */
export interface CommitPlan {
  readonly message: PublicMessage;
  /** Undefined for an external commit. */
  readonly committer: number | undefined;
  readonly removes: readonly number[];
}

/** What a commit has to fit to. */
export interface GroupFacts {
  readonly groupId: Uint8Array;
  readonly mlsEpoch: bigint;
  readonly tree: RatchetTree;
}

const bad = (check: string, cause?: unknown) => new MlsRefusal("BAD_COMMIT", check, cause);

function decodeWhole(bytes: Uint8Array, maxBytes: number) {
  if (bytes.length > maxBytes) throw bad("SIZE");
  const [message, read] = attempt(() => decodeMlsMessage(bytes, 0)) ?? [];
  if (message === undefined || read !== bytes.length || message.version !== "mls10") throw bad("FORM");
  return message;
}

/** A decoder that throws read something that is not there. */
function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}

/**
 * Reads a commit and refuses what this room never does, before the library looks at it: other kinds of message or proposal,
 * proposals by reference, leaves that are not there, commits without a path.
 */
export function planOf(bytes: Uint8Array, group: GroupFacts): CommitPlan {
  const decoded = decodeWhole(bytes, maxCommitBytes);
  if (decoded.wireformat !== "mls_public_message") throw bad("WIRE_FORMAT");
  const message = decoded.publicMessage;
  const { content } = message;
  if (content.contentType !== "commit") throw bad("CONTENT_TYPE");
  if (!equalBytes(content.groupId, group.groupId)) throw bad("GROUP");
  if (content.epoch !== group.mlsEpoch) throw bad("EPOCH");
  const { path, proposals } = content.commit;
  if (path === undefined) throw bad("NO_PATH");
  if (proposals.length > maxProposals) throw bad("PROPOSALS");
  const byValue = proposals.map(proposal => {
    if (proposal.proposalOrRefType !== "proposal") throw bad("BY_REFERENCE");
    return proposal.proposal;
  });
  const removes = removesOf(byValue, group.tree);
  const { sender } = content;
  checkPath(path, group.tree);
  if (sender.senderType === "member") {
    checkMember(sender.leafIndex, byValue, removes, group.tree);
    return { message, committer: sender.leafIndex, removes };
  }
  if (sender.senderType !== "new_member_commit") throw bad("SENDER");
  checkExternal(byValue, removes);
  return { message, committer: undefined, removes };
}

function isOccupied(tree: RatchetTree, leaf: number): boolean {
  return Number.isInteger(leaf) && leaf >= 0 && leaf < maxLeaves && tree[leaf * 2]?.nodeType === "leaf";
}

function removesOf(proposals: readonly Proposal[], tree: RatchetTree): number[] {
  const removes: number[] = [];
  for (const proposal of proposals) {
    if (proposal.proposalType !== "remove") continue;
    const { removed } = proposal.remove;
    if (!isOccupied(tree, removed)) throw bad("REMOVE_LEAF");
    if (removes.includes(removed)) throw bad("REMOVE_TWICE");
    removes.push(removed);
  }
  return removes;
}

function checkMember(
  committer: number,
  proposals: readonly Proposal[],
  removes: readonly number[],
  tree: RatchetTree,
): void {
  if (!isOccupied(tree, committer)) throw bad("SENDER");
  if (proposals.length !== removes.length) throw bad("PROPOSAL_KIND");
  if (removes.includes(committer)) throw bad("REMOVES_ITSELF");
}

function checkExternal(proposals: readonly Proposal[], removes: readonly number[]): void {
  const inits = proposals.filter(proposal => proposal.proposalType === "external_init").length;
  if (inits !== 1 || proposals.length !== 1 + removes.length) throw bad("PROPOSAL_KIND");
  if (removes.length > 1) throw bad("REMOVE_TWICE");
}

/** A path has no more nodes than the tree may have levels, and a node no more secrets than there may be leaves. */
function checkPath({ nodes }: UpdatePath, tree: RatchetTree): void {
  const levels = Math.ceil(Math.log2(tree.length + 2)) + 1;
  if (nodes.length > levels) throw bad("PATH");
  if (nodes.some(node => node.encryptedPathSecret.length > maxLeaves)) throw bad("PATH");
}

/** Reads the group a joiner is to enter, and refuses what cannot be one of ours. */
export function groupInfoOf(
  bytes: Uint8Array,
  groupId: Uint8Array,
  mlsEpoch: bigint | undefined,
): { readonly groupInfo: GroupInfo; readonly tree: RatchetTree } {
  const decoded = decodeWhole(bytes, maxGroupInfoBytes);
  if (decoded.wireformat !== "mls_group_info") throw bad("WIRE_FORMAT");
  const { groupInfo } = decoded;
  const { groupContext, extensions } = groupInfo;
  if (groupContext.version !== "mls10" || groupContext.cipherSuite !== suiteName) throw bad("SUITE");
  if (!equalBytes(groupContext.groupId, groupId)) throw bad("GROUP");
  if (mlsEpoch !== undefined && groupContext.epoch !== mlsEpoch) throw bad("EPOCH");
  if (groupContext.extensions.length > 0) throw bad("EXTENSIONS");
  const externalPub = extensions.find(extension => extension.extensionType === "external_pub");
  if (externalPub?.extensionData.length !== 32) throw bad("EXTERNAL_PUB");
  const tree = attempt(() => ratchetTreeFromExtension(groupInfo));
  if (tree === undefined) throw bad("TREE");
  checkTree(tree);
  if (!isOccupied(tree, groupInfo.signer)) throw bad("SIGNER");
  return { groupInfo, tree };
}

/** Everybody came in by an external commit, so no parent has leaves that do not know its key. Such trees are also the ones the library misjudges. */
function checkTree(tree: RatchetTree): void {
  if (tree.length > 2 * maxLeaves - 1) throw new MlsRefusal("POLICY", "TOO_MANY_LEAVES");
  for (const node of tree)
    if (node?.nodeType === "parent" && node.parent.unmergedLeaves.length > 0) throw bad("UNMERGED_LEAVES");
}
