import type { Clock, TimerHandle } from "../support/runtime.js";

export const defaultRekeyIntervalMs = 120_000;
/** Below this, rekeys would outrun slow members. */
export const rekeyIntervalFloorMs = 30_000;
/** After someone came or went: wait this long for others who come or go with them. */
export const rekeyGatherMs = 1_000;
/** The server takes five rekeys a minute from one device; this stays below it. */
export const rekeySpacingMs = 15_000;

/** Reads VITE_CALLS_V2_REKEY_INTERVAL_MS: missing or unreadable means the default, too small means the floor. */
export function rekeyInterval(text: string | number | undefined): number {
  const value = Number(text ?? Number.NaN);
  if (!Number.isFinite(value) || value <= 0) return defaultRekeyIntervalMs;
  return Math.max(rekeyIntervalFloorMs, value);
}

/** Asks for a rekey at a steady interval, and soon after the member set changed, while this device leads; never two at once. */
export class RekeyTimer {
  // given
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #rekey: () => Promise<void>;
  readonly #isLeader: () => boolean;
  // state
  #timer: TimerHandle | undefined;
  #dueAt = 0;
  #earliest = 0;
  #running = false;
  #busy = false;
  #again = false;

  constructor(clock: Clock, intervalMs: number, isLeader: () => boolean, rekey: () => Promise<void>) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#isLeader = isLeader;
    this.#rekey = rekey;
  }

  start(): void {
    this.#running = true;
    this.#arm(this.#clock.now() + this.#intervalMs);
  }

  /** The member set changed. */
  soon(): void {
    if (!this.#running) return;
    if (this.#busy) {
      this.#again = true;
      return;
    }
    const due = Math.max(this.#clock.now() + rekeyGatherMs, this.#earliest);
    if (due < this.#dueAt) this.#arm(due);
  }

  stop(): void {
    this.#running = false;
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(dueAt: number): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = this.#clock.setTimeout(() => void this.#tick(), dueAt - this.#clock.now());
  }

  async #tick(): Promise<void> {
    this.#timer = undefined;
    if (this.#isLeader()) {
      this.#earliest = this.#clock.now() + rekeySpacingMs;
      this.#busy = true;
      await this.#rekey().catch(() => undefined);
      this.#busy = false;
    }
    if (!this.#running) return;
    this.#arm(this.#clock.now() + this.#intervalMs);
    if (this.#again) {
      this.#again = false;
      this.soon();
    }
  }
}
