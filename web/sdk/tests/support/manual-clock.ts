import type { Clock, TimerHandle } from "../../src/support/runtime.js";

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Lets every promise that is already resolved run its continuations. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 60; turn++) await Promise.resolve();
}

/** Virtual time: nothing moves until a test says so. */
export class ManualClock implements Clock {
  #now = 1_000_000;
  #order = 0;
  #timers = new Map<object, Timer>();

  now(): number {
    return this.#now;
  }

  setTimeout(run: () => void, ms: number): TimerHandle {
    const handle = {};
    this.#timers.set(handle, { at: this.#now + ms, order: this.#order++, run });
    return handle;
  }

  clearTimeout(handle: TimerHandle): void {
    this.#timers.delete(handle as object);
  }

  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Moves time forward, firing timers in order and letting promises settle after each. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const next = this.#nextDue(end);
      if (next === undefined) break;
      const [handle, timer] = next;
      this.#timers.delete(handle);
      this.#now = Math.max(this.#now, timer.at);
      timer.run();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  #nextDue(end: number): [object, Timer] | undefined {
    let best: [object, Timer] | undefined;
    for (const entry of this.#timers) {
      if (entry[1].at > end) continue;
      const earlier = best === undefined || entry[1].at < best[1].at;
      if (earlier || (best !== undefined && entry[1].at === best[1].at && entry[1].order < best[1].order))
        best = entry;
    }
    return best;
  }
}
