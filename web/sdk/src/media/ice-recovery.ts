import type { types as ms } from "mediasoup-client";
import { CallError, SdkErrorCode } from "../errors.js";
import type { Clock, TimerHandle } from "../support/runtime.js";

export interface IceRecoveryOptions {
  /** "disconnected" often heals by itself; wait this long before acting. */
  readonly graceMs: number;
  /** Wait before each ICE restart; as many entries as tries. */
  readonly delaysMs: readonly number[];
  /** How long a restart may take until the next try, or the end. */
  readonly settleMs: number;
  /** How long the first connection may take. */
  readonly connectMs: number;
}

export const defaultIceRecovery: IceRecoveryOptions = {
  graceMs: 5_000,
  delaysMs: [1_000, 2_000, 4_000],
  settleMs: 6_000,
  connectMs: 10_000,
};

export type IceRecoveryState =
  | "idle"
  | "connecting"
  | "connected"
  | "grace"
  | "delayed"
  | "restarting"
  | "failed"
  | "closed";

export const iceRecoveryTransitions: Readonly<Record<IceRecoveryState, readonly IceRecoveryState[]>> = {
  idle: ["connecting", "connected", "grace", "delayed", "closed"],
  connecting: ["connected", "delayed", "closed"],
  connected: ["grace", "delayed", "closed"],
  grace: ["connected", "delayed", "closed"],
  delayed: ["connected", "restarting", "closed"],
  restarting: ["connected", "delayed", "failed", "closed"],
  failed: ["connected", "closed"],
  closed: [],
};

export interface IceRecoveryObserver {
  /** Asks the server for new ICE parameters and applies them. */
  restart(): Promise<void>;
  /** True while a restart could be asked for: without signalling there is no point in counting tries. */
  canRestart(): boolean;
  onState(state: IceRecoveryState, attempt: number): void;
  onFailed(error: CallError): void;
}

/**
 * Watches one transport. A lost connection is given a grace period, then up to three ICE restarts;
 * after that it says so. It never hangs: every state but "connected" and the resting ones has a timer running.
 */
export class IceRecovery {
  // given
  readonly #clock: Clock;
  readonly #options: IceRecoveryOptions;
  readonly #observer: IceRecoveryObserver;
  // state
  #state: IceRecoveryState = "idle";
  #attempt = 0;
  #timer: TimerHandle | undefined;

  constructor(clock: Clock, observer: IceRecoveryObserver, options: Partial<IceRecoveryOptions> = {}) {
    this.#clock = clock;
    this.#observer = observer;
    this.#options = { ...defaultIceRecovery, ...options };
  }

  get state(): IceRecoveryState {
    return this.#state;
  }

  get attempt(): number {
    return this.#attempt;
  }

  /** The browser's connection state changed. */
  onConnectionState(state: ms.ConnectionState): void {
    if (this.#state === "closed") return;
    switch (state) {
      case "connected":
        this.#attempt = 0;
        this.#enter("connected");
        break;
      case "connecting":
        if (this.#state === "idle") this.#enter("connecting", this.#options.connectMs, () => this.#delay());
        break;
      case "disconnected":
        if (this.#state === "connected" || this.#state === "idle") {
          this.#enter("grace", this.#options.graceMs, () => this.#delay());
        }
        break;
      case "failed":
        if (this.#state !== "delayed" && this.#state !== "restarting" && this.#state !== "failed")
          this.#delay();
        break;
      default:
        break;
    }
  }

  /** The network changed, or the server said so: do not wait for the browser to notice. */
  kick(): void {
    if (this.#state === "connected" || this.#state === "grace" || this.#state === "connecting") this.#delay();
  }

  close(): void {
    if (this.#state !== "closed") this.#enter("closed");
  }

  #delay(): void {
    const delay = this.#options.delaysMs[this.#attempt];
    if (delay === undefined) {
      this.#giveUp();
      return;
    }
    this.#enter("delayed", delay, () => this.#restart());
  }

  #restart(): void {
    if (!this.#observer.canRestart()) {
      // Signalling is away; look again shortly. Its own limit ends this when it gives up.
      this.#arm(this.#options.delaysMs[0] ?? 1_000, () => this.#restart());
      return;
    }
    this.#attempt++;
    this.#enter("restarting", this.#options.settleMs, () => this.#delay());
    const attempt = this.#attempt;
    this.#observer.restart().catch(() => {
      if (this.#state === "restarting" && this.#attempt === attempt) this.#delay();
    });
  }

  #giveUp(): void {
    this.#enter("failed");
    const message = `The media connection is lost; ${this.#attempt} ICE restarts did not help`;
    this.#observer.onFailed(
      new CallError(SdkErrorCode.MediaConnectionFailed, message, {
        retryable: true,
        details: { attempts: this.#attempt },
      }),
    );
  }

  #enter(state: IceRecoveryState, timeoutMs?: number, onTimeout?: () => void): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    const changed = this.#state !== state;
    if (changed && !iceRecoveryTransitions[this.#state].includes(state)) {
      throw new Error(`ICE recovery cannot go from ${this.#state} to ${state}`);
    }
    this.#state = state;
    if (timeoutMs !== undefined && onTimeout !== undefined) this.#arm(timeoutMs, onTimeout);
    if (changed) this.#observer.onState(state, this.#attempt);
  }

  #arm(timeoutMs: number, onTimeout: () => void): void {
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = undefined;
      onTimeout();
    }, timeoutMs);
  }
}
