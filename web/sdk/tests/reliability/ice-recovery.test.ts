import { describe, expect, it } from "vitest";
import type { CallError } from "../../src/errors.js";
import { IceRecovery, type IceRecoveryState, iceRecoveryTransitions } from "../../src/media/ice-recovery.js";
import { ManualClock } from "../support/manual-clock.js";

function watch(restart: () => Promise<void> = async () => undefined) {
  const clock = new ManualClock();
  const steps: [IceRecoveryState, IceRecoveryState][] = [];
  const failures: CallError[] = [];
  const facts = { restarts: [] as number[], signalling: true };
  let last: IceRecoveryState = "idle";
  const recovery: IceRecovery = new IceRecovery(clock, {
    restart: () => {
      facts.restarts.push(clock.now());
      return restart();
    },
    canRestart: () => facts.signalling,
    onState: state => {
      steps.push([last, state]);
      last = state;
    },
    onFailed: error => failures.push(error),
  });
  return { clock, recovery, steps, failures, facts };
}

describe("ICE recovery", () => {
  it("does nothing about a disconnection that heals within five seconds", async () => {
    const { clock, recovery, facts } = watch();
    recovery.onConnectionState("connected");
    recovery.onConnectionState("disconnected");
    await clock.advance(4_999);
    recovery.onConnectionState("connected");
    await clock.advance(60_000);
    expect(facts.restarts).toEqual([]);
    expect(recovery.state).toBe("connected");
  });

  it("restarts after the grace period and a second", async () => {
    const { clock, recovery, facts } = watch();
    recovery.onConnectionState("connected");
    recovery.onConnectionState("disconnected");
    await clock.advance(5_999);
    expect(facts.restarts).toHaveLength(0);
    await clock.advance(1);
    expect(facts.restarts).toHaveLength(1);
    recovery.onConnectionState("connected");
    expect(recovery.state).toBe("connected");
    expect(recovery.attempt).toBe(0);
  });

  it("tries three times at 1, 2 and 4 s and then fails for good, with a code", async () => {
    const { clock, recovery, facts, failures } = watch();
    recovery.onConnectionState("connected");
    const start = clock.now();
    recovery.onConnectionState("failed");
    await clock.advance(120_000);
    expect(facts.restarts.map(at => at - start)).toEqual([1_000, 9_000, 19_000]);
    expect(failures.map(error => error.code)).toEqual(["MEDIA_CONNECTION_FAILED"]);
    expect(recovery.state).toBe("failed");
    expect(clock.pendingTimers).toBe(0);
  });

  it("a restart that is refused counts as a try", async () => {
    const { clock, recovery, facts, failures } = watch(() => Promise.reject(new Error("refused")));
    recovery.onConnectionState("connected");
    const start = clock.now();
    recovery.onConnectionState("failed");
    await clock.advance(60_000);
    expect(facts.restarts.map(at => at - start)).toEqual([1_000, 3_000, 7_000]);
    expect(failures).toHaveLength(1);
  });

  it("a connection that never comes up is restarted and then given up, never left hanging", async () => {
    const { clock, recovery, failures } = watch();
    recovery.onConnectionState("connecting");
    await clock.advance(10_000 + 1_000 + 6_000 + 2_000 + 6_000 + 4_000 + 6_000);
    expect(failures).toHaveLength(1);
  });

  it("waits for signalling instead of wasting tries", async () => {
    const { clock, recovery, facts } = watch();
    facts.signalling = false;
    recovery.onConnectionState("connected");
    recovery.onConnectionState("failed");
    await clock.advance(30_000);
    expect(facts.restarts).toHaveLength(0);
    facts.signalling = true;
    await clock.advance(1_000);
    expect(facts.restarts).toHaveLength(1);
  });

  it("closing stops it from any state", async () => {
    const { clock, recovery, facts } = watch();
    recovery.onConnectionState("failed");
    recovery.close();
    recovery.onConnectionState("connected");
    recovery.kick();
    await clock.advance(60_000);
    expect(facts.restarts).toHaveLength(0);
    expect(recovery.state).toBe("closed");
  });

  it("a late connection revives even a failed transport", async () => {
    const { clock, recovery } = watch();
    recovery.onConnectionState("failed");
    await clock.advance(120_000);
    recovery.onConnectionState("connected");
    expect(recovery.state).toBe("connected");
  });

  it("walks only along its table, whatever the browser reports and when", async () => {
    const states = ["connecting", "connected", "disconnected", "failed", "new"] as const;
    for (let seed = 1; seed <= 200; seed++) {
      let random = seed;
      const next = (bound: number) => {
        random = (random * 48_271) % 2_147_483_647;
        return random % bound;
      };
      const { clock, recovery, steps } = watch(() =>
        next(2) === 0 ? Promise.resolve() : Promise.reject(new Error("no")),
      );
      for (let step = 0; step < 30; step++) {
        if (next(8) === 0) recovery.kick();
        recovery.onConnectionState(states[next(states.length)] ?? "new");
        await clock.advance(next(9_000));
      }
      recovery.close();
      for (const [from, to] of steps)
        expect(iceRecoveryTransitions[from], `seed ${seed}: ${from} to ${to}`).toContain(to);
    }
  });
});
