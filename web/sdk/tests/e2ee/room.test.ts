import { FakeMediaStreamTrack } from "fake-mediastreamtrack";
import { FakeHandler, testFakeParameters } from "mediasoup-client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { generateDeviceKey } from "../../src/e2ee/identity/device-key.js";
import type { EncryptionOptions } from "../../src/e2ee/session/room-encryption.js";
import type { WorkerLike } from "../../src/e2ee/worker/client.js";
import { E2eeCore } from "../../src/e2ee/worker/core.js";
import { serve } from "../../src/e2ee/worker/port.js";
import { CallError } from "../../src/errors.js";
import type { ClientMessageType } from "../../src/protocol/messages.js";
import { Room } from "../../src/room/room.js";
import { FakeRoomServer, ownDevice, roomId } from "../support/fake-room.js";
import type { FakeConnection } from "../support/fake-server.js";
import { type Harness, harness } from "../support/harness.js";
import { settle } from "../support/manual-clock.js";
import { DeliveryService, TestClient } from "./delivery-service.js";

interface EncryptedCall extends Harness {
  readonly room: Room;
  readonly far: FakeRoomServer;
  readonly service: DeliveryService;
  readonly peer: TestClient;
  readonly workers: WorkerLike[];
  readonly states: string[];
  readonly failures: string[];
}

/** Real cryptography on a machine that may be busy. */
vi.setConfig({ testTimeout: 20_000 });
const patience = { timeout: 10_000 };

const toClose: (() => void)[] = [];
afterEach(() => {
  for (const close of toClose.splice(0)) close();
});

const keyMessages = ["REKEY_COMMIT", "E2EE_SYNC", "E2EE_FAULT", "REKEY_REQUEST"] as const;

/** A room with somebody in it already, whose server speaks of keys; `encrypts` false is one that pretends not to. */
async function prepare(options: EncryptionOptions = {}, encrypts = true): Promise<EncryptedCall> {
  const h = harness();
  const far = new FakeRoomServer(h.server);
  const service = new DeliveryService();
  service.roomId = roomId;
  const peer = await new TestClient("peer", service, h.clock).open();
  service.enter(peer);
  const workers: WorkerLike[] = [];
  const startWorker = (): WorkerLike => {
    const { port1, port2 } = new MessageChannel();
    serve(new E2eeCore(h.clock, async () => ({ ...(await generateDeviceKey()), persistent: false })), port2);
    toClose.push(() => port1.close());
    workers.push(port1 as unknown as WorkerLike);
    return port1 as unknown as WorkerLike;
  };
  const room = new Room(h.connection, {
    roomId,
    rekeyIntervalMs: 120_000,
    statsIntervalMs: 2_000,
    handlerFactory: FakeHandler.createFactory(testFakeParameters),
    encryption: { ...options, startWorker },
  });
  if (encrypts) speakOfKeys(h, far, service);
  const states: string[] = [];
  const failures: string[] = [];
  room.on("encryption", ({ state }) => states.push(state));
  room.on("failed", ({ error }) => failures.push(error.code));
  toClose.push(
    () => peer.close(),
    () => void room.leave(),
  );
  await vi.waitFor(() => expect(peer.keys.state).toBe("SWITCHED"), patience);
  return { ...h, room, far, service, peer, workers, states, failures };
}

/** The server's side of a device: what the service tells it goes over the socket it has now. */
function speakOfKeys({ server }: Harness, far: FakeRoomServer, service: DeliveryService): void {
  const join = server.handlers.get("ROOM_JOIN");
  server.on("ROOM_JOIN", (frame, connection) => {
    const caps = connection.ofType("E2EE_CAPS").at(-1)?.payload as { profiles?: string[] };
    if (caps.profiles?.includes("mls-sframe-v1") !== true) return { code: "UNSUPPORTED_E2EE" };
    const isBack = service.members.has(ownDevice);
    service.clients.set(ownDevice, overSocket(connection));
    far.epoch = service.epoch;
    const outcome = join?.(frame, connection);
    connection.reply("E2EE_POLICY", service.policy(isBack ? "resume" : "join"));
    if (!isBack) queueMicrotask(() => service.want(ownDevice, "join"));
    return outcome;
  });
  for (const type of [...keyMessages, "E2EE_READY"] as ClientMessageType[])
    server.on(type, frame => {
      try {
        service.take(ownDevice, type, frame.payload);
      } catch (error) {
        const { code } = CallError.from(error);
        return { code };
      }
      if (type === "E2EE_READY") {
        far.epoch = service.epoch;
        far.readyEpoch = service.epoch;
      }
      return undefined;
    });
}

function overSocket(connection: FakeConnection): TestClient {
  const tell =
    (type: "E2EE_POLICY" | "REKEY_BEGIN" | "REKEY_COMMIT" | "REKEY_ACTIVE" | "KEY_LOG") => (payload: never) =>
      connection.broadcast(type, payload);
  const keys = {
    onPolicy: tell("E2EE_POLICY"),
    onBegin: tell("REKEY_BEGIN"),
    onCommit: tell("REKEY_COMMIT"),
    onActive: tell("REKEY_ACTIVE"),
    onKeyLog: tell("KEY_LOG"),
  };
  return { dev: ownDevice, keys } as unknown as TestClient;
}

async function joined(call: EncryptedCall): Promise<EncryptedCall> {
  await call.room.join();
  await vi.waitFor(
    () => expect(call.room.encryption).toMatchObject({ state: "on", keyState: "SWITCHED" }),
    patience,
  );
  return call;
}

describe("an encrypted room", () => {
  it("is entered with keys, though nobody said before that it is encrypted", async () => {
    const { room, peer, states, server, workers } = await joined(await prepare());
    expect(room.state).toBe("joined");
    expect(room.encryption.members.map(({ deviceId }) => deviceId).sort()).toEqual(
      [ownDevice, "peer"].sort(),
    );
    expect(room.encryption.members).toEqual(peer.view?.members);
    expect(room.epoch).toBe(peer.keys.epoch);
    expect(states[0]).toBe("establishing");
    expect(workers).toHaveLength(1);
    const types = server.connections[0]?.types ?? [];
    expect(types.filter(type => type === "ROOM_JOIN")).toHaveLength(2);
    expect(types.indexOf("E2EE_READY")).toBeLessThan(types.indexOf("TRANSPORT_CREATE"));
  });

  it("loads nothing of it where the server does not encrypt", async () => {
    const { room, workers } = await prepare({}, false);
    await room.join();
    expect(room.encryption.state).toBe("off");
    expect(workers).toHaveLength(0);
  });

  it("is not entered without encryption where that was demanded", async () => {
    const { room, failures } = await prepare({ mode: "required" }, false);
    await expect(room.join()).rejects.toMatchObject({ code: "ENCRYPTION_REFUSED" });
    expect(failures).toEqual(["ENCRYPTION_REFUSED"]);
  });

  it("follows the others' keys, and asks the server for new ones", async () => {
    const { room, service, peer } = await joined(await prepare());
    const before = room.epoch;
    service.want("peer", "periodic");
    await vi.waitFor(() => expect([room.epoch, peer.keys.epoch]).toEqual([before + 1, before + 1]), patience);
    await room.rekey();
    await vi.waitFor(() => expect([room.epoch, peer.keys.epoch]).toEqual([before + 2, before + 2]), patience);
  });

  it("publishes while keys change under it", async () => {
    const { room, service, far, clock } = await joined(await prepare());
    far.readyEpoch = -1; // as between a commit and our being ready for it
    const track = new FakeMediaStreamTrack({ kind: "audio" }) as unknown as MediaStreamTrack;
    const published = room.publish(track, "microphone");
    await settle();
    service.want("peer", "periodic");
    await vi.waitFor(async () => {
      await clock.advance(200);
      expect(room.publications[0]?.producerId).toBeDefined();
    }, patience);
    await published;
  });

  it("is entered again after the connection broke, from where the keys were", async () => {
    const { room, service, server, clock, peer } = await joined(await prepare());
    server.connections.at(-1)?.drop();
    service.clients.delete(ownDevice);
    service.want("peer", "periodic");
    await vi.waitFor(() => expect(peer.keys.epoch).toBe(3), patience);
    await vi.waitFor(async () => {
      await clock.advance(500);
      expect(room.state).toBe("joined");
      expect([room.epoch, room.encryption.state]).toEqual([3, "on"]);
    }, patience);
    expect(service.log).toHaveLength(2); // nobody had to come in anew
  });

  it("publishes anew what the server refused, and ends with a reason when that does not help", async () => {
    const { room, server, failures } = await joined(await prepare());
    const problems: string[] = [];
    room.on("problem", ({ error }) => problems.push(error.code));
    const track = new FakeMediaStreamTrack({ kind: "audio" }) as unknown as MediaStreamTrack;
    const publication = await room.publish(track, "microphone");
    const ids = new Set<string>();
    for (let refusal = 1; refusal <= 3; refusal++) {
      await vi.waitFor(() => expect(ids).not.toContain(publication.producerId ?? [...ids][0]), patience);
      const producerId = publication.producerId ?? "";
      ids.add(producerId);
      server.connections.at(-1)?.broadcast("PRODUCER_REMOVED", {
        roomId,
        producerId,
        peerDeviceId: ownDevice,
        roomVersion: 1_000 + refusal,
        reason: "SFRAME_REFUSED",
      });
      await settle();
    }
    await vi.waitFor(() => expect(failures).toEqual(["E2EE_FAILED"]), patience);
    expect([ids.size, ids.has("")]).toEqual([3, false]);
    expect(problems).toEqual(Array(3).fill("SFRAME_REFUSED"));
    expect(room.encryption.failure).toBe("FRAMES_REFUSED");
  });

  it("keeps its epoch when the server forgot the session and nothing of the keys", async () => {
    const { room, server, service, clock } = await joined(await prepare());
    const before = room.epoch;
    const epochs: number[] = [];
    room.on("epoch", ({ epoch }) => epochs.push(epoch));
    const seen: number[] = [];
    room.on("state", () => seen.push(room.epoch));
    server.honourResume = false;
    server.connections.at(-1)?.drop();
    service.clients.delete(ownDevice);
    await vi.waitFor(async () => {
      await clock.advance(500);
      expect([room.state, room.encryption.keyState]).toEqual(["joined", "SWITCHED"]);
    }, patience);
    expect(room.epoch).toBe(before);
    expect(new Set(seen)).toEqual(new Set([before]));
    expect(epochs).toEqual([]);
  });

  it("does not follow a server that takes the encryption away", async () => {
    const { room, server, clock, failures } = await joined(await prepare());
    const { handlers } = server;
    handlers.delete("ROOM_JOIN");
    new FakeRoomServer(server); // answers as if there had never been keys
    server.connections.at(-1)?.drop();
    await vi.waitFor(async () => {
      await clock.advance(500);
      expect(failures).toEqual(["ENCRYPTION_REFUSED"]);
    }, patience);
    expect(room.state).toBe("failed");
  });

  it("ends with a reason when the worker falls over", async () => {
    const { room, workers, failures, states } = await joined(await prepare());
    workers[0]?.onerror?.({} as ErrorEvent);
    expect(failures).toEqual(["E2EE_FAILED"]);
    expect([room.state, states.at(-1)]).toEqual(["failed", "failed"]);
  });
});
