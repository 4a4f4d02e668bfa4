import { beforeEach, describe, expect, it } from "vitest";
import {
  type KeyCommand,
  type KeyRole,
  type KeyState,
  KeyStateMachine,
  keyTransitions,
} from "../../src/e2ee/session/key-state.js";
import { ManualClock } from "../support/manual-clock.js";
import { seeded } from "./bytes.js";

let clock: ManualClock;
let commands: string[];
let machine: KeyStateMachine;

function text(command: KeyCommand): string {
  if (command.do === "activate") return `activate ${command.epoch} overlap ${command.overlapMs}`;
  return command.do === "fail" ? `fail ${command.reason}` : command.do;
}

const taken = () => commands.splice(0);

beforeEach(() => {
  clock = new ManualClock();
  commands = [];
  machine = new KeyStateMachine(clock, command => commands.push(text(command)));
});

/** In and sending with epoch 1. */
function established(): void {
  machine.policy("join");
  machine.leased();
  machine.processing();
  machine.adopted(1, 1_000, 10_000);
  machine.active(1);
  taken();
}

describe("the states of a device's keys", () => {
  it.each<[KeyRole, KeyState]>([
    ["create", "CREATE"],
    ["join", "LEASE_WAIT"],
    ["resync", "RESYNC"],
    ["resume", "RESYNC"],
  ])("begin as the server says: %s leads to %s", (role, state) => {
    machine.policy(role);
    expect(machine.state).toBe(state);
    expect(taken()).toEqual(role === "resume" ? ["resync"] : []);
  });

  it("go from a lease to sending", () => {
    machine.policy("join");
    expect(machine.leased()).toBe(true);
    expect(machine.state).toBe("COMMITTING");
    machine.processing();
    machine.adopted(7, 1_000, 10_000);
    expect(machine.state).toBe("READY");
    machine.active(7);
    expect(machine.state).toBe("SWITCHED");
    expect(taken()).toEqual(["activate 7 overlap 10000"]);
  });

  it("switch by themselves when the word to do so is lost", async () => {
    machine.policy("join");
    machine.leased();
    machine.adopted(7, 500, 2_000);
    await clock.advance(499);
    expect(taken()).toEqual([]);
    await clock.advance(1);
    expect(taken()).toEqual(["activate 7 overlap 2000"]);
    machine.active(7);
    expect(taken()).toEqual([]);
  });

  it("take no word for an epoch that is not theirs, nor an older one", () => {
    established();
    machine.active(2);
    machine.adopted(1, 1_000, 0);
    machine.adopted(0, 1_000, 0);
    expect(machine.epoch).toBe(1);
    expect(taken()).toEqual([]);
  });

  it("wait on when a lease is lost", () => {
    machine.policy("join");
    machine.leased();
    machine.leaseLost();
    expect(machine.state).toBe("LEASE_WAIT");
    machine.leased();
    machine.adopted(1, 0, 0);
    machine.leased();
    machine.leaseLost();
    expect(machine.state).toBe("READY");
  });

  it("send on for a while without a connection, then fail closed, and open again when nothing was missed", async () => {
    established();
    machine.offline();
    expect(machine.state).toBe("OFFLINE");
    await clock.advance(9_999);
    expect(taken()).toEqual([]);
    await clock.advance(1);
    expect(taken()).toEqual(["mute"]);
    machine.policy("resume");
    expect(machine.state).toBe("SYNC");
    expect(taken()).toEqual(["sync"]);
    machine.synced(true);
    expect(machine.state).toBe("SWITCHED");
    expect(taken()).toEqual(["unmute"]);
  });

  it("catch up after a short outage", async () => {
    established();
    machine.offline();
    await clock.advance(3_000);
    machine.policy("resume");
    machine.processing();
    machine.adopted(2, 1_000, 10_000);
    machine.processing();
    machine.adopted(3, 1_000, 10_000);
    machine.synced(true);
    expect(taken()).toEqual(["sync", "activate 3 overlap 10000"]);
    expect(machine.state).toBe("SWITCHED");
    await clock.advance(60_000);
    expect(taken()).toEqual([]);
  });

  it("fail closed at once on a fault, resync three times at 0.5, 1 and 2 s, then give up and say why", async () => {
    established();
    for (const backoff of [500, 1_000, 2_000]) {
      machine.fault("BAD_COMMIT");
      expect(machine.state).toBe("MUTED");
      await clock.advance(backoff - 1);
      expect(taken().filter(command => command !== "mute")).toEqual([]);
      await clock.advance(1);
      expect(taken()).toEqual(["resync"]);
      expect(machine.state).toBe("RESYNC");
    }
    machine.fault("TAG_MISMATCH");
    expect(machine.state).toBe("FAILED");
    expect(taken()).toEqual(["fail TAG_MISMATCH"]);
    machine.policy("join");
    expect(machine.leased()).toBe(false);
    expect(machine.state).toBe("FAILED");
    await clock.advance(600_000);
    expect(taken()).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("send again only once a new epoch is active, and count tries anew after a minute", async () => {
    established();
    for (let round = 0, epoch = 2; round < 5; round++, epoch++) {
      machine.fault("BAD_COMMIT");
      await clock.advance(500);
      machine.leased();
      machine.adopted(epoch, 1_000, 10_000);
      expect(taken()).toEqual(["mute", "resync"]);
      machine.active(epoch);
      expect(taken()).toEqual([`activate ${epoch} overlap 10000`, "unmute"]);
      await clock.advance(60_000);
    }
  });

  it("take a lease that never comes for a fault", async () => {
    machine.policy("join");
    await clock.advance(30_000 + 500 + 30_000 + 1_000 + 30_000 + 2_000 + 30_000);
    expect(machine.state).toBe("FAILED");
    expect(taken()).toEqual(["mute", "resync", "resync", "resync", "fail NO_LEASE"]);
  });

  it("wait as long as the server says after an eviction", async () => {
    established();
    machine.fault("EVICTED", 60_000);
    await clock.advance(59_999);
    expect(taken()).toEqual(["mute"]);
    await clock.advance(1);
    expect(taken()).toEqual(["resync"]);
  });

  it("never leave the table, never send unmuted after a fault, and never go back, whatever happens", async () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seeded(seed);
      let muted = false;
      let sending = -1;
      clock = new ManualClock();
      machine = new KeyStateMachine(
        clock,
        command => {
          if (command.do === "mute") muted = true;
          if (command.do === "unmute") muted = false;
          if (command.do !== "activate") return;
          expect(command.epoch, `seed ${seed}`).toBeGreaterThan(sending);
          sending = command.epoch;
        },
        (state, previous) => expect(keyTransitions[previous], `seed ${seed}`).toContain(state),
      );
      const steps: (() => void | Promise<void>)[] = [
        () =>
          machine.policy(
            (["create", "join", "resume", "resync"] as const)[Math.floor(random() * 4)] ?? "join",
          ),
        () => void machine.leased(),
        () => machine.leaseLost(),
        () => machine.processing(),
        () => machine.adopted(machine.epoch + Math.floor(random() * 3), 1_000, 10_000),
        () => machine.active(machine.epoch),
        () => machine.synced(random() < 0.5),
        () => machine.offline(),
        () => clock.advance(random() * 5_000),
      ];
      for (let step = 0; step < 120; step++) {
        if (random() < 0.05) {
          machine.fault("POLICY");
          if (machine.state !== "FAILED") expect(muted, `seed ${seed}, step ${step}`).toBe(true);
        } else await steps[Math.floor(random() * steps.length)]?.();
        if (machine.state === "MUTED" || machine.state === "FAILED") expect(muted, `seed ${seed}`).toBe(true);
      }
    }
  });
});
