import type { Clock, TimerHandle } from "../../support/runtime.js";
import type { RefusalCode } from "../mls/refusal.js";

//  IDLE ─► CREATE ─┬─► COMMITTING ─► READY ◄──► SWITCHED        READY: the keys are there; SWITCHED: we send with them
//     └─► LEASE_WAIT ┘        ▲         │           │
//     └─► SYNC ───────────────┼─────────┘           ├─► PROCESSING ─► READY (the next epoch)
//  any ─► OFFLINE ─► SYNC ─► READY | RESYNC         └─► MUTED ─► RESYNC ─► COMMITTING │ FAILED after three
export type KeyState =
  | "IDLE"
  | "CREATE"
  | "LEASE_WAIT"
  | "COMMITTING"
  | "PROCESSING"
  | "READY"
  | "SWITCHED"
  | "OFFLINE"
  | "SYNC"
  | "MUTED"
  | "RESYNC"
  | "FAILED";

const anytime: readonly KeyState[] = ["OFFLINE", "MUTED", "FAILED", "IDLE"];
const roles: readonly KeyState[] = ["CREATE", "LEASE_WAIT", "SYNC", "RESYNC"];

/** Where each state may lead. */
export const keyTransitions: Readonly<Record<KeyState, readonly KeyState[]>> = {
  IDLE: [...roles, ...anytime],
  CREATE: ["COMMITTING", "PROCESSING", "READY", ...roles, ...anytime],
  LEASE_WAIT: ["COMMITTING", "PROCESSING", "READY", ...roles, ...anytime],
  COMMITTING: ["PROCESSING", "READY", "SWITCHED", ...roles, ...anytime],
  PROCESSING: ["READY", "SWITCHED", ...roles, ...anytime],
  READY: ["SWITCHED", "COMMITTING", "PROCESSING", ...roles, ...anytime],
  SWITCHED: ["READY", "COMMITTING", "PROCESSING", ...roles, ...anytime],
  OFFLINE: [...roles, ...anytime],
  SYNC: ["READY", "SWITCHED", "PROCESSING", "COMMITTING", ...roles, ...anytime],
  MUTED: ["READY", ...roles, ...anytime],
  RESYNC: ["COMMITTING", "PROCESSING", "READY", ...roles, ...anytime],
  FAILED: ["IDLE"],
};

/** Why keys could not be had, for good. */
export type KeyFailure =
  | RefusalCode
  | "NO_LEASE"
  | "NO_KEY"
  | "PLAINTEXT_LEAK"
  | "FRAMES_REFUSED"
  | "EVICTED"
  | "NO_ROOM_SECRET";

/** What is to be done now; the owner does it. */
export type KeyCommand =
  | { readonly do: "activate"; readonly epoch: number; readonly overlapMs: number }
  | { readonly do: "mute" }
  | { readonly do: "unmute" }
  | { readonly do: "sync" }
  | { readonly do: "resync" }
  | { readonly do: "fail"; readonly reason: KeyFailure };

export interface KeyTimings {
  /** How long the last keys are sent with while there is no connection, as long as others can read them. */
  readonly offlineMs: number;
  /** How long a lease may take to come. */
  readonly leaseMs: number;
  /** Before each resync; as many as there are tries. */
  readonly resyncBackoffMs: readonly number[];
  /** After this long without a fault the tries count from the start. */
  readonly healedMs: number;
}

export const defaultKeyTimings: KeyTimings = {
  offlineMs: 10_000,
  leaseMs: 30_000,
  resyncBackoffMs: [500, 1_000, 2_000],
  healedMs: 60_000,
};

export type KeyRole = "create" | "join" | "resume" | "resync";

/** The states of this device's keys (design §4.5): pure, owned by the main thread, time from the clock it is given. */
export class KeyStateMachine {
  // given
  readonly #clock: Clock;
  readonly #out: (command: KeyCommand) => void;
  readonly #onState: (state: KeyState, previous: KeyState) => void;
  readonly #timings: KeyTimings;
  // state
  #state: KeyState = "IDLE";
  #epoch = -1;
  #sending = -1;
  #muted = false;
  #overlapMs = 0;
  #activateInMs = 1_000;
  #tries = 0;
  #timers = new Map<"activate" | "offline" | "lease" | "resync" | "healed", TimerHandle>();

  constructor(
    clock: Clock,
    out: (command: KeyCommand) => void,
    onState: (state: KeyState, previous: KeyState) => void = () => undefined,
    timings: KeyTimings = defaultKeyTimings,
  ) {
    this.#clock = clock;
    this.#out = out;
    this.#onState = onState;
    this.#timings = timings;
  }

  get state(): KeyState {
    return this.#state;
  }

  /** The epoch whose keys are here; -1 before the first. */
  get epoch(): number {
    return this.#epoch;
  }

  /** The server told what this device is to do. */
  policy(role: KeyRole): void {
    if (this.#state === "FAILED") return;
    this.#stop("offline");
    if (role === "resume" && this.#epoch >= 0) {
      this.#enter("SYNC");
      this.#start("lease", this.#timings.leaseMs, () => this.fault("NO_LEASE"));
      this.#out({ do: "sync" });
      return;
    }
    this.#awaitLease(role === "create" ? "CREATE" : role === "join" ? "LEASE_WAIT" : "RESYNC");
    // A page that was loaded anew has the server's trust and no keys.
    if (role === "resume") this.#out({ do: "resync" });
  }

  /** A lease is ours. False when it comes at a time when nothing may be committed. */
  leased(): boolean {
    if (!keyTransitions[this.#state].includes("COMMITTING")) return false;
    this.#stop("lease");
    this.#enter("COMMITTING");
    return true;
  }

  /** Somebody else was first, or the lease ran out; another will come. */
  leaseLost(): void {
    if (this.#state !== "COMMITTING") return;
    if (this.#epoch < 0 || this.#muted) this.#awaitLease("LEASE_WAIT");
    else this.#enter(this.#sending === this.#epoch ? "SWITCHED" : "READY");
  }

  processing(): void {
    if (keyTransitions[this.#state].includes("PROCESSING")) this.#enter("PROCESSING");
  }

  /** The keys of an epoch are here: they are sent with when the server says so, or after `activateInMs` without word. */
  adopted(epoch: number, activateInMs: number, overlapMs: number): void {
    if (this.#state === "FAILED" || this.#state === "IDLE" || epoch <= this.#epoch) return;
    this.#epoch = epoch;
    this.#overlapMs = overlapMs;
    this.#activateInMs = activateInMs;
    this.#stop("lease");
    this.#stop("resync");
    if (this.#state === "OFFLINE") return; // known, but to be confirmed
    this.#enter("READY");
    this.#start("activate", activateInMs, () => this.active(epoch));
  }

  /** Senders switch now. */
  active(epoch: number): void {
    if (epoch !== this.#epoch || this.#sending === epoch) return;
    if (this.#state === "FAILED" || this.#state === "OFFLINE" || this.#state === "MUTED") return;
    this.#stop("activate");
    this.#sending = epoch;
    this.#out({ do: "activate", epoch, overlapMs: this.#overlapMs });
    this.#unmute();
    if (this.#state === "READY") this.#enter("SWITCHED");
    if (this.#tries > 0) this.#start("healed", this.#timings.healedMs, () => (this.#tries = 0));
  }

  /** The server said that nothing was missed, or everything missed was processed. */
  synced(isActive: boolean): void {
    if (this.#state !== "SYNC" && this.#state !== "PROCESSING" && this.#state !== "READY") return;
    this.#stop("lease");
    this.#enter(this.#sending === this.#epoch ? "SWITCHED" : "READY");
    if (this.#sending === this.#epoch) this.#unmute();
    else if (isActive) this.active(this.#epoch);
    else this.#start("activate", this.#activateInMs, () => this.active(this.#epoch));
  }

  /** Fails closed: nothing is sent until a new epoch is active. Tries again, three times. */
  fault(reason: KeyFailure, afterMs = 0): void {
    if (this.#state === "FAILED") return;
    this.#mute();
    for (const timer of ["activate", "lease", "healed"] as const) this.#stop(timer);
    if (this.#state === "OFFLINE") return; // the next connection begins with a resync or a sync anyway
    const backoff = this.#timings.resyncBackoffMs[this.#tries];
    if (backoff === undefined) {
      this.#fail(reason);
      return;
    }
    this.#tries++;
    this.#enter("MUTED");
    this.#start("resync", Math.max(backoff, afterMs), () => {
      this.#awaitLease("RESYNC");
      this.#out({ do: "resync" });
    });
  }

  offline(): void {
    if (this.#state === "IDLE" || this.#state === "FAILED" || this.#state === "OFFLINE") return;
    for (const timer of ["activate", "lease", "resync"] as const) this.#stop(timer);
    this.#enter("OFFLINE");
    this.#start("offline", this.#timings.offlineMs, () => this.#mute());
  }

  /** The call is over, or begins again. */
  reset(): void {
    for (const timer of [...this.#timers.keys()]) this.#stop(timer);
    this.#epoch = -1;
    this.#sending = -1;
    this.#tries = 0;
    this.#muted = false;
    this.#enter("IDLE");
  }

  /** The keys this device had are of no use, its number of the epoch stays: it never goes back. */
  #awaitLease(state: "CREATE" | "LEASE_WAIT" | "RESYNC"): void {
    this.#stop("activate");
    this.#enter(state);
    this.#start("lease", this.#timings.leaseMs, () => this.fault("NO_LEASE"));
  }

  #fail(reason: KeyFailure): void {
    for (const timer of [...this.#timers.keys()]) this.#stop(timer);
    this.#enter("FAILED");
    this.#out({ do: "fail", reason });
  }

  #mute(): void {
    if (this.#muted) return;
    this.#muted = true;
    this.#out({ do: "mute" });
  }

  #unmute(): void {
    if (!this.#muted) return;
    this.#muted = false;
    this.#out({ do: "unmute" });
  }

  #enter(state: KeyState): void {
    const previous = this.#state;
    if (previous === state) return;
    if (!keyTransitions[previous].includes(state)) throw new Error(`No way from ${previous} to ${state}`);
    this.#state = state;
    this.#onState(state, previous);
  }

  #start(name: "activate" | "offline" | "lease" | "resync" | "healed", ms: number, run: () => void): void {
    this.#stop(name);
    const timer = this.#clock.setTimeout(() => {
      this.#timers.delete(name);
      run();
    }, ms);
    this.#timers.set(name, timer);
  }

  #stop(name: "activate" | "offline" | "lease" | "resync" | "healed"): void {
    const timer = this.#timers.get(name);
    if (timer !== undefined) this.#clock.clearTimeout(timer);
    this.#timers.delete(name);
  }
}
