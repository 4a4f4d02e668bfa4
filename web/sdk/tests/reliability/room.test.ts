import { FakeMediaStreamTrack } from "fake-mediastreamtrack";
import { FakeHandler, testFakeParameters } from "mediasoup-client";
import { describe, expect, it } from "vitest";
import type { CallError } from "../../src/errors.js";
import type { RemoteTrack } from "../../src/room/events.js";
import { Room } from "../../src/room/room.js";
import { FakeRoomServer, ownDevice, roomId } from "../support/fake-room.js";
import { type Harness, harness } from "../support/harness.js";
import { settle } from "../support/manual-clock.js";

interface Call extends Harness {
  readonly room: Room;
  readonly far: FakeRoomServer;
  readonly tracks: RemoteTrack[];
  readonly problems: CallError[];
  readonly failures: CallError[];
}

const microphone = () => new FakeMediaStreamTrack({ kind: "audio" }) as unknown as MediaStreamTrack;
const camera = () => new FakeMediaStreamTrack({ kind: "video" }) as unknown as MediaStreamTrack;

function prepare(rekeyIntervalMs = 120_000): Call {
  const h = harness();
  const far = new FakeRoomServer(h.server);
  const room = new Room(h.connection, {
    roomId,
    displayName: " Ada\n",
    rekeyIntervalMs,
    statsIntervalMs: 2_000,
    handlerFactory: FakeHandler.createFactory(testFakeParameters),
  });
  const tracks: RemoteTrack[] = [];
  const problems: CallError[] = [];
  const failures: CallError[] = [];
  room.on("trackAdded", ({ track }) => tracks.push(track));
  room.on("trackRemoved", ({ track }) =>
    tracks.splice(
      tracks.findIndex(t => t.producerId === track.producerId),
      1,
    ),
  );
  room.on("problem", ({ error }) => problems.push(error));
  room.on("failed", ({ error }) => failures.push(error));
  return { ...h, room, far, tracks, problems, failures };
}

/** mediasoup-client queues with real promises and timers; virtual time stands still meanwhile. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) {
    await settle();
    await new Promise(resolve => setImmediate(resolve));
  }
}

async function joined(call: Call = prepare()): Promise<Call> {
  await call.room.join();
  await quiet();
  return call;
}

async function drop(call: Call, ms = 500): Promise<void> {
  call.server.last.drop();
  await call.clock.advance(ms);
  await quiet();
}

describe("joining a room", () => {
  it("declares readiness for the room's epoch before it asks for media", async () => {
    const call = prepare();
    call.far.epoch = 4;
    await joined(call);
    const types = call.server.last.types;
    expect(types.slice(0, 5)).toEqual(["HELLO", "AUTH", "E2EE_CAPS", "ROOM_JOIN", "E2EE_READY"]);
    expect(types.indexOf("TRANSPORT_CREATE")).toBeGreaterThan(types.indexOf("E2EE_READY"));
    expect(call.server.last.ofType("E2EE_READY")[0]?.payload).toEqual({ roomId, epoch: 4 });
    expect(call.room.state).toBe("joined");
  });

  it("says what the person wants to be called, in a form the server takes", async () => {
    const call = await joined();
    expect(call.server.last.ofType("ROOM_JOIN")[0]?.payload).toMatchObject({ roomId, displayName: "Ada" });
  });

  it("a late joiner receives what was already being sent", async () => {
    const call = prepare();
    call.far.addRemote("dev-bbbbbb", ["audio", "video"]);
    await joined(call);
    expect(call.tracks.map(track => [track.peerDeviceId, track.kind]).sort()).toEqual([
      ["dev-bbbbbb", "audio"],
      ["dev-bbbbbb", "video"],
    ]);
  });

  it("consumes paused and resumes when the receiver stands", async () => {
    const call = prepare();
    call.far.addRemote("dev-bbbbbb", ["video"]);
    await joined(call);
    expect(call.server.last.ofType("CONSUME")[0]?.payload.paused).toBe(true);
    const types = call.server.last.types;
    expect(types.lastIndexOf("CONSUMER_RESUME")).toBeGreaterThan(types.indexOf("CONSUME"));
  });

  it("publishes tracks offered before the join, and never receives its own", async () => {
    const call = prepare();
    const publication = await call.room.publish(microphone(), "microphone");
    await joined(call);
    expect(publication.producerId).toBeDefined();
    expect(call.tracks).toEqual([]);
    expect(call.server.last.ofType("PRODUCE")[0]?.payload).toMatchObject({
      kind: "audio",
      source: "microphone",
    });
  });

  it("a refusal to join is a failure with the server's code", async () => {
    const call = prepare();
    call.server.on("ROOM_JOIN", () => ({ code: "ROOM_FULL", retryable: false }));
    await expect(call.room.join()).rejects.toMatchObject({ code: "ROOM_FULL" });
    expect(call.room.state).toBe("failed");
  });
});

describe("in a room", () => {
  it("follows producers as they come, pause and go", async () => {
    const call = await joined();
    const connection = call.server.last;
    const [producer] = call.far.addRemote("dev-bbbbbb", ["audio"]);
    if (producer === undefined) throw new Error("no producer");
    call.far.announce(connection, producer);
    await quiet();
    expect(call.tracks).toHaveLength(1);
    const { producerId } = producer;
    const fact = { roomId, roomVersion: 90, producerId, peerDeviceId: "dev-bbbbbb" };
    connection.broadcast("PRODUCER_PAUSED", fact);
    expect(call.room.remoteTracks[0]?.muted).toBe(true);
    connection.broadcast("PRODUCER_RESUMED", { ...fact, roomVersion: 91 });
    expect(call.room.remoteTracks[0]?.muted).toBe(false);
    connection.broadcast("PRODUCER_REMOVED", { ...fact, roomVersion: 92, reason: "CLIENT_CLOSE" });
    expect(call.tracks).toHaveLength(0);
  });

  it("mutes here at once and tells the server", async () => {
    const call = await joined();
    const publication = await call.room.publish(microphone(), "microphone");
    await publication.mute();
    expect(publication.track.enabled).toBe(false);
    expect(call.server.last.ofType("PRODUCER_PAUSE")[0]?.payload.producerId).toBe(publication.producerId);
    await publication.unmute();
    expect(publication.track.enabled).toBe(true);
    expect(call.server.last.ofType("PRODUCER_RESUME")).toHaveLength(1);
  });

  it("when the gate names a newer epoch it declares readiness for it and asks again", async () => {
    const call = await joined();
    call.far.epoch = 6;
    const publication = await call.room.publish(camera(), "camera");
    expect(publication.producerId).toBeDefined();
    expect(call.room.epoch).toBe(6);
    expect(call.server.last.ofType("E2EE_READY").map(frame => frame.payload.epoch)).toEqual([0, 6]);
  });

  it.each([1, 3])(
    "who comes while %i others do is ready for the epoch that they bring about",
    async others => {
      const call = prepare();
      call.far.epoch = 4;
      call.far.pendingRekeys = others;
      await joined(call);
      expect([call.room.state, call.room.epoch, call.far.readyEpoch]).toEqual([
        "joined",
        4 + others,
        4 + others,
      ]);
      expect(call.problems).toEqual([]);
    },
  );

  it("adopts a committed epoch and is ready for it; a lower one is reported and not followed", async () => {
    const call = await joined();
    call.far.epoch = 2;
    call.server.last.broadcast("REKEY_COMMIT", { roomId, epoch: 2 });
    await quiet();
    expect(call.room.epoch).toBe(2);
    expect(call.far.readyEpoch).toBe(2);
    call.server.last.broadcast("REKEY_COMMIT", { roomId, epoch: 1 });
    call.server.last.broadcast("REKEY_COMMIT", { roomId, epoch: 2 });
    await quiet();
    expect(call.room.epoch).toBe(2);
    expect(call.problems.map(problem => problem.code)).toEqual(["EPOCH_ROLLBACK"]);
    expect(call.server.last.ofType("E2EE_READY").map(frame => frame.payload.epoch)).toEqual([0, 2]);
  });

  it("the leading device rekeys at the interval, in order", async () => {
    const call = await joined(prepare(30_000));
    expect(call.room.isLeader).toBe(true);
    await call.clock.advance(30_000);
    await quiet();
    const rekey = call.server.last.types.filter(type => type.startsWith("REKEY") || type === "E2EE_READY");
    expect(rekey).toEqual(["E2EE_READY", "REKEY_BEGIN", "REKEY_COMMIT", "E2EE_READY"]);
    expect(call.far.readyEpoch).toBe(1);
    await call.clock.advance(30_000);
    expect(call.far.epoch).toBe(2);
  });

  it("a device that does not lead leaves rekeys to the one that does", async () => {
    const call = prepare(30_000);
    call.far.devices.push("dev-000000");
    await joined(call);
    await call.clock.advance(120_000);
    expect(call.server.last.ofType("REKEY_BEGIN")).toHaveLength(0);
    call.server.last.broadcast("PEER_LEFT", { roomId, userId: "u", deviceId: "dev-000000", roomVersion: 99 });
    expect(call.room.isLeader).toBe(true);
  });

  it("a member change asks the named leader for one rekey, however many came", async () => {
    const call = await joined();
    const required = {
      roomId,
      reason: "member_join",
      epoch: 1,
      leaderDeviceId: ownDevice,
      memberSetVersion: 2,
    };
    for (let i = 0; i < 5; i++) call.server.last.broadcast("REKEY_REQUIRED", required);
    await call.clock.advance(1_000);
    await quiet();
    expect(call.server.last.ofType("REKEY_BEGIN").map(frame => frame.payload.epoch)).toEqual([1]);
    call.server.last.broadcast("REKEY_REQUIRED", { ...required, epoch: 2 });
    await call.clock.advance(13_999);
    expect(call.server.last.ofType("REKEY_BEGIN")).toHaveLength(1);
    await call.clock.advance(1_001);
    await quiet();
    expect(call.server.last.ofType("REKEY_BEGIN")).toHaveLength(2);
    call.server.last.broadcast("REKEY_REQUIRED", { ...required, epoch: 3, leaderDeviceId: "dev-bbbbbb" });
    await call.clock.advance(60_000);
    expect(call.server.last.ofType("REKEY_BEGIN")).toHaveLength(2);
  });

  it("tells when a peer's connection broke and came back", async () => {
    const call = prepare();
    call.far.addRemote("dev-bbbbbb", ["audio"]);
    await joined(call);
    const states: (string | undefined)[] = [];
    call.room.on("peerChanged", ({ peer }) => states.push(peer.state));
    const fact = { roomId, userId: "u", deviceId: "dev-bbbbbb" };
    call.server.last.broadcast("PEER_STATE", { ...fact, roomVersion: 90, state: "rejoining" });
    call.server.last.broadcast("PEER_STATE", { ...fact, roomVersion: 91, state: "joined" });
    expect(states).toEqual(["rejoining", "joined"]);
    expect(call.tracks).toHaveLength(1);
  });

  it("being removed by someone ends it with a reason", async () => {
    const call = await joined();
    call.server.last.broadcast("PEER_LEFT", {
      roomId,
      userId: "user-1",
      deviceId: ownDevice,
      reason: "KICKED",
    });
    expect(call.failures.map(error => error.code)).toEqual(["KICKED"]);
  });

  it("leaving tells the server, releases everything and stops all timers of the room", async () => {
    const call = await joined();
    await call.room.publish(camera(), "camera");
    await call.room.leave();
    expect(call.server.last.types.at(-1)).toBe("ROOM_LEAVE");
    expect(call.room.media).toBeUndefined();
    call.connection.close();
    expect(call.clock.pendingTimers).toBe(0);
  });
});

describe("reconnecting with a room", () => {
  it("a resumed session keeps transports, producers and consumers", async () => {
    const call = prepare();
    call.far.addRemote("dev-bbbbbb", ["video"]);
    const publication = await call.room.publish(microphone(), "microphone");
    await joined(call);
    const before = { media: call.room.media, producer: publication.producerId };
    await drop(call);
    expect(call.server.last.types).toEqual(["HELLO", "AUTH", "E2EE_CAPS", "ROOM_JOIN", "E2EE_READY"]);
    expect(call.room.state).toBe("joined");
    expect(call.room.media).toBe(before.media);
    expect(publication.producerId).toBe(before.producer);
    expect(call.tracks).toHaveLength(1);
  });

  it("a session that was not resumed gets new transports, and everything is published and received again", async () => {
    const call = prepare();
    call.far.addRemote("dev-bbbbbb", ["video"]);
    const publication = await call.room.publish(camera(), "camera");
    await joined(call);
    const before = { media: call.room.media, producer: publication.producerId };
    call.far.forget();
    call.far.addRemote("dev-bbbbbb", ["video"]);
    await drop(call);
    expect(call.room.state).toBe("joined");
    expect(call.room.media).not.toBe(before.media);
    expect(publication.producerId).toBeDefined();
    expect(publication.producerId).not.toBe(before.producer);
    expect(call.server.last.ofType("TRANSPORT_CREATE")).toHaveLength(2);
    expect(call.tracks).toHaveLength(1);
    expect(publication.track.readyState).toBe("live");
  });

  it("mute and a track that came and went during the outage are reconciled", async () => {
    const call = await joined();
    const publication = await call.room.publish(microphone(), "microphone");
    call.server.last.drop();
    await publication.mute();
    call.far.addRemote("dev-bbbbbb", ["audio"]);
    await call.clock.advance(500);
    await quiet();
    expect(call.far.producers.get(publication.producerId ?? "")?.paused).toBe(true);
    expect(call.tracks.map(track => track.peerDeviceId)).toEqual(["dev-bbbbbb"]);
  });

  it("a track published during the outage is sent after it", async () => {
    const call = await joined();
    call.server.last.drop();
    const publication = await call.room.publish(camera(), "camera");
    expect(publication.producerId).toBeUndefined();
    await call.clock.advance(500);
    await quiet();
    expect(publication.producerId).toBeDefined();
  });

  it("a room that is not back yet is asked for again until it is", async () => {
    const call = await joined();
    const join = call.server.handlers.get("ROOM_JOIN");
    call.server.on("ROOM_JOIN", () => ({ code: "ROOM_NOT_FOUND", retryable: false }));
    await drop(call);
    expect(call.connection.state).toBe("waiting");
    if (join !== undefined) call.server.on("ROOM_JOIN", join);
    await call.clock.advance(1_000);
    await quiet();
    expect(call.room.state).toBe("joined");
  });

  it("a refusal that will not change ends the room with its code", async () => {
    const call = await joined();
    call.server.on("ROOM_JOIN", () => ({ code: "UNAUTHORIZED", retryable: false }));
    await drop(call);
    expect(call.failures.map(error => error.code)).toEqual(["UNAUTHORIZED"]);
    expect(call.room.state).toBe("failed");
  });

  it("an exhausted reconnect ends the room, and recover brings it back", async () => {
    const call = await joined();
    await call.room.publish(microphone(), "microphone");
    call.server.unreachable.add("ws://localhost:1/ws");
    await drop(call, 20 * 12_000);
    expect(call.failures.map(error => error.code)).toEqual(["RECONNECT_EXHAUSTED"]);
    call.server.unreachable.clear();
    await call.room.recover();
    await quiet();
    expect(call.room.state).toBe("joined");
    expect(call.room.publications[0]?.producerId).toBeDefined();
  });

  it("the outage is measured against its target", async () => {
    const call = await joined();
    const samples: [string, number, boolean][] = [];
    call.room.on("slo", ({ name, value, met }) => samples.push([name, value, met]));
    await drop(call);
    expect(samples).toEqual([["reconnectMs", 500, true]]);
  });
});

describe("media paths", () => {
  it("a failing transport is restarted with the server's new credentials, then given up with a code", async () => {
    const call = await joined();
    await call.room.publish(camera(), "camera");
    const transport = call.room.media?.transports.get("send");
    const handler = transport?.handler as unknown as FakeHandler;
    handler.setConnectionState("connected");
    handler.setConnectionState("failed");
    for (let second = 0; second < 40; second++) {
      await call.clock.advance(1_000);
      await quiet();
    }
    expect(call.server.last.ofType("ICE_RESTART")).toHaveLength(3);
    expect(call.server.last.ofType("ICE_RESTART")[0]?.payload.transportId).toBe(transport?.id);
    expect(call.failures.map(error => error.code)).toEqual(["MEDIA_CONNECTION_FAILED"]);
    await call.room.recover();
    await quiet();
    expect(call.room.state).toBe("joined");
    expect(call.room.publications[0]?.producerId).toBeDefined();
  });

  it("when the server closes a transport, media is built again", async () => {
    const call = await joined();
    const before = call.room.media;
    const transportId = before?.transports.get("recv")?.id ?? "";
    call.server.last.broadcast("TRANSPORT_STATE", { roomId, transportId, state: "closed" });
    await quiet();
    expect(call.room.media).not.toBe(before);
    expect(call.room.state).toBe("joined");
  });
});
