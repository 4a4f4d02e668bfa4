import { FakeMediaStreamTrack } from "fake-mediastreamtrack";
import { FakeHandler, testFakeParameters } from "mediasoup-client";
import { describe, expect, it } from "vitest";
import type { RemoteTrack } from "../../src/room/events.js";
import { Room } from "../../src/room/room.js";
import { FakeRoomServer, roomId } from "../support/fake-room.js";
import { harness } from "../support/harness.js";
import { settle } from "../support/manual-clock.js";

async function quiet(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) {
    await settle();
    await new Promise(resolve => setImmediate(resolve));
  }
}

async function receiving() {
  const h = harness();
  const far = new FakeRoomServer(h.server);
  const [camera] = far.addRemote("dev-bbbbbb", ["video"]);
  const room = new Room(h.connection, {
    roomId,
    rekeyIntervalMs: 120_000,
    statsIntervalMs: 2_000,
    handlerFactory: FakeHandler.createFactory(testFakeParameters),
  });
  const changes: RemoteTrack[] = [];
  room.on("trackChanged", ({ track }) => changes.push(track));
  const producerId = camera?.producerId ?? "";
  const track = () => room.remoteTracks.find(t => t.producerId === producerId);
  const join = async () => {
    await room.join();
    await quiet();
  };
  return { ...h, far, room, producerId, track, changes, join };
}

describe("a video that is received", () => {
  it("tells what the server says of it", async () => {
    const call = await receiving();
    await call.join();
    const { consumerId = "" } = call.track() ?? {};
    const ids = { roomId, consumerId, producerId: call.producerId };
    call.server.last.broadcast("LAYERS_CHANGED", {
      ...ids,
      currentLayers: { spatialLayer: 0, temporalLayer: 2 },
      targetLayers: { spatialLayer: 2, temporalLayer: 2 },
    });
    call.server.last.broadcast("CONSUMER_SCORE", { ...ids, score: 6, producerScore: 10 });
    call.server.last.broadcast("CONSUMER_STATE", { ...ids, state: "starved", reason: "BANDWIDTH" });
    await quiet();
    expect(call.track()).toMatchObject({
      score: 6,
      video: {
        current: { spatialLayer: 0, temporalLayer: 2 },
        target: { spatialLayer: 2 },
        heldBack: "BANDWIDTH",
      },
    });
    call.server.last.broadcast("CONSUMER_STATE", { ...ids, state: "active" });
    await quiet();
    expect(call.track()?.video?.heldBack).toBeUndefined();
    expect(call.changes).toHaveLength(4);
  });

  it("keeps what is told before its receiver stands", async () => {
    const call = await receiving();
    call.server.on("CONSUMER_RESUME", (frame, connection) => {
      const consumerId = String(frame.payload.consumerId);
      connection.broadcast("LAYERS_CHANGED", {
        roomId,
        consumerId,
        producerId: call.producerId,
        currentLayers: { spatialLayer: 1 },
      });
    });
    await call.join();
    expect(call.track()?.video?.current).toEqual({ spatialLayer: 1 });
  });

  it("what was decided before it came goes with the request, and an unwanted one is not resumed", async () => {
    const call = await receiving();
    call.room.receiving.setPriority(call.producerId, 7);
    call.room.receiving.choose(call.producerId, "off");
    await call.join();
    expect(call.server.last.ofType("CONSUME")[0]?.payload).toMatchObject({ priority: 7, paused: true });
    expect(call.server.last.types).not.toContain("CONSUMER_RESUME");
    expect(call.track()?.video).toMatchObject({ paused: true, choice: "off" });
    call.room.receiving.choose(call.producerId, "low");
    await quiet();
    expect(call.server.last.ofType("CONSUMER_SET_PREFERRED_LAYERS")[0]?.payload).toMatchObject({
      preferredLayers: { spatialLayer: 0 },
    });
    expect(call.server.last.types).toContain("CONSUMER_RESUME");
    expect(call.track()?.video).toMatchObject({ paused: false, choice: "low" });
  });

  it("wishes and limits are told again after an outage", async () => {
    const call = await receiving();
    await call.join();
    call.room.receiving.choose(call.producerId, "low");
    call.room.receiving.setLimits({ lastN: 4 });
    await quiet();
    expect(call.server.last.ofType("TRANSPORT_SET_LIMITS")[0]?.payload).toMatchObject({ lastN: 4 });
    call.server.last.drop();
    await call.clock.advance(500);
    await quiet();
    expect(call.room.state).toBe("joined");
    expect(call.server.last.ofType("TRANSPORT_SET_LIMITS")[0]?.payload).toMatchObject({ lastN: 4 });
    expect(call.server.last.ofType("CONSUMER_SET_PREFERRED_LAYERS")).toHaveLength(1);
  });

  it("a server that forgot everything hears wishes with the new requests", async () => {
    const call = await receiving();
    await call.join();
    call.room.receiving.setLimits({ maxVideo: 2 });
    call.far.forget();
    call.server.last.drop();
    await call.clock.advance(500);
    await quiet();
    expect(call.server.last.ofType("TRANSPORT_SET_LIMITS")).toHaveLength(1);
  });

  it("who the room looks at is told, also later, until he is gone", async () => {
    const call = await receiving();
    await call.join();
    const seen: string[] = [];
    call.room.on("dominantSpeaker", ({ deviceId }) => seen.push(deviceId));
    expect(call.room.dominantSpeaker).toBeUndefined();
    call.server.last.broadcast("DOMINANT_SPEAKER", { roomId, producerId: "a", deviceId: "dev-bbbbbb" });
    await quiet();
    expect([seen, call.room.dominantSpeaker]).toEqual([["dev-bbbbbb"], "dev-bbbbbb"]);
    call.server.last.broadcast("DOMINANT_SPEAKER", { roomId, producerId: "z", deviceId: "dev-nobody" });
    await quiet();
    expect(call.room.dominantSpeaker).toBeUndefined();
  });

  it("the link's estimate is passed on", async () => {
    const call = await receiving();
    await call.join();
    const seen: number[] = [];
    call.room.on("bandwidth", ({ availableBitrate }) => seen.push(availableBitrate));
    call.server.last.broadcast("TRANSPORT_BANDWIDTH", {
      roomId,
      transportId: "t",
      availableBitrate: 1_200_000,
    });
    await quiet();
    expect(seen).toEqual([1_200_000]);
  });
});

describe("a video that is sent", () => {
  async function sending() {
    const call = await receiving();
    await call.join();
    const track = new FakeMediaStreamTrack({ kind: "video" }) as unknown as MediaStreamTrack;
    const publication = await call.room.publish(track, "camera");
    const watched = (maxSpatialLayer?: number) => {
      const producerId = publication.producerId ?? "";
      call.server.last.broadcast("PRODUCER_WATCHED_LAYERS", {
        roomId,
        producerId,
        ...(maxSpatialLayer === undefined ? {} : { maxSpatialLayer }),
      });
      return quiet();
    };
    return { ...call, publication, watched };
  }

  it("is offered in three encodings from the smallest to the largest", async () => {
    const call = await sending();
    const asked = call.server.last.ofType("PRODUCE").map(({ payload }) => payload.rtpParameters);
    const encodings = (asked as RTCRtpSendParameters[]).flatMap(parameters => parameters.encodings);
    expect(encodings.map(e => e.scaleResolutionDownBy)).toEqual([4, 2, 1]);
    expect(encodings.map(e => e.maxBitrate)).toEqual([153_000, 510_000, 1_700_000]);
  });

  it("stops what nobody watches and starts it again", async () => {
    const call = await sending();
    const { producer } = call.publication;
    await call.watched(1);
    expect(producer?.maxSpatialLayer).toBe(1);
    expect(call.publication.watched).toBe(true);
    await call.watched();
    expect(producer?.maxSpatialLayer).toBe(-1);
    expect(call.publication.watched).toBe(false);
    await call.watched(7);
    expect(producer?.maxSpatialLayer).toBe(2);
    expect(call.publication.watched).toBe(true);
  });

  it("tells how well it reaches the server", async () => {
    const call = await sending();
    call.server.last.broadcast("PRODUCER_SCORE", {
      roomId,
      producerId: call.publication.producerId ?? "",
      score: 3,
    });
    await quiet();
    expect(call.publication.score).toBe(3);
  });
});
