import type {
  CiphersuiteImpl,
  ClientConfig,
  ClientState,
  GroupInfo,
  KeyPackage,
  PrivateKeyPackage,
  Proposal,
  PublicMessage,
  RatchetTree,
} from "ts-mls";
import { exportSecret, nextEpochContext } from "ts-mls/clientState.js";
import { createConfirmationTag, createContentCommitSignature } from "ts-mls/framedContent.js";
import { verifyGroupInfoSignature } from "ts-mls/groupInfo.js";
import { initializeEpoch } from "ts-mls/keySchedule.js";
import { protectPublicMessage } from "ts-mls/messageProtectionPublic.js";
import { getCommitSecret, pathToPathSecrets } from "ts-mls/pathSecrets.js";
import { toPrivateKeyPath, updateLeafKey } from "ts-mls/privateKeyPath.js";
import { addLeafNode, removeLeafNode } from "ts-mls/ratchetTree.js";
import { treeHashRoot } from "ts-mls/treeHash.js";
import { nodeToLeafIndex, toLeafIndex, toNodeIndex } from "ts-mls/treemath.js";
import { createUpdatePath } from "ts-mls/updatePath.js";
import { MlsRefusal } from "./refusal.js";
import { checkTree } from "./tree-check.js";

export interface ExternalCommitRequest {
  readonly groupInfo: GroupInfo;
  readonly tree: RatchetTree;
  readonly keyPackage: KeyPackage;
  readonly privateKeys: PrivateKeyPackage;
  /** This device's older leaf, which the commit takes out. */
  readonly older: number | undefined;
  readonly suite: CiphersuiteImpl;
  readonly config: ClientConfig;
}

/**
 * Enters a group from outside, RFC 9420 §12.4.3.2, out of the library's parts instead of by its one function: with our own check of the tree, and
 * without the secrets for messages inside the group, of which there are none here.
 */
export async function commitFromOutside(
  request: ExternalCommitRequest,
): Promise<{ readonly publicMessage: PublicMessage; readonly state: ClientState }> {
  const { groupInfo, tree, keyPackage, privateKeys, older, suite, config } = request;
  const { groupContext } = groupInfo;
  await checkTree(tree, { groupContext, authService: config.authService, suite });
  await checkSigner(groupInfo, tree, suite);

  const externalPub = groupInfo.extensions.find(({ extensionType }) => extensionType === "external_pub");
  if (externalPub === undefined) throw new MlsRefusal("BAD_COMMIT", "EXTERNAL_PUB");
  const { enc: kemOutput, secret: initSecret } = await exportSecret(externalPub.extensionData, suite);
  const without = older === undefined ? tree : removeLeafNode(tree, toLeafIndex(older));
  const [withLeaf, node] = addLeafNode(without, keyPackage.leafNode);
  const leaf = nodeToLeafIndex(node);
  const { signaturePrivateKey } = privateKeys;
  const [ratchetTree, path, pathSecrets, leafKey] = await createUpdatePath(
    withLeaf,
    leaf,
    groupContext,
    signaturePrivateKey,
    suite,
  );
  const privatePath = updateLeafKey(
    await toPrivateKeyPath(pathToPathSecrets(pathSecrets), leaf, suite),
    await suite.hpke.exportPrivateKey(leafKey),
  );
  // The list goes from the root downward, so the last one is nearest to the leaf.
  const lowest = pathSecrets.at(-1);
  const commitSecret =
    lowest === undefined
      ? new Uint8Array(suite.kdf.size)
      : await getCommitSecret(ratchetTree, toNodeIndex(lowest.nodeIndex), lowest.secret, suite.kdf);

  const proposals: Proposal[] = [{ proposalType: "external_init", externalInit: { kemOutput } }];
  if (older !== undefined) proposals.unshift({ proposalType: "remove", remove: { removed: older } });
  const commit = {
    proposals: proposals.map(proposal => ({ proposalOrRefType: "proposal" as const, proposal })),
    path,
  };
  const wireformat = "mls_public_message";
  const { framedContent, signature } = await createContentCommitSignature(
    groupContext,
    wireformat,
    commit,
    { senderType: "new_member_commit" },
    new Uint8Array(),
    signaturePrivateKey,
    suite.signature,
  );
  const next = await nextEpochContext(
    groupContext,
    wireformat,
    framedContent,
    signature,
    await treeHashRoot(ratchetTree, suite.hash),
    groupInfo.confirmationTag,
    suite.hash,
  );
  const noPsk = new Uint8Array(suite.kdf.size);
  const { keySchedule, encryptionSecret, joinerSecret } = await initializeEpoch(
    initSecret,
    commitSecret,
    next,
    noPsk,
    suite.kdf,
  );
  const { confirmationKey, membershipKey } = keySchedule;
  const confirmationTag = await createConfirmationTag(
    confirmationKey,
    next.confirmedTranscriptHash,
    suite.hash,
  );
  const publicMessage = await protectPublicMessage(
    membershipKey,
    next,
    { content: framedContent, auth: { signature, confirmationTag, contentType: "commit" }, wireformat },
    suite,
  );
  for (const secret of [initSecret, commitSecret, encryptionSecret, joinerSecret]) secret.fill(0);
  const state: ClientState = {
    groupContext: next,
    ratchetTree,
    privatePath,
    keySchedule,
    confirmationTag,
    signaturePrivateKey,
    secretTree: [],
    historicalReceiverData: new Map(),
    unappliedProposals: {},
    groupActiveState: { kind: "active" },
    clientConfig: config,
  };
  return { publicMessage, state };
}

/** Its leaf was checked with the tree. */
async function checkSigner(groupInfo: GroupInfo, tree: RatchetTree, suite: CiphersuiteImpl): Promise<void> {
  const signer = tree[groupInfo.signer * 2];
  if (signer?.nodeType !== "leaf") throw new MlsRefusal("BAD_COMMIT", "SIGNER");
  const { signaturePublicKey } = signer.leaf;
  if (!(await verifyGroupInfoSignature(groupInfo, signaturePublicKey, suite.signature)))
    throw new MlsRefusal("BAD_COMMIT", "GROUP_INFO_SIGNATURE");
}
