import type { Clock } from "../../support/runtime.js";
import type { Bytes } from "../bytes.js";
import { deviceKeyOf, type StoredDeviceKey } from "../identity/device-key.js";
import {
  encodeIdentity,
  type IdentityCheck,
  type IdentityLevel,
  type LeafIdentity,
  memberOf,
} from "../identity/leaf-identity.js";
import { identityCheck, tokenHash } from "../identity/trust.js";
import type { AdoptedEpoch, MlsEngine } from "../mls/engine.js";
import { MlsRefusal } from "../mls/refusal.js";
import { TsMlsEngine } from "../mls/ts-mls-engine.js";
import { EpochKeys } from "../sframe/epoch-keys.js";
import { FrameReceiver } from "../sframe/frame-receiver.js";
import { FrameSender } from "../sframe/frame-sender.js";
import { KeyStore } from "../sframe/key-store.js";
import { FramePipe } from "./frame-pipe.js";
import type {
  CoreRequestKind,
  CoreRequests,
  EpochView,
  OpenReply,
  OpenRequest,
  StreamCounts,
  StreamPipes,
  StreamRole,
} from "./protocol.js";

export type KeepDeviceKey = (
  userId: string,
  deviceId: string,
) => Promise<StoredDeviceKey & { readonly persistent: boolean }>;

type Handlers = {
  readonly [Kind in CoreRequestKind]: (
    request: CoreRequests[Kind]["request"],
  ) => CoreRequests[Kind]["reply"] | Promise<CoreRequests[Kind]["reply"]>;
};

/** All secrets of a call in one place: the group's keys, the frame keys, the transforms. Lives in the worker; nothing secret leaves it. */
export class E2eeCore {
  // given
  readonly #clock: Clock;
  readonly #keepDeviceKey: KeepDeviceKey;
  // made
  readonly #keys: KeyStore;
  readonly #pipes = new Map<string, FramePipe>();
  // state
  #queue: Promise<unknown> = Promise.resolve();
  #engine: MlsEngine | undefined;
  #level: IdentityCheck = async () => 0;
  #roomSecret: Bytes | undefined;
  #lastEpoch = -1;
  #minIdentity: IdentityLevel = 0;
  /** Counts every transform of this worker's life, so that no two share a key. */
  #instances = 0;

  constructor(clock: Clock, keepDeviceKey: KeepDeviceKey) {
    this.#clock = clock;
    this.#keepDeviceKey = keepDeviceKey;
    this.#keys = new KeyStore(clock);
  }

  /** One request at a time, in order: a commit is never looked at while another is. Frames do not wait for it. */
  handle<Kind extends CoreRequestKind>(
    kind: Kind,
    request: CoreRequests[Kind]["request"],
  ): Promise<CoreRequests[Kind]["reply"]> {
    const isUrgent = kind === "mute" && (request as { muted?: boolean }).muted === true;
    if (isUrgent || kind === "attach" || kind === "detach" || kind === "counts")
      return Promise.resolve(this.#handlers[kind](request));
    const next = this.#queue.then(() => this.#handlers[kind](request));
    this.#queue = next.catch(() => undefined);
    return next;
  }

  attach(role: StreamRole, pipes: StreamPipes): void {
    const pipe = role.side === "send" ? this.#sending(role) : this.#receiving(role);
    this.#pipes.set(role.stream, pipe);
    pipe.run(pipes);
  }

  readonly #handlers: Handlers = {
    open: request => this.#open(request),
    require: ({ minIdentity }) => {
      this.#minIdentity = minIdentity;
    },
    create: ({ groupId }) => this.#mustBeOpen().create(groupId),
    join: request => this.#mustBeOpen().join(request),
    commit: ({ removes }) => this.#mustBeOpen().commit(removes),
    process: request => this.#process(request),
    activate: ({ roomEpoch, overlapMs }) => this.#keys.switchTo(roomEpoch, overlapMs),
    mute: ({ muted }) => (muted ? this.#keys.mute() : this.#keys.unmute()),
    leave: () => {
      this.#engine?.leave();
      this.#keys.clear();
    },
    attach: ({ role, readable, writable }) => this.attach(role, { readable, writable }),
    detach: ({ stream }) => void this.#pipes.delete(stream),
    counts: () => this.#counts(),
  };

  async #open({ userId, deviceId, trust, roomSecret, attestation }: OpenRequest): Promise<OpenReply> {
    const stored = await this.#keepDeviceKey(userId, deviceId);
    const att = attestation === undefined ? {} : { att: await tokenHash(attestation) };
    const identity: LeafIdentity = { sub: userId, dev: deviceId, ...att };
    this.#level = identityCheck(trust, () => this.#clock.now());
    this.#roomSecret = roomSecret;
    this.#engine = await TsMlsEngine.open({
      identity,
      device: deviceKeyOf(stored),
      minIdentity: () => this.#minIdentity,
      identityLevel: (who, key) => this.#level(who, key),
    });
    return {
      publicKey: stored.publicKey,
      identity: encodeIdentity(identity),
      persistent: stored.persistent,
    };
  }

  async #process({ roomEpoch, ...announced }: CoreRequests["process"]["request"]): Promise<EpochView> {
    if (roomEpoch <= this.#lastEpoch) throw new MlsRefusal("BAD_COMMIT", "EPOCH_NOT_NEWER");
    const adopted = await this.#mustBeOpen().process(announced);
    this.#lastEpoch = roomEpoch;
    this.#keys.install(await this.#keysOf(roomEpoch, adopted));
    return await this.#viewOf(roomEpoch, adopted);
  }

  async #keysOf(roomEpoch: number, { mlsEpoch, ownLeaf, baseKey, roster }: AdoptedEpoch): Promise<EpochKeys> {
    const owners = new Map([...roster.values()].map(({ leaf, identity }) => [leaf, memberOf(identity)]));
    return await EpochKeys.from({ roomEpoch, mlsEpoch, ownLeaf, owners }, baseKey, this.#roomSecret);
  }

  async #viewOf(roomEpoch: number, { mlsEpoch, ownLeaf, tag, roster }: AdoptedEpoch): Promise<EpochView> {
    const members = await Promise.all(
      [...roster.values()].map(async ({ leaf, identity, publicKey }) => {
        const { sub: userId, dev: deviceId } = identity;
        return { leaf, userId, deviceId, publicKey, level: await this.#level(identity, publicKey) };
      }),
    );
    return { roomEpoch, mlsEpoch, ownLeaf, tag, members };
  }

  #sending({ kind }: StreamRole): FramePipe {
    const sender = new FrameSender(this.#keys, this.#instances++, kind);
    return new FramePipe((codec, frame) => sender.protect(codec, frame));
  }

  #receiving({ member, kind, codec }: StreamRole & { readonly side: "receive" }): FramePipe {
    const receiver = new FrameReceiver(this.#keys, { member, kind });
    return new FramePipe((codecOfFrame, frame) => receiver.unprotect(codecOfFrame, frame), codec);
  }

  #counts(): Record<string, StreamCounts> {
    return Object.fromEntries([...this.#pipes].map(([stream, pipe]) => [stream, pipe.counts]));
  }

  #mustBeOpen(): MlsEngine {
    if (this.#engine === undefined) throw new MlsRefusal("STATE_LOST", "NOT_OPEN");
    return this.#engine;
  }
}
