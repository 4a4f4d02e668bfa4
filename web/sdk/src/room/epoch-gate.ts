import type { KeyAgreement } from "../e2ee/session/key-agreement.js";
import { CallError } from "../errors.js";
import type {
  ClientMessages,
  ClientMessageType,
  ServerMessages,
  ServerMessageType,
} from "../protocol/messages.js";
import type { SignalingConnection, SignalingSession } from "../signaling/connection.js";
import type { Expectation } from "../signaling/socket.js";
import { EpochGuard } from "./epoch-guard.js";

/** How often a media request is tried again after the gate named a newer epoch. */
const gateRetries = 3;
/** The same while keys are on their way to the next epoch: 0.1 s, doubling, 6.3 s in all. */
const keyRetries = 6;
const keyRetryMs = 100;
/** How often readiness is declared anew because the room has moved on: each of many who come at once moves it. */
const readyRetries = 10;

export interface EpochGateHost {
  readonly roomId: string;
  readonly connection: SignalingConnection;
  /** Undefined where the room only counts epochs. With it, an epoch is ready when its keys are. */
  readonly keys: () => KeyAgreement | undefined;
  readonly onEpoch: (epoch: number) => void;
  readonly onProblem: (error: CallError) => void;
}

/** The room's E2EE gate as this device sees it: which epoch is due, whether it declared itself ready, and requests that need both. */
export class EpochGate {
  readonly #host: EpochGateHost;
  readonly #epochs = new EpochGuard();

  constructor(host: EpochGateHost) {
    this.#host = host;
  }

  get epoch(): number {
    return this.#epochs.epoch;
  }

  /** The room told its epoch at the join: declares readiness for it, on the session that joins. */
  async enter(session: SignalingSession, joinedEpoch: number): Promise<void> {
    const keys = this.#host.keys();
    if (keys !== undefined) {
      this.#epochs.markReady(await keys.ready());
      return;
    }
    if (this.#epochs.adopt(joinedEpoch) === "rollback") this.#onRollback(joinedEpoch);
    await this.#declareReady(session);
    this.#host.onEpoch(this.#epochs.epoch);
  }

  /** A new socket: readiness has to be declared again. */
  clearReadiness(): void {
    this.#epochs.clearReadiness();
  }

  /** The server may have started anew: its numbers begin again, and so do ours. Not those that keys belong to, which only go up. */
  reset(): void {
    if (this.#host.keys() === undefined) this.#epochs.reset();
    else this.#epochs.clearReadiness();
  }

  /** The keys of an epoch are here. */
  onKeys(epoch: number): void {
    this.#epochs.adopt(epoch);
    this.#host.onEpoch(epoch);
  }

  /** Moves the room to the next epoch. */
  async rekey(): Promise<void> {
    const { connection, roomId } = this.#host;
    const keys = this.#host.keys();
    if (keys !== undefined) {
      await keys.requestRekey("asked");
      return;
    }
    const epoch = this.#epochs.epoch + 1;
    await connection.request("REKEY_BEGIN", { roomId, epoch });
    await connection.request("REKEY_COMMIT", { roomId, epoch });
    await this.onCommitted(epoch);
  }

  async onCommitted(epoch: number): Promise<void> {
    const verdict = this.#epochs.adopt(epoch);
    if (verdict === "rollback") this.#onRollback(epoch);
    if (verdict !== "adopted") return;
    this.#epochs.clearReadiness();
    this.#host.onEpoch(epoch);
    try {
      await this.#declareReady();
    } catch (error) {
      // The gate tells the expected epoch at the next media request, which then declares readiness again.
      this.#host.onProblem(CallError.from(error));
    }
  }

  /** A request behind the gate: when the gate names a newer epoch, declare readiness for it and ask again. */
  async request<Type extends ClientMessageType, Reply extends ServerMessageType>(
    type: Type,
    payload: ClientMessages[Type],
    expectation?: Expectation<Reply>,
  ): Promise<ServerMessages[Reply]> {
    const { connection } = this.#host;
    for (let attempt = 0; ; attempt++) {
      try {
        const request =
          expectation === undefined
            ? connection.request(type, payload)
            : connection.request(type, payload, expectation);
        return (await request) as ServerMessages[Reply];
      } catch (error) {
        const keys = this.#host.keys();
        const retries = keys === undefined ? gateRetries : keyRetries;
        if (!(error instanceof CallError) || error.code !== "E2EE_NOT_READY" || attempt >= retries)
          throw error;
        if (keys !== undefined) {
          await keys.ready();
          await this.#pause(keyRetryMs * 2 ** attempt);
          continue;
        }
        const expected = error.details.expectedEpoch;
        if (typeof expected === "number") this.#epochs.adopt(expected);
        await this.#declareReady();
      }
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise(resolve => void this.#host.connection.runtime.clock.setTimeout(resolve, ms));
  }

  /** The room may move on while it is told, when somebody else comes in the same moment: then the newer epoch is declared. */
  async #declareReady(through: Pick<SignalingSession, "request"> = this.#host.connection): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const epoch = this.#epochs.epoch;
      try {
        await through.request("E2EE_READY", { roomId: this.#host.roomId, epoch });
        this.#epochs.markReady(epoch);
        return;
      } catch (error) {
        if (!(error instanceof CallError) || error.code !== "E2EE_EPOCH_MISMATCH" || attempt >= readyRetries)
          throw error;
        const expected = error.details.expectedEpoch;
        if (typeof expected === "number") this.#epochs.adopt(expected);
        if (this.#epochs.epoch <= epoch) throw error;
      }
    }
  }

  #onRollback(epoch: number): void {
    const message = `The room announced epoch ${epoch} after ${this.#epochs.epoch}; it was not followed`;
    this.#host.onProblem(new CallError("EPOCH_ROLLBACK", message, { details: { epoch } }));
  }
}
