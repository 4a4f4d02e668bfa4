import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { memberId } from "../../src/e2ee/member-id.js";
import { StreamKind } from "../../src/e2ee/sframe/kid.js";
import type { EncodedFrame } from "../../src/e2ee/worker/protocol.js";
import { ManualClock } from "../support/manual-clock.js";
import { DeliveryService, TestClient } from "./delivery-service.js";

let clock: ManualClock;
let service: DeliveryService;
let clients: TestClient[];

beforeEach(() => {
  clock = new ManualClock();
  service = new DeliveryService();
  clients = [];
});

afterEach(() => {
  for (const client of clients) client.close();
});

const soon = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

async function enter(dev: string): Promise<TestClient> {
  const client = await new TestClient(dev, service, clock).open();
  clients.push(client);
  service.enter(client);
  await soon(() => expect(client.keys.state, client.refusals.join()).toBe("SWITCHED"));
  return client;
}

async function room(...devs: string[]): Promise<TestClient[]> {
  const entered: TestClient[] = [];
  for (const dev of devs) entered.push(await enter(dev));
  await everybodyAt(entered, service.epoch);
  return entered;
}

function at(list: readonly TestClient[], index: number): TestClient {
  const client = list[index];
  if (client === undefined) throw new Error(`nobody at ${index}`);
  return client;
}

async function everybodyAt(members: readonly TestClient[], epoch: number): Promise<void> {
  await soon(() => {
    for (const { keys, refusals } of members) {
      expect(refusals).toEqual([]);
      expect([keys.epoch, keys.state]).toEqual([epoch, "SWITCHED"]);
    }
  });
  // The worker was told to switch; what is asked after it is answered after it.
  for (const { client } of members) await client.request("mute", { muted: false });
}

class Frame implements EncodedFrame {
  data: ArrayBuffer;
  constructor(bytes: readonly number[]) {
    this.data = Uint8Array.from(bytes).buffer;
  }
  getMetadata() {
    return { mimeType: "audio/opus" };
  }
}

/** A stream from one device to another, through the transforms of both. */
function line(from: TestClient, to: TestClient, claimed = from) {
  const wire = new TransformStream<EncodedFrame, EncodedFrame>();
  const sent = new TransformStream<EncodedFrame, EncodedFrame>();
  const heard: EncodedFrame[] = [];
  const stream = `${from.dev}-${to.dev}`;
  from.core.attach(
    { side: "send", stream, kind: StreamKind.audio },
    { readable: sent.readable, writable: wire.writable },
  );
  const member = memberId(`u-${claimed.dev}`, claimed.dev);
  const writable = new WritableStream<EncodedFrame>({ write: frame => void heard.push(frame) });
  to.core.attach(
    { side: "receive", stream, kind: StreamKind.audio, member, codec: undefined },
    { readable: wire.readable, writable },
  );
  const writer = sent.writable.getWriter();
  return {
    heard,
    say: (...bytes: number[]) => writer.write(new Frame(bytes)),
    counts: () => to.client.request("counts", {}),
  };
}

describe("keys over a room's life", () => {
  it("one creates, others join, all agree and hear each other", async () => {
    const members = await room("a", "b", "c");
    await everybodyAt(members, 3);
    expect(at(members, 2).view?.members.map(({ deviceId }) => deviceId)).toEqual(["a", "b", "c"]);
    const toC = line(at(members, 0), at(members, 2));
    await toC.say(1, 2, 3);
    await soon(() => expect(toC.heard.map(({ data }) => [...new Uint8Array(data)])).toEqual([[1, 2, 3]]));
  });

  it("a rekey on request moves everybody on, without a gap in what is heard", async () => {
    const members = await room("a", "b");
    const toB = line(at(members, 0), at(members, 1));
    for (let round = 0; round < 5; round++) {
      await toB.say(round);
      await at(members, 1).keys.requestRekey("test");
      await everybodyAt(members, 3 + round);
    }
    await soon(() => expect(toB.heard).toHaveLength(5));
  });

  it("who was kicked decrypts nothing that is said afterwards, with all keys it had", async () => {
    const members = await room("a", "b", "c");
    const [a, b, c] = [at(members, 0), at(members, 1), at(members, 2)];
    const toC = line(a, c);
    await toC.say(1);
    await soon(() => expect(toC.heard).toHaveLength(1));
    service.kick("c");
    await everybodyAt([a, b], 4);
    for (let word = 0; word < 5; word++) await toC.say(word);
    await soon(async () => expect((await toC.counts())["a-c"]?.dropped).toEqual({ UNKNOWN_EPOCH: 5 }));
    expect(toC.heard).toHaveLength(1);
  });

  it("frames of another member than announced are dropped", async () => {
    const members = await room("a", "b", "c");
    const toC = line(at(members, 0), at(members, 2), at(members, 1));
    await toC.say(1);
    await soon(async () => expect((await toC.counts())["a-c"]?.dropped).toEqual({ WRONG_SENDER: 1 }));
  });

  it("who was away catches up from the log, and after too long by a resync", async () => {
    const members = await room("a", "b");
    const [a, b] = [at(members, 0), at(members, 1)];
    for (const away of [3, 12]) {
      b.keys.offline();
      b.connected = false;
      service.clients.delete("b");
      const before = a.keys.epoch;
      for (let round = 1; round <= away; round++) {
        service.want("a", "periodic");
        await everybodyAt([a], before + round);
      }
      b.connected = true;
      service.clients.set("b", b);
      b.keys.onPolicy(service.policy("resume"));
      const missed = before + away;
      await everybodyAt([a, b], away > 8 ? missed + 1 : missed);
    }
    expect(service.log.at(-1)?.epoch).toBe(2 + 3 + 12 + 1);
  });

  it("a page loaded anew comes back in its own place", async () => {
    const [a] = await room("a", "b");
    const again = await new TestClient("b", service, clock).open();
    clients.push(again);
    service.clients.set("b", again);
    again.keys.onPolicy(service.policy("resume"));
    await everybodyAt([a as TestClient, again], 3);
    expect(again.view?.members).toHaveLength(2);
  });
});

describe("what goes wrong", () => {
  it("a commit that was changed on its way: told, muted, resynced, heard again", async () => {
    const [a, b] = (await room("a", "b")) as [TestClient, TestClient];
    service.tamper = (to, commit) =>
      to === "b" && commit.mls?.commit !== undefined
        ? { ...commit, mls: { ...commit.mls, commit: `${commit.mls.commit.slice(0, -4)}AAAA` } }
        : commit;
    service.want("a", "periodic");
    await soon(() => expect(b.keys.state).toBe("MUTED"));
    expect(service.faults).toEqual(["b BAD_COMMIT"]);
    const toA = line(b, a);
    await toA.say(1);
    await soon(async () =>
      expect((await b.client.request("counts", {}))["b-a"]?.dropped).toEqual({ NO_KEY: 1 }),
    );
    service.tamper = undefined;
    await clock.advance(500);
    await soon(() => expect([b.keys.state, b.keys.epoch, a.keys.epoch]).toEqual(["SWITCHED", 4, 4]));
    await toA.say(2);
    await soon(() => expect(toA.heard).toHaveLength(1));
  });

  it("a removal that was not announced is refused, and after three tries the reason is told", async () => {
    const [, b] = (await room("a", "b", "c")) as [TestClient, TestClient];
    service.tamper = (to, commit) =>
      to === "b" && commit.mls !== undefined
        ? { ...commit, mls: { ...commit.mls, tag: "A".repeat(22) } }
        : commit;
    service.want("a", "periodic");
    await soon(() => expect(b.keys.state).toBe("MUTED"));
    for (const backoff of [500, 1_000, 2_000]) {
      await clock.advance(backoff);
      await soon(() => expect(["MUTED", "FAILED"]).toContain(b.keys.state));
    }
    expect([b.keys.state, b.failure]).toEqual(["FAILED", "TAG_MISMATCH"]);
    await expect(b.keys.ready()).resolves.toBe(2); // it had been ready once
  });

  it("an epoch that this tab had already is not entered again", async () => {
    const [, b] = (await room("a", "b")) as [TestClient, TestClient];
    service.epoch = 0;
    b.keys.onBegin({
      epoch: 0,
      newEpoch: 1,
      reason: "resync",
      leaseId: "x",
      mls: { removes: [], members: [], groupInfo: service.groupInfo },
    });
    await soon(() => expect(b.refusals).toEqual(["POLICY EPOCH_ROLLBACK"]));
  });

  it("a lease for a commit nobody waits for changes nothing", async () => {
    const [a] = (await room("a")) as [TestClient];
    a.keys.onBegin({
      epoch: 1,
      newEpoch: 2,
      reason: "periodic",
      leaseId: "stolen",
      mls: { removes: [], members: [] },
    });
    await soon(() => expect(a.states.at(-1)).toBe("SWITCHED"));
    expect(a.keys.epoch).toBe(1);
    service.want("a", "periodic");
    await everybodyAt([a], 2);
  });
});
