import { deviceKeyOf, generateDeviceKey } from "../../src/e2ee/identity/device-key.js";
import { trustNobody } from "../../src/e2ee/identity/trust.js";
import type { MlsRefusal } from "../../src/e2ee/mls/refusal.js";
import { KeyAgreement } from "../../src/e2ee/session/key-agreement.js";
import type { KeyFailure, KeyState } from "../../src/e2ee/session/key-state.js";
import { seenEpochs } from "../../src/e2ee/session/seen-epochs.js";
import { CoreClient } from "../../src/e2ee/worker/client.js";
import { E2eeCore } from "../../src/e2ee/worker/core.js";
import { serve } from "../../src/e2ee/worker/port.js";
import type { EpochView } from "../../src/e2ee/worker/protocol.js";
import { CallError } from "../../src/errors.js";
import type { KeyLogItem, MlsMember, MlsPolicy } from "../../src/protocol/generated.js";
import type { ClientMessages, ClientMessageType, ServerMessages } from "../../src/protocol/messages.js";
import type { ManualClock } from "../support/manual-clock.js";

export { deviceKeyOf };

type Begin = ServerMessages["REKEY_BEGIN"];
type Commit = ServerMessages["REKEY_COMMIT"];

/** The delivery service of one room in a page: puts commits in order and gives leases, without losses. */
export class DeliveryService {
  readonly clients = new Map<string, TestClient>();
  readonly members = new Map<string, number>();
  readonly log: KeyLogItem[] = [];
  readonly faults: string[] = [];
  readonly #waiting: {
    readonly dev: string;
    readonly reason: NonNullable<Begin["reason"]>;
    removes: string[];
  }[] = [];
  #lease: { readonly id: string; readonly dev: string; readonly begin: Begin } | undefined;
  #ready = new Set<string>();
  #leases = 0;
  roomId = "r";
  generation = 1;
  epoch = 0;
  mlsEpoch = 0;
  groupInfo = "";
  tag = "";
  /** Changes a commit on its way to a device. */
  tamper: ((to: string, commit: Commit) => Commit | undefined) | undefined;

  policy(role: MlsPolicy["role"]): ServerMessages["E2EE_POLICY"] {
    const mls: MlsPolicy = {
      groupId: btoa(`group ${this.generation}`).replaceAll("=", ""),
      generation: this.generation,
      suite: 1,
      wire: 1,
      sframeSuite: 4,
      kid: { E: 8, S: 10 },
      minIdentity: 0,
      role,
      rekeyIntervalMs: 120_000,
      activateMs: 1_000,
      overlapMs: 10_000,
      removeOverlapMs: 2_000,
      graceMs: 15_000,
      roomSecret: "none",
    };
    return { required: true, epoch: this.epoch, rekeyOnJoin: true, profile: "mls-sframe-v1", mls };
  }

  enter(client: TestClient): void {
    this.clients.set(client.dev, client);
    const isFirst = this.members.size === 0;
    client.keys.onPolicy(this.policy(isFirst ? "create" : "join"));
    this.want(client.dev, isFirst ? "create" : "join");
  }

  want(dev: string, reason: NonNullable<Begin["reason"]>, removes: string[] = []): void {
    this.#waiting.push({ dev, reason, removes });
    this.#grant();
  }

  /** Cut off at once, then removed by a member. */
  kick(dev: string): void {
    this.clients.delete(dev);
    const committer = [...this.members.keys()].find(member => member !== dev) ?? "";
    this.want(committer, "kick", [dev]);
  }

  async receive(dev: string, type: ClientMessageType, payload: unknown): Promise<void> {
    this.take(dev, type, payload);
  }

  /** Throws what the server would refuse with. */
  take(dev: string, type: ClientMessageType, payload: unknown): void {
    if (type === "REKEY_COMMIT") this.#onCommit(dev, payload as ClientMessages["REKEY_COMMIT"]);
    if (type === "E2EE_READY") this.#onReady(dev, payload as ClientMessages["E2EE_READY"]);
    if (type === "E2EE_SYNC") this.#onSync(dev, payload as ClientMessages["E2EE_SYNC"]);
    if (type === "E2EE_FAULT") this.faults.push(`${dev} ${(payload as ClientMessages["E2EE_FAULT"]).code}`);
    if (type === "REKEY_REQUEST") this.want([...this.members.keys()][0] ?? "", "request");
  }

  #membersList(devs: Iterable<string>): MlsMember[] {
    return [...devs].map(dev => ({ dev, leaf: this.members.get(dev) ?? -1 }));
  }

  #grant(): void {
    const next = this.#waiting[0];
    if (this.#lease !== undefined || next === undefined) return;
    this.#waiting.shift();
    const fromOutside = next.reason === "join" || next.reason === "resync";
    const mls = {
      removes: this.#membersList(next.removes),
      members: this.#membersList(this.members.keys()),
      ...(fromOutside ? { groupInfo: this.groupInfo } : {}),
    };
    const id = `L${++this.#leases}`;
    const begin: Begin = {
      epoch: this.epoch,
      newEpoch: this.epoch + 1,
      reason: next.reason,
      leaseId: id,
      mls,
    };
    this.#lease = { id, dev: next.dev, begin };
    this.clients.get(next.dev)?.keys.onBegin(begin);
  }

  #onCommit(dev: string, { leaseId, epoch, mls }: ClientMessages["REKEY_COMMIT"]): void {
    const lease = this.#lease;
    if (lease?.id !== leaseId || lease?.dev !== dev || mls === undefined)
      throw new CallError("E2EE_LEASE_INVALID", "");
    if (epoch !== this.epoch + 1) throw new CallError("E2EE_STALE_EPOCH", "");
    this.epoch = epoch;
    this.mlsEpoch = lease.begin.reason === "create" ? 0 : this.mlsEpoch + 1;
    this.groupInfo = mls.groupInfo ?? "";
    this.tag = mls.tag;
    const removes = lease.begin.mls?.removes ?? [];
    for (const { dev: gone } of removes) this.members.delete(gone);
    if (!this.members.has(dev)) this.members.set(dev, this.#freeLeaf());
    if (mls.commit !== undefined) {
      const leaf = this.members.get(dev) ?? 0;
      this.log.push({ epoch, commit: mls.commit, tag: mls.tag, mlsEpoch: this.mlsEpoch, leaf, removes });
    }
    this.#ready.clear();
    const { commit, tag } = mls;
    const told = {
      epoch,
      activateInMs: 1_000,
      mls: { generation: this.generation, ...(commit === undefined ? {} : { commit }), tag, removes },
    };
    for (const client of this.clients.values()) {
      const seen = this.tamper === undefined ? told : this.tamper(client.dev, told);
      if (seen !== undefined) client.keys.onCommit(seen);
    }
    this.#lease = undefined;
  }

  #freeLeaf(): number {
    const taken = new Set(this.members.values());
    for (let leaf = 0; ; leaf++) if (!taken.has(leaf)) return leaf;
  }

  #onReady(dev: string, { epoch, mls }: ClientMessages["E2EE_READY"]): void {
    if (epoch !== this.epoch) throw new CallError("E2EE_EPOCH_MISMATCH", "");
    if (mls?.tag !== this.tag) throw new CallError("E2EE_TAG_MISMATCH", "");
    this.#ready.add(dev);
    if (
      ![...this.clients.keys()]
        .filter(client => this.members.has(client))
        .every(client => this.#ready.has(client))
    )
      return;
    const active = {
      roomId: this.roomId,
      epoch,
      ready: this.#ready.size,
      total: this.#ready.size,
      forced: false,
    };
    for (const client of this.clients.values()) client.keys.onActive(active);
    this.#grant();
  }

  #onSync(dev: string, { generation, epoch }: ClientMessages["E2EE_SYNC"]): void {
    const missed = this.log.filter(item => item.epoch > epoch);
    if (generation !== this.generation || epoch === 0 || missed.length > 8) {
      this.want(dev, "resync");
      return;
    }
    const answer = { roomId: this.roomId, generation, epoch: this.epoch, active: true, items: missed };
    this.clients.get(dev)?.keys.onKeyLog(answer);
  }
}

/** A device with its worker behind a message channel, as in a page. */
export class TestClient {
  readonly dev: string;
  readonly keys: KeyAgreement;
  readonly client: CoreClient;
  readonly core: E2eeCore;
  readonly refusals: string[] = [];
  readonly states: KeyState[] = [];
  failure: KeyFailure | undefined;
  view: EpochView | undefined;
  connected = true;
  readonly #ports: MessageChannel;

  constructor(dev: string, service: DeliveryService, clock: ManualClock) {
    this.dev = dev;
    this.#ports = new MessageChannel();
    this.core = new E2eeCore(clock, async () => ({ ...(await generateDeviceKey()), persistent: false }));
    serve(this.core, this.#ports.port2);
    this.client = new CoreClient(this.#ports.port1);
    this.keys = new KeyAgreement({
      roomId: "r",
      core: this.client,
      clock,
      seen: seenEpochs(undefined),
      send: async (type, payload) => {
        if (!this.connected) throw new CallError("NOT_CONNECTED", "");
        await service.receive(dev, type, payload);
      },
      onState: (state, failure) => {
        this.states.push(state);
        this.failure = failure;
      },
      onEpoch: view => (this.view = view),
      onRefusal: (refusal: MlsRefusal) => this.refusals.push(`${refusal.code} ${refusal.check}`),
    });
  }

  async open(): Promise<this> {
    await this.client.request("open", {
      userId: `u-${this.dev}`,
      deviceId: this.dev,
      trust: trustNobody,
      roomSecret: undefined,
      attestation: undefined,
    });
    return this;
  }

  close(): void {
    this.client.close();
    this.#ports.port1.close();
  }
}
