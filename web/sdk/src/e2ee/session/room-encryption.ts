import { CallError } from "../../errors.js";
import type {
  ClientMessages,
  ClientMessageType,
  MediaKind,
  MediaSource,
  ServerMessages,
} from "../../protocol/messages.js";
import type { SignalingSession } from "../../signaling/connection.js";
import type { Clock, TimerHandle } from "../../support/runtime.js";
import { type Bytes, toBase64Url } from "../bytes.js";
import { type TrustSettings, trustNobody } from "../identity/trust.js";
import { FrameTransforms, streamKind, transformSupport } from "../media/frame-transforms.js";
import { amountSent, audioUnit, PlaintextWatch, watchIntervalsMs } from "../media/plaintext-watch.js";
import { memberId } from "../member-id.js";
import { frameCodec } from "../sframe/clear-bytes.js";
import { roomSuite } from "../sframe/epoch-keys.js";
import { CoreClient, startWorker, type WorkerLike } from "../worker/client.js";
import type { EncryptedMember, EpochView, StreamCounts } from "../worker/protocol.js";
import { KeyAgreement } from "./key-agreement.js";
import type { KeyFailure, KeyState } from "./key-state.js";
import { type SeenEpochs, seenEpochs } from "./seen-epochs.js";

export interface EncryptionOptions {
  /** "auto" follows the room, "required" enters no room that is not encrypted, "off" no room that is. Default "auto". */
  readonly mode?: "auto" | "required" | "off";
  /** Shared outside of the server, in the link's fragment; everybody in the room needs the same. */
  readonly roomSecret?: Bytes;
  readonly trust?: TrustSettings;
  /** What the application's identity provider says of this device's key. */
  readonly attestation?: string;
  /** Set by tests. */
  readonly startWorker?: () => WorkerLike;
}

/** What a person should know. */
export type EncryptionState =
  /** Nobody encrypts: the server can hear and see everything. */
  | "off"
  /** Keys are being agreed on; nothing is sent yet. */
  | "establishing"
  | "on"
  /** Something is wrong with the keys: nothing is sent until it is settled. */
  | "blocked"
  /** It could not be settled. */
  | "failed";

export interface EncryptionStatus {
  readonly state: EncryptionState;
  readonly keyState: KeyState;
  readonly failure: KeyFailure | undefined;
  readonly epoch: number;
  /** Who holds the keys, ourselves included: from the group itself, not from the server's list. */
  readonly members: readonly EncryptedMember[];
  readonly ownLeaf: number | undefined;
  /** Devices whose frames come and cannot be opened. */
  readonly unreadable: readonly string[];
}

/** Whose a received stream must be. */
export interface StreamOrigin {
  readonly userId: string;
  readonly deviceId: string;
  readonly kind: MediaKind;
  readonly source: MediaSource;
  readonly mimeType: string | undefined;
}

export interface RoomEncryptionHost {
  readonly roomId: string;
  readonly clock: Clock;
  readonly options: EncryptionOptions;
  readonly onStatus: (status: EncryptionStatus) => void;
  readonly onEpoch: (epoch: number) => void;
  readonly onProblem: (error: CallError) => void;
  readonly onFailed: (error: CallError) => void;
  /** Frames went past the transform: whoever published with this sender must stop. */
  readonly onLeak: (sender: RTCRtpSender) => void;
}

/** What is sent is watched for plaintext, what is received for frames that do not open. */
type Watched =
  | { readonly sender: RTCRtpSender; readonly kind: MediaKind; readonly watch: PlaintextWatch }
  | { readonly deviceId: string; before: StreamCounts | undefined };

const states: Readonly<Record<KeyState, EncryptionState>> = {
  IDLE: "off",
  CREATE: "establishing",
  LEASE_WAIT: "establishing",
  COMMITTING: "on",
  PROCESSING: "on",
  READY: "on",
  SWITCHED: "on",
  OFFLINE: "establishing",
  SYNC: "establishing",
  MUTED: "blocked",
  RESYNC: "blocked",
  FAILED: "failed",
};

/** Encryption of one room on the main thread: the worker, the agreement on keys, the transforms, and a watch over what leaves. */
export class RoomEncryption {
  // given
  readonly #host: RoomEncryptionHost;
  // made
  readonly #client: CoreClient;
  readonly #transforms: FrameTransforms;
  readonly #seen: SeenEpochs;
  readonly keys: KeyAgreement;
  readonly #streams = new Map<string, Watched>();
  // state
  #session: SignalingSession | undefined;
  #opened: Promise<ClientMessages["E2EE_CAPS"]> | undefined;
  #view: EpochView | undefined;
  #failure: KeyFailure | undefined;
  #unreadable: readonly string[] = [];
  #streamCount = 0;
  #timer: TimerHandle | undefined;
  #youngestAt = 0;
  #closed = false;

  constructor(host: RoomEncryptionHost) {
    this.#host = host;
    this.#client = new CoreClient((host.options.startWorker ?? startWorker)(), () =>
      this.#fail("STATE_LOST"),
    );
    this.#transforms = new FrameTransforms(this.#client);
    this.#seen = seenEpochs(tabStorage());
    this.keys = new KeyAgreement({
      roomId: host.roomId,
      core: this.#client,
      clock: host.clock,
      seen: this.#seen,
      send: (type, payload) => this.#send(type, payload),
      onState: (state, failure) => this.#onState(state, failure),
      onEpoch: view => this.#onEpoch(view),
      onRefusal: ({ code, check }) =>
        host.onProblem(
          new CallError(`E2EE_${code}`, `An epoch was not followed: ${check}`, { details: { check } }),
        ),
    });
  }

  get status(): EncryptionStatus {
    const { state: keyState, epoch } = this.keys;
    const hasKeys = this.#view !== undefined;
    const state = this.#failure === undefined ? states[keyState] : "failed";
    return {
      state:
        state === "on" && !hasKeys ? "establishing" : state === "off" && hasKeys ? "establishing" : state,
      keyState,
      failure: this.#failure,
      epoch,
      members: this.#view?.members ?? [],
      ownLeaf: this.#view?.ownLeaf,
      unreadable: this.#unreadable,
    };
  }

  /** Cannot be used any more. */
  get isDead(): boolean {
    return this.#closed || this.#failure !== undefined;
  }

  /** Before every join: tells the server on this socket who this device is in the group. */
  async announce(session: SignalingSession): Promise<void> {
    this.#session = session;
    this.#opened ??= this.#open(session);
    const capabilities = await this.#opened;
    const device = JSON.stringify(capabilities.device);
    // A socket takes two of these a minute, and the handshake has sent one.
    if (announced.get(session) === device) return;
    const seen = this.#seen.read(this.#host.roomId);
    await session.request("E2EE_CAPS", { ...capabilities, ...(seen === undefined ? {} : { seen }) });
    announced.set(session, device);
  }

  /** What is sent is not what the server can tell to be encrypted: nobody gets it, and the person has to know. */
  refused(): void {
    this.#fail("FRAMES_REFUSED");
  }

  offline(): void {
    this.keys.offline();
  }

  /** In the task that made the sender. Returns the name to give to {@link forget}, and when the worker has its frames. */
  protect(
    sender: RTCRtpSender,
    kind: MediaKind,
    source: MediaSource,
  ): { stream: string; taken: Promise<void> } {
    const stream = this.#newStream({
      sender,
      kind,
      watch: new PlaintextWatch(kind === "audio" ? audioUnit : 1),
    });
    const taken = this.#transforms
      .attach(sender, { side: "send", stream, kind: streamKind(kind, source) })
      .catch(error => {
        throw CallError.from(error, transformFailed);
      });
    return { stream, taken };
  }

  /** In the task that made the receiver. */
  unprotect(receiver: RTCRtpReceiver, { userId, deviceId, kind, source, mimeType }: StreamOrigin): string {
    const stream = this.#newStream({ deviceId, before: undefined });
    this.#transforms
      .attach(receiver, {
        side: "receive",
        stream,
        kind: streamKind(kind, source),
        member: memberId(userId, deviceId),
        codec: frameCodec(mimeType),
      })
      .catch(error => {
        // Nothing passes without a transform.
        if (!this.#closed) this.#host.onProblem(CallError.from(error, transformFailed));
      });
    return stream;
  }

  forget(stream: string): void {
    if (!this.#streams.delete(stream)) return;
    this.#transforms.detach(stream);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#timer !== undefined) this.#host.clock.clearTimeout(this.#timer);
    this.keys.close();
    this.#client.close();
  }

  /** What the server said of the room at the join. */
  onPolicy(policy: ServerMessages["E2EE_POLICY"]): void {
    if (policy.mls?.roomSecret === "required" && this.#host.options.roomSecret === undefined)
      this.#fail("NO_ROOM_SECRET");
    else this.keys.onPolicy(policy);
  }

  async #open({ userId, deviceId }: SignalingSession): Promise<ClientMessages["E2EE_CAPS"]> {
    const { roomSecret, trust = trustNobody, attestation } = this.#host.options;
    const opened = await this.#client.request("open", {
      userId,
      deviceId,
      trust,
      roomSecret,
      attestation,
    });
    return {
      insertableStreams: true,
      sframe: true,
      profiles: ["mls-sframe-v1"],
      suites: [1],
      sframeSuites: [roomSuite.id],
      wire: 1,
      codecs: ["opus", "vp8", "vp9"],
      transform: transformSupport() ?? "script",
      device: { dev: deviceId, key: toBase64Url(opened.publicKey), identity: toBase64Url(opened.identity) },
      ...(attestation === undefined ? {} : { attest: attestation }),
    };
  }

  async #send<Type extends ClientMessageType>(type: Type, payload: ClientMessages[Type]): Promise<unknown> {
    if (this.#session === undefined) throw new CallError("NOT_CONNECTED", "No session");
    return await this.#session.request(type, payload);
  }

  #onState(state: KeyState, failure: KeyFailure | undefined): void {
    if (state === "FAILED") this.#fail(failure ?? "STATE_LOST");
    else this.#tell();
  }

  #onEpoch(view: EpochView): void {
    this.#view = view;
    this.#host.onEpoch(view.roomEpoch);
    this.#tell();
  }

  #fail(reason: KeyFailure): void {
    if (this.isDead) return;
    this.#failure = reason;
    this.#tell();
    this.#host.onFailed(
      new CallError("E2EE_FAILED", "The call's encryption broke and could not be restored", {
        details: { reason },
      }),
    );
  }

  #tell(): void {
    this.#host.onStatus(this.status);
  }

  #newStream(watched: Watched): string {
    const stream = `s${++this.#streamCount}`;
    this.#streams.set(stream, watched);
    this.#youngestAt = this.#host.clock.now();
    this.#plan();
    return stream;
  }

  #plan(): void {
    const { clock } = this.#host;
    if (this.#timer !== undefined) clock.clearTimeout(this.#timer);
    const { early, earlyFor, late } = watchIntervalsMs;
    const interval = clock.now() - this.#youngestAt < earlyFor ? early : late;
    this.#timer = clock.setTimeout(() => void this.#look(), interval);
  }

  async #look(): Promise<void> {
    try {
      const sent = await this.#sentByStream();
      const counts = await this.#client.request("counts", {});
      for (const [stream, watched] of this.#streams) {
        if (!("sender" in watched)) continue;
        const { seen = 0, bytes = 0 } = counts[stream] ?? {};
        if (watched.watch.observe(sent.get(stream) ?? 0, watched.kind === "audio" ? bytes : seen))
          this.#onLeak(stream, watched.sender);
      }
      this.#lookAtReceived(counts);
    } catch {
      // The worker or the connection is going away; whoever ends it says so.
    }
    if (!this.#closed && this.#streams.size > 0) this.#plan();
  }

  async #sentByStream(): Promise<ReadonlyMap<string, number>> {
    const sent = new Map<string, number>();
    for (const [stream, watched] of this.#streams)
      if ("sender" in watched && watched.sender.getStats !== undefined)
        sent.set(stream, amountSent((await watched.sender.getStats()).values()));
    return sent;
  }

  /** Frames that come and do not open: after a look without one that did, the person is told and the server asked. */
  #lookAtReceived(counts: Readonly<Record<string, StreamCounts>>): void {
    const unreadable = new Set<string>();
    let isBehind = false;
    for (const [stream, watched] of this.#streams) {
      if ("sender" in watched) continue;
      const now = counts[stream];
      const { before, deviceId } = watched;
      watched.before = now;
      if (now === undefined || before === undefined) continue;
      if (now.seen - before.seen < 5 || now.passed > before.passed) continue;
      unreadable.add(deviceId);
      isBehind ||= (now.dropped.UNKNOWN_EPOCH ?? 0) > (before.dropped.UNKNOWN_EPOCH ?? 0);
    }
    if (isBehind && this.keys.state === "SWITCHED") void this.keys.requestSync();
    const next = [...unreadable].sort();
    if (next.join() === this.#unreadable.join()) return;
    this.#unreadable = next;
    this.#tell();
  }

  #onLeak(stream: string, sender: RTCRtpSender): void {
    void sender.replaceTrack(null).catch(() => undefined);
    this.forget(stream);
    this.keys.fault("PLAINTEXT_LEAK");
    this.#host.onLeak(sender);
  }
}

const transformFailed = "E2EE_TRANSFORM_FAILED";

/** Which device each socket was told of. */
const announced = new WeakMap<SignalingSession, string>();

/** Blocked in some settings, and absent outside of browsers. */
function tabStorage(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}
