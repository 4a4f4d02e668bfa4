import { CallError } from "../../errors.js";
import type { KeyLogItem, MlsMember, MlsPolicy } from "../../protocol/generated.js";
import type { ClientMessages, ClientMessageType, ServerMessages } from "../../protocol/messages.js";
import { type Deferred, deferred } from "../../support/deferred.js";
import type { Clock } from "../../support/runtime.js";
import { type Bytes, fromBase64Url, toBase64Url } from "../bytes.js";
import type { IdentityLevel } from "../identity/leaf-identity.js";
import type { PreparedCommit } from "../mls/engine.js";
import { MlsRefusal } from "../mls/refusal.js";
import type { CoreRequestKind, CoreRequests, EpochView } from "../worker/protocol.js";
import {
  type KeyCommand,
  type KeyFailure,
  type KeyState,
  KeyStateMachine,
  type KeyTimings,
} from "./key-state.js";
import type { SeenEpochs } from "./seen-epochs.js";

/** The worker, or the core itself in tests. */
export interface CoreApi {
  request<Kind extends CoreRequestKind>(
    kind: Kind,
    request: CoreRequests[Kind]["request"],
  ): Promise<CoreRequests[Kind]["reply"]>;
}

export interface KeyAgreementHost {
  readonly roomId: string;
  readonly core: CoreApi;
  readonly clock: Clock;
  readonly seen: SeenEpochs;
  readonly timings?: KeyTimings;
  /** Resolves with the server's acknowledgement. */
  readonly send: <Type extends ClientMessageType>(
    type: Type,
    payload: ClientMessages[Type],
  ) => Promise<unknown>;
  readonly onState: (state: KeyState, failure: KeyFailure | undefined) => void;
  readonly onEpoch: (view: EpochView) => void;
  /** Something was refused; the call goes on or says so by its state. */
  readonly onRefusal: (refusal: MlsRefusal) => void;
}

/** A commit as the server tells it, live or from the log. */
interface OrderedCommit {
  readonly epoch: number;
  readonly commit: Bytes | undefined;
  readonly tag: Bytes;
  readonly removes: readonly MlsMember[];
  readonly activateInMs: number;
}

/** Codes that only say that another lease will come. */
const lostLease = new Set(["E2EE_STALE_EPOCH", "E2EE_LEASE_INVALID", "E2EE_EPOCH_MISMATCH", "RATE_LIMITED"]);

/** Keeps this device's keys at the room's epoch: follows commits in order, makes those it has a lease for, and fails closed. */
export class KeyAgreement {
  // given
  readonly #host: KeyAgreementHost;
  // made
  readonly #machine: KeyStateMachine;
  // state
  #policy: MlsPolicy | undefined;
  #queue: Promise<void> = Promise.resolve();
  #inGroup = false;
  #generation = -1;
  #tag: Bytes | undefined;
  #offered: PreparedCommit | undefined;
  #failure: KeyFailure | undefined;
  #ready: Deferred<number> = deferred();

  constructor(host: KeyAgreementHost) {
    this.#host = host;
    this.#machine = new KeyStateMachine(
      host.clock,
      command => this.#obey(command),
      state => host.onState(state, this.#failure),
      host.timings,
    );
  }

  get state(): KeyState {
    return this.#machine.state;
  }

  get epoch(): number {
    return this.#machine.epoch;
  }

  /** The tag to say E2EE_READY with. */
  get tag(): string | undefined {
    return this.#tag === undefined ? undefined : toBase64Url(this.#tag);
  }

  /** Resolves with the epoch when the server took this device's E2EE_READY; rejects when there will be no keys. */
  ready(): Promise<number> {
    return this.#ready.promise;
  }

  onPolicy({ mls }: ServerMessages["E2EE_POLICY"]): void {
    if (mls === undefined) return;
    this.#policy = mls;
    const minIdentity = Math.min(2, Math.max(0, mls.minIdentity)) as IdentityLevel;
    this.#host.core.request("require", { minIdentity }).catch(() => undefined);
    // A group that is not ours cannot be resumed, whatever the server believes.
    const role = mls.role === "resume" && mls.generation !== this.#generation ? "resync" : mls.role;
    if (role !== "resume") this.#inGroup = false;
    this.#ready = deferred();
    this.#machine.policy(role);
    if (role !== mls.role) this.#sync(0);
  }

  onBegin(begin: ServerMessages["REKEY_BEGIN"]): void {
    const { leaseId, newEpoch, mls } = begin;
    if (leaseId === undefined || newEpoch === undefined || mls === undefined) return;
    this.#enqueue(async () => {
      if (!this.#machine.leased()) return;
      const prepared = await this.#prepare(begin);
      await this.#offer(leaseId, newEpoch, prepared);
    });
  }

  onCommit({ epoch, activateInMs, mls }: ServerMessages["REKEY_COMMIT"]): void {
    if (epoch === undefined || mls === undefined) return;
    const tag = fromBase64Url(mls.tag);
    const commit = mls.commit === undefined ? undefined : fromBase64Url(mls.commit);
    if (tag === undefined) return;
    this.#enqueue(() =>
      this.#follow({
        epoch,
        commit,
        tag,
        removes: mls.removes ?? [],
        activateInMs: activateInMs ?? this.#policy?.activateMs ?? 1_000,
      }),
    );
  }

  onActive({ epoch }: ServerMessages["REKEY_ACTIVE"]): void {
    this.#enqueue(async () => this.#machine.active(epoch));
  }

  onKeyLog({ generation, items, epoch, active }: ServerMessages["KEY_LOG"]): void {
    this.#enqueue(async () => {
      if (generation !== this.#generation) return;
      for (const item of items) await this.#follow(ordered(item));
      if (this.#machine.epoch !== epoch) throw new MlsRefusal("STATE_LOST", "LOG_GAP");
      await this.#declareReady();
      this.#machine.synced(active);
    });
  }

  onEvicted({ retryAfterMs }: ServerMessages["E2EE_EVICTED"]): void {
    this.#inGroup = false;
    this.#machine.fault("EVICTED", retryAfterMs ?? 0);
  }

  offline(): void {
    this.#machine.offline();
  }

  /** Something else found the encryption broken: plaintext on its way, keys that never come. */
  fault(code: "PLAINTEXT_LEAK" | "NO_KEY"): void {
    this.#report(code);
    this.#machine.fault(code);
  }

  /** Frames come under keys that are not here: ask what was missed. */
  async requestSync(): Promise<void> {
    if (this.#inGroup) await this.#sync(this.#machine.epoch);
  }

  /** Anyone may ask the server for new keys. */
  async requestRekey(reason: string): Promise<void> {
    await this.#host.send("REKEY_REQUEST", { roomId: this.#host.roomId, epoch: this.#machine.epoch, reason });
  }

  close(): void {
    this.#inGroup = false;
    this.#machine.reset();
    this.#ready.reject(new CallError("CLOSED", "The room was left"));
    void this.#host.core.request("leave", {}).catch(() => undefined);
  }

  async #prepare({ reason, mls, epoch }: ServerMessages["REKEY_BEGIN"]): Promise<PreparedCommit> {
    const { core } = this.#host;
    const policy = this.#policy;
    const groupId = fromBase64Url(policy?.groupId ?? "");
    if (policy === undefined || groupId === undefined) throw new MlsRefusal("STATE_LOST", "NO_POLICY");
    if (reason === "create") {
      await core.request("leave", {});
      this.#inGroup = false;
      return await core.request("create", { groupId });
    }
    const groupInfo = mls?.groupInfo === undefined ? undefined : fromBase64Url(mls.groupInfo);
    if (groupInfo !== undefined) {
      const seen = this.#host.seen.read(this.#host.roomId);
      // The group to enter must not be older than what this tab had already.
      if (epoch !== undefined && seen !== undefined && epoch < seen.epoch)
        throw new MlsRefusal("POLICY", "EPOCH_ROLLBACK");
      this.#inGroup = false;
      return await core.request("join", { groupId, groupInfo, mlsEpoch: undefined });
    }
    return await core.request("commit", { removes: (mls?.removes ?? []).map(({ leaf }) => leaf) });
  }

  async #offer(leaseId: string, epoch: number, prepared: PreparedCommit): Promise<void> {
    const { roomId, send } = this.#host;
    const { commit, groupInfo, tag } = prepared;
    const mls = {
      ...(commit === undefined ? {} : { commit: toBase64Url(commit) }),
      groupInfo: toBase64Url(groupInfo),
      tag: toBase64Url(tag),
    };
    this.#offered = prepared;
    try {
      await send("REKEY_COMMIT", { roomId, leaseId, epoch, mls });
    } catch (error) {
      const { code } = CallError.from(error);
      // Without an answer the commit may have been taken: then it comes back, or the sync tells.
      if (lostLease.has(code) || code === "CONNECTION_LOST" || code === "NOT_CONNECTED")
        this.#machine.leaseLost();
      else throw new MlsRefusal("BAD_COMMIT", code, error);
    }
  }

  /** Adopts the next epoch, or nothing. What is older or for others is passed over. */
  async #follow(next: OrderedCommit): Promise<void> {
    const isOwn = this.#isOwn(next);
    if (!this.#inGroup && !isOwn) return; // not in yet: the lease to join brings the newest group
    if (next.epoch <= this.#machine.epoch) return;
    const seen = this.#host.seen.read(this.#host.roomId);
    if (seen !== undefined && next.epoch <= seen.epoch) throw new MlsRefusal("POLICY", "EPOCH_ROLLBACK");
    if (this.#inGroup && !isOwn && next.epoch !== this.#machine.epoch + 1) {
      await this.#sync(this.#machine.epoch);
      return;
    }
    this.#machine.processing();
    const { commit, tag, removes, epoch: roomEpoch } = next;
    const leaves = removes.map(({ leaf }) => leaf);
    const view = await this.#host.core.request("process", { commit, tag, removes: leaves, roomEpoch });
    this.#adopt(view, next);
    await this.#declareReady();
  }

  #adopt(view: EpochView, { epoch, removes, activateInMs }: OrderedCommit): void {
    const { overlapMs = 10_000, removeOverlapMs = 2_000, generation = 0 } = this.#policy ?? {};
    this.#offered = undefined;
    this.#inGroup = true;
    this.#generation = generation;
    this.#tag = view.tag;
    this.#host.seen.write(this.#host.roomId, { generation, epoch });
    this.#machine.adopted(epoch, activateInMs, removes.length > 0 ? removeOverlapMs : overlapMs);
    this.#host.onEpoch(view);
  }

  async #declareReady(): Promise<void> {
    const { tag } = this;
    const { epoch } = this.#machine;
    if (tag === undefined || !this.#inGroup) return;
    try {
      await this.#host.send("E2EE_READY", { roomId: this.#host.roomId, epoch, mls: { tag } });
      this.#ready.resolve(epoch);
    } catch (error) {
      const { code } = CallError.from(error);
      if (code === "E2EE_TAG_MISMATCH") throw new MlsRefusal("TAG_MISMATCH", "READY", error);
      // The room has moved on, or the connection is gone: the next commit or the next connection says it again.
    }
  }

  #isOwn({ commit, tag }: OrderedCommit): boolean {
    const offered = this.#offered;
    if (offered === undefined) return false;
    const same = (one: Bytes | undefined, other: Bytes | undefined) =>
      one !== undefined && other !== undefined && toBase64Url(one) === toBase64Url(other);
    return same(offered.commit, commit) || (offered.commit === undefined && same(offered.tag, tag));
  }

  async #sync(epoch: number): Promise<void> {
    const { roomId, send } = this.#host;
    const generation = Math.max(0, epoch === 0 ? (this.#policy?.generation ?? 0) : this.#generation);
    await send("E2EE_SYNC", { roomId, generation, epoch }).catch(error => {
      const { code, details } = CallError.from(error);
      const { retryAfterMs } = details as { retryAfterMs?: number };
      if (code === "E2EE_EVICTED") this.#machine.fault("EVICTED", retryAfterMs ?? 0);
    });
  }

  #obey(command: KeyCommand): void {
    const { core } = this.#host;
    const crashed = () => this.#machine.fault("STATE_LOST");
    switch (command.do) {
      case "activate":
        core.request("activate", { roomEpoch: command.epoch, overlapMs: command.overlapMs }).catch(crashed);
        break;
      case "mute":
      case "unmute":
        core.request("mute", { muted: command.do === "mute" }).catch(() => undefined);
        break;
      case "sync":
        void this.#sync(this.#machine.epoch);
        break;
      case "resync":
        this.#inGroup = false;
        void this.#sync(0);
        break;
      case "fail":
        this.#failure = command.reason;
        this.#ready.reject(
          new CallError("E2EE_FAILED", "No keys could be agreed on", { details: { ...command } }),
        );
        this.#host.onState("FAILED", command.reason);
        break;
    }
  }

  /** One thing after the other. A refusal ends in MUTED, told to the server by its code. */
  #enqueue(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(work).catch((error: unknown) => {
      const refusal =
        error instanceof MlsRefusal ? error : new MlsRefusal("STATE_LOST", CallError.from(error).code, error);
      this.#host.onRefusal(refusal);
      this.#report(refusal.code, refusal.check);
      this.#machine.fault(refusal.code);
    });
  }

  #report(code: KeyFailure, detail?: string): void {
    if (isOwnAffair(code)) return;
    const { roomId, send } = this.#host;
    const epoch = Math.max(0, this.#machine.epoch);
    void send("E2EE_FAULT", { roomId, epoch, code, ...(detail === undefined ? {} : { detail }) }).catch(
      () => undefined,
    );
  }
}

/** What the server knows already, or has no part in. */
function isOwnAffair(code: KeyFailure): code is "EVICTED" | "NO_LEASE" | "NO_ROOM_SECRET" | "FRAMES_REFUSED" {
  return ["EVICTED", "NO_LEASE", "NO_ROOM_SECRET", "FRAMES_REFUSED"].includes(code);
}

function ordered({ epoch, commit, tag, removes }: KeyLogItem): OrderedCommit {
  const bytes = fromBase64Url(tag);
  if (bytes === undefined) throw new MlsRefusal("BAD_COMMIT", "FORM");
  return { epoch, commit: fromBase64Url(commit), tag: bytes, removes, activateInMs: 1_000 };
}
