import type { AuthenticationService, CiphersuiteImpl, GroupContext, LeafNode, RatchetTree } from "ts-mls";
import { extensionsSupportedByCapabilities } from "ts-mls/extension.js";
import { verifyLeafNodeSignature, verifyLeafNodeSignatureKeyPackage } from "ts-mls/leafNode.js";
import { encodeParentHashInput } from "ts-mls/parentHash.js";
import { encodeTreeHashInput } from "ts-mls/treeHash.js";
import { isLeaf, left, nodeToLeafIndex, right, rootFromNodeWidth, toNodeIndex } from "ts-mls/treemath.js";
import { equalBytes, toBase64Url } from "../bytes.js";
import { MlsRefusal } from "./refusal.js";

const bad = (check: string) => new MlsRefusal("BAD_COMMIT", check);
type NodeIndex = ReturnType<typeof toNodeIndex>;
type Tree = RatchetTree;

export interface TreeContext {
  readonly groupContext: GroupContext;
  readonly authService: AuthenticationService;
  readonly suite: CiphersuiteImpl;
}

/**
 * What RFC 9420 §12.4.3.1 asks of a tree before one joins by it. The library does the same, but hashes every subtree anew for each node above it:
 * most of a third of a second at 200 leaves, which everybody who joins after would wait for. Here each is hashed once.
 * Trees with unmerged leaves were refused before; that is what makes the parent hashes so simple.
 */
export async function checkTree(tree: Tree, context: TreeContext): Promise<void> {
  checkKeys(tree);
  const leaves = Promise.all(
    tree.map((node, index) =>
      node?.nodeType === "leaf"
        ? checkLeaf(node.leaf, nodeToLeafIndex(toNodeIndex(index)), context)
        : undefined,
    ),
  );
  leaves.catch(() => undefined); // it is heard below, unless the hashes are wrong as well
  const hashes: Uint8Array[] = new Array(tree.length);
  const root = rootFromNodeWidth(tree.length);
  if (!equalBytes(await hashInto(hashes, tree, root, context.suite), context.groupContext.treeHash))
    throw bad("TREE_HASH");
  await checkParentHashes(tree, hashes, context.suite);
  await leaves;
}

/** No key twice, leaves where leaves belong. */
function checkKeys(tree: Tree): void {
  const keys = new Set<string>();
  const add = (key: Uint8Array) => {
    const text = toBase64Url(key);
    if (keys.has(text)) throw bad("KEY_TWICE");
    keys.add(text);
  };
  for (const [index, node] of tree.entries()) {
    if (node === undefined) continue;
    if (isLeaf(toNodeIndex(index)) !== (node.nodeType === "leaf")) throw bad("TREE_SHAPE");
    if (node.nodeType === "leaf") {
      add(node.leaf.hpkePublicKey);
      add(node.leaf.signaturePublicKey);
    } else {
      add(node.parent.hpkePublicKey);
    }
  }
}

async function checkLeaf(leaf: LeafNode, index: number, { groupContext, authService, suite }: TreeContext) {
  const { credentials } = leaf.capabilities;
  if (!credentials.includes("basic")) throw bad("CAPABILITIES"); // nobody has another kind: the roster refuses it
  if (!extensionsSupportedByCapabilities(leaf.extensions, leaf.capabilities)) throw bad("CAPABILITIES");
  const isSigned =
    leaf.leafNodeSource === "key_package"
      ? verifyLeafNodeSignatureKeyPackage(leaf, suite.signature)
      : verifyLeafNodeSignature(leaf, groupContext.groupId, index, suite.signature);
  if (!(await isSigned)) throw bad("LEAF_SIGNATURE");
  if (!(await authService.validateCredential(leaf.credential, leaf.signaturePublicKey)))
    throw new MlsRefusal("POLICY", "CREDENTIAL");
}

/** RFC 9420 §7.8, each node once. */
async function hashInto(
  hashes: Uint8Array[],
  tree: Tree,
  index: NodeIndex,
  suite: CiphersuiteImpl,
): Promise<Uint8Array> {
  const node = tree[index];
  const leafNode = node?.nodeType === "leaf" ? node.leaf : undefined;
  const parentNode = node?.nodeType === "parent" ? node.parent : undefined;
  const input = isLeaf(index)
    ? encodeTreeHashInput({ nodeType: "leaf", leafIndex: nodeToLeafIndex(index), leafNode })
    : encodeTreeHashInput({
        nodeType: "parent",
        parentNode,
        leftHash: await hashInto(hashes, tree, left(index), suite),
        rightHash: await hashInto(hashes, tree, right(index), suite),
      });
  const hash = await suite.hash.digest(input);
  hashes[index] = hash;
  return hash;
}

/** RFC 9420 §7.9.2: every parent was made by somebody below it, who signed for it. */
async function checkParentHashes(tree: Tree, hashes: readonly Uint8Array[], suite: CiphersuiteImpl) {
  for (const [place, node] of tree.entries()) {
    if (node?.nodeType !== "parent") continue;
    const index = toNodeIndex(place);
    const { hpkePublicKey: encryptionKey, parentHash } = node.parent;
    const isMadeBelow = async (child: NodeIndex, sibling: NodeIndex) => {
      const claimed = claimOf(tree, soleOccupant(tree, child));
      const originalSiblingTreeHash = hashes[sibling] ?? new Uint8Array();
      if (claimed === undefined) return false;
      const input = encodeParentHashInput({ encryptionKey, parentHash, originalSiblingTreeHash });
      return equalBytes(claimed, await suite.hash.digest(input));
    };
    const [l, r] = [left(index), right(index)];
    if (!(await isMadeBelow(l, r)) && !(await isMadeBelow(r, l))) throw bad("PARENT_HASH");
  }
}

/** The one node that a subtree's resolution consists of; undefined when there is none, or several. */
function soleOccupant(tree: Tree, index: NodeIndex): NodeIndex | undefined {
  const resolution = occupants(tree, index);
  return resolution.length === 1 ? resolution[0] : undefined;
}

function occupants(tree: Tree, index: NodeIndex): NodeIndex[] {
  if (tree[index] !== undefined) return [index];
  return isLeaf(index) ? [] : [...occupants(tree, left(index)), ...occupants(tree, right(index))];
}

function claimOf(tree: Tree, index: NodeIndex | undefined): Uint8Array | undefined {
  const node = index === undefined ? undefined : tree[index];
  if (node?.nodeType === "parent") return node.parent.parentHash;
  return node?.leaf.leafNodeSource === "commit" ? node.leaf.parentHash : undefined;
}
