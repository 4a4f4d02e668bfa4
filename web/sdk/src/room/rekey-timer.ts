import type { Clock, TimerHandle } from "../support/runtime.js";

export const defaultRekeyIntervalMs = 120_000;
/** Below this, rekeys would outrun slow members. */
export const rekeyIntervalFloorMs = 30_000;

/** Reads VITE_CALLS_V2_REKEY_INTERVAL_MS: missing or unreadable means the default, too small means the floor. */
export function rekeyInterval(text: string | number | undefined): number {
  const value = Number(text ?? Number.NaN);
  if (!Number.isFinite(value) || value <= 0) return defaultRekeyIntervalMs;
  return Math.max(rekeyIntervalFloorMs, value);
}

/** Asks for a rekey at a steady interval while this device leads the room; never two at once. */
export class RekeyTimer {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #rekey: () => Promise<void>;
  readonly #isLeader: () => boolean;
  #timer: TimerHandle | undefined;

  constructor(clock: Clock, intervalMs: number, isLeader: () => boolean, rekey: () => Promise<void>) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#isLeader = isLeader;
    this.#rekey = rekey;
  }

  start(): void {
    this.stop();
    this.#timer = this.#clock.setTimeout(() => this.#tick(), this.#intervalMs);
  }

  stop(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const armed = this.#timer;
    const again = () => {
      if (this.#timer === armed) this.start();
    };
    if (this.#isLeader()) this.#rekey().then(again, again);
    else again();
  }
}
