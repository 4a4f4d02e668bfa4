import {
  type Capabilities,
  type ClientConfig,
  type ClientState,
  type Credential,
  createCommit,
  createGroup,
  createGroupInfoWithExternalPubAndRatchetTree,
  defaultLifetime,
  emptyPskIndex,
  encodeMlsMessage,
  generateKeyPackageWithKey,
  type KeyPackage,
  type LeafNode,
  mlsExporter,
  processPublicMessage,
} from "ts-mls";
import { defaultClientConfig } from "ts-mls/clientConfig.js";
import { type Bytes, equalBytes } from "../bytes.js";
import type { DeviceKey } from "../identity/device-key.js";
import {
  decodeIdentity,
  encodeIdentity,
  type IdentityCheck,
  type IdentityLevel,
  type LeafIdentity,
  memberOf,
} from "../identity/leaf-identity.js";
import { type DeviceSuite, suiteFor, suiteName } from "./crypto-provider.js";
import type { AdoptedEpoch, AnnouncedCommit, JoinRequest, MlsEngine, PreparedCommit } from "./engine.js";
import { commitFromOutside } from "./external-commit.js";
import { type CommitPlan, groupInfoOf, planOf } from "./precheck.js";
import { MlsRefusal } from "./refusal.js";
import { checkSuccession, type Roster, rosterOf } from "./roster.js";

export interface EngineOptions {
  readonly identity: LeafIdentity;
  readonly device: DeviceKey;
  /** The room's; known only once it is joined. */
  readonly minIdentity: () => IdentityLevel;
  readonly identityLevel: IdentityCheck;
}

interface Pending extends PreparedCommit {
  readonly state: ClientState;
  readonly consumed: readonly Uint8Array[];
}

const capabilities: Capabilities = {
  versions: ["mls10"],
  ciphersuites: [suiteName],
  extensions: [],
  proposals: [],
  credentials: ["basic"],
};

/** {@link MlsEngine} on ts-mls: immutable states, so that a commit is tried on a copy, checked, and only then adopted. */
export class TsMlsEngine implements MlsEngine {
  // given
  readonly #options: EngineOptions;
  readonly #suite: DeviceSuite;
  // made
  readonly #config: ClientConfig;
  // state
  #state: ClientState | undefined;
  #roster: Roster | undefined;
  #pending: Pending | undefined;

  private constructor(options: EngineOptions, suite: DeviceSuite) {
    this.#options = options;
    this.#suite = suite;
    this.#config = {
      ...defaultClientConfig,
      // Nothing is sent under MLS itself: secrets of past epochs are of no use to us, only to a thief.
      keyRetentionConfig: {
        retainKeysForGenerations: 0,
        retainKeysForEpochs: 0,
        maximumForwardRatchetSteps: 0,
      },
      keyPackageEqualityConfig: { compareKeyPackages: () => false, compareKeyPackageToLeafNode: sameMember },
      authService: { validateCredential: (credential, key) => this.#isWelcome(credential, key) },
    };
  }

  static async open(options: EngineOptions): Promise<TsMlsEngine> {
    return new TsMlsEngine(options, await suiteFor(options.device));
  }

  get mlsEpoch(): number | undefined {
    return this.#state === undefined ? undefined : Number(this.#state.groupContext.epoch);
  }

  get roster(): Roster | undefined {
    return this.#roster;
  }

  async create(groupId: Bytes): Promise<PreparedCommit> {
    const { publicPackage, privatePackage } = await this.#keyPackage();
    const { suite } = this.#suite;
    const state = await createGroup(groupId, publicPackage, privatePackage, [], suite, this.#config);
    return await this.#prepare(undefined, state, []);
  }

  async join({ groupId, groupInfo: bytes, mlsEpoch }: JoinRequest): Promise<PreparedCommit> {
    const { groupInfo, tree } = groupInfoOf(
      bytes,
      groupId,
      mlsEpoch === undefined ? undefined : BigInt(mlsEpoch),
    );
    const before = rosterOf(tree);
    const own = memberOf(this.#options.identity);
    const older = [...before.values()].find(({ identity }) => memberOf(identity) === own)?.leaf;
    const { publicPackage, privatePackage } = await this.#keyPackage();
    const { publicMessage, state } = await refusing("GROUP_INFO", () =>
      commitFromOutside({
        groupInfo,
        tree,
        keyPackage: publicPackage,
        privateKeys: privatePackage,
        older,
        suite: this.#suite.suite,
        config: this.#config,
      }),
    );
    checkSuccession(before, rosterOf(state.ratchetTree), {
      removed: older === undefined ? [] : [older],
      joined: state.privatePath.leafIndex,
    });
    const commit = encode({ version: "mls10", wireformat: "mls_public_message", publicMessage });
    return await this.#prepare(commit, state, []);
  }

  async commit(removes: readonly number[]): Promise<PreparedCommit> {
    const state = this.#mustBeIn();
    const extraProposals = removes.map(removed => ({ proposalType: "remove" as const, remove: { removed } }));
    const { commit, newState, consumed } = await refusing("OWN_COMMIT", () =>
      createCommit(
        { state, cipherSuite: this.#suite.suite, pskIndex: emptyPskIndex },
        { wireAsPublicMessage: true, extraProposals },
      ),
    );
    const bytes = encode(commit);
    planOf(bytes, factsOf(state)); // what we would refuse from others we do not send, a removal without a path above all
    return await this.#prepare(bytes, newState, consumed);
  }

  async process({ commit, tag, removes }: AnnouncedCommit): Promise<AdoptedEpoch> {
    const pending = this.#pending;
    if (pending !== undefined && isOwn(pending, commit, tag))
      return await this.#adopt(pending.state, pending.consumed, tag);
    const state = this.#mustBeIn();
    if (commit === undefined) throw new MlsRefusal("BAD_COMMIT", "NO_COMMIT");
    const plan = planOf(commit, factsOf(state));
    if (plan.committer !== undefined && plan.removes.some(leaf => !removes.includes(leaf)))
      throw new MlsRefusal("POLICY", "UNANNOUNCED_REMOVAL");
    if (plan.removes.includes(state.privatePath.leafIndex)) throw new MlsRefusal("STATE_LOST", "REMOVED");
    const { newState, actionTaken, consumed } = await refusing("PROCESS", () =>
      processPublicMessage(state, plan.message, emptyPskIndex, this.#suite.suite, ({ kind }) =>
        kind === "commit" ? "accept" : "reject",
      ),
    );
    if (actionTaken !== "accept" || newState.groupActiveState.kind !== "active")
      throw new MlsRefusal("STATE_LOST", "REMOVED");
    this.#checkMembers(plan, rosterOf(newState.ratchetTree));
    return await this.#adopt(newState, consumed, tag);
  }

  leave(): void {
    this.#state = undefined;
    this.#roster = undefined;
    this.#pending = undefined;
  }

  #checkMembers({ committer, removes }: CommitPlan, after: Roster): void {
    const before = this.#roster ?? new Map();
    if (committer !== undefined) {
      checkSuccession(before, after, { removed: removes, joined: undefined });
      return;
    }
    const joined = [...after.keys()].find(leaf => !before.has(leaf) || removes.includes(leaf));
    checkSuccession(before, after, { removed: removes, joined });
    // From outside, a device may take the place of its own older leaf and of nobody else's.
    const member = joined === undefined ? undefined : after.get(joined)?.identity;
    for (const leaf of removes) {
      const gone = before.get(leaf)?.identity;
      if (member === undefined || gone === undefined || memberOf(gone) !== memberOf(member))
        throw new MlsRefusal("POLICY", "UNANNOUNCED_REMOVAL");
    }
  }

  async #adopt(
    state: ClientState,
    consumed: readonly Uint8Array[],
    expectedTag: Bytes,
  ): Promise<AdoptedEpoch> {
    const roster = rosterOf(state.ratchetTree);
    const tag = await this.#tag(state);
    if (!equalBytes(tag, expectedTag)) throw new MlsRefusal("TAG_MISMATCH", "TAG");
    const baseKey = await this.#export(state, "SFrame 1.0 Base Key", new Uint8Array());
    this.#state = state;
    this.#roster = roster;
    this.#pending = undefined;
    for (const secret of consumed) secret.fill(0);
    const { leafIndex: ownLeaf } = state.privatePath;
    return { mlsEpoch: Number(state.groupContext.epoch), ownLeaf, baseKey, tag, roster };
  }

  async #prepare(
    commit: Bytes | undefined,
    state: ClientState,
    consumed: readonly Uint8Array[],
  ): Promise<PreparedCommit> {
    const groupInfo = await createGroupInfoWithExternalPubAndRatchetTree(state, [], this.#suite.suite);
    const prepared = {
      commit,
      groupInfo: encode({ version: "mls10", wireformat: "mls_group_info", groupInfo }),
      tag: await this.#tag(state),
    };
    this.#pending = { ...prepared, state, consumed };
    return prepared;
  }

  async #tag(state: ClientState): Promise<Bytes> {
    return await this.#export(state, "sfu epoch tag", state.groupContext.groupId);
  }

  async #export(state: ClientState, label: string, context: Uint8Array): Promise<Bytes> {
    if (state.groupActiveState.kind !== "active") throw new MlsRefusal("STATE_LOST", "REMOVED");
    const { exporterSecret } = state.keySchedule;
    return new Uint8Array(await mlsExporter(exporterSecret, label, context, 16, this.#suite.suite));
  }

  async #keyPackage() {
    const { identity, device } = this.#options;
    const { suite, handle } = this.#suite;
    return await generateKeyPackageWithKey(
      { credentialType: "basic", identity: encodeIdentity(identity) },
      capabilities,
      defaultLifetime,
      [],
      { signKey: handle, publicKey: device.publicKey },
      suite,
    );
  }

  async #isWelcome(credential: Credential, key: Uint8Array): Promise<boolean> {
    const identity = credential.credentialType === "basic" ? decodeIdentity(credential.identity) : undefined;
    if (identity === undefined) return false;
    const { identityLevel, minIdentity, device } = this.#options;
    if (equalBytes(key, device.publicKey)) return true;
    return (await identityLevel(identity, new Uint8Array(key))) >= minIdentity();
  }

  #mustBeIn(): ClientState {
    if (this.#state === undefined) throw new MlsRefusal("STATE_LOST", "NO_GROUP");
    return this.#state;
  }
}

const encode = (message: Parameters<typeof encodeMlsMessage>[0]): Bytes =>
  new Uint8Array(encodeMlsMessage(message));

function factsOf({ groupContext, ratchetTree }: ClientState) {
  return { groupId: groupContext.groupId, mlsEpoch: groupContext.epoch, tree: ratchetTree };
}

function isOwn(pending: Pending, commit: Bytes | undefined, tag: Bytes): boolean {
  if (pending.commit === undefined || commit === undefined)
    return pending.commit === commit && equalBytes(pending.tag, tag);
  return equalBytes(pending.commit, commit);
}

/** The same device, whatever its key. */
function sameMember(keyPackage: KeyPackage, leaf: LeafNode): boolean {
  const ours = keyPackage.leafNode.credential;
  const theirs = leaf.credential;
  if (ours.credentialType !== "basic" || theirs.credentialType !== "basic") return false;
  const [one, other] = [decodeIdentity(ours.identity), decodeIdentity(theirs.identity)];
  return one !== undefined && other !== undefined && memberOf(one) === memberOf(other);
}

/** What the library throws is somebody's bad message, not a fault of this program. */
async function refusing<T>(check: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof MlsRefusal ? error : new MlsRefusal("BAD_COMMIT", check, error);
  }
}
