import { describe, expect, it } from "vitest";
import type { RoomSnapshot } from "../../src/protocol/messages.js";
import { Roster } from "../../src/room/roster.js";

function snapshot(
  roomVersion: number,
  devices: readonly string[],
  producers: readonly string[] = [],
): RoomSnapshot {
  return {
    roomId: "r",
    callId: "r",
    region: "tr",
    nodeId: "n",
    epoch: 0,
    memberSetVersion: 1,
    roomVersion,
    serverTime: 0,
    peers: devices.map(deviceId => ({
      userId: `u-${deviceId}`,
      deviceId,
      role: "member",
      state: "joined",
      e2eeReady: true,
    })),
    producers: producers.map(producerId => ({
      producerId,
      peerDeviceId: devices[0] ?? "",
      userId: "u",
      kind: "video",
      paused: false,
    })),
    e2ee: { required: true, epoch: 0, leaderDeviceId: "", expectedSenderDevices: [], missingSenderKeys: [] },
  };
}

describe("roster", () => {
  it("applies a snapshot only when its version is higher", () => {
    const roster = new Roster();
    expect(roster.applySnapshot(snapshot(5, ["a"]))?.joined.map(peer => peer.deviceId)).toEqual(["a"]);
    expect(roster.applySnapshot(snapshot(5, ["a", "b"]))).toBeUndefined();
    expect(roster.applySnapshot(snapshot(4, []))).toBeUndefined();
    expect(roster.peers.map(peer => peer.deviceId)).toEqual(["a"]);
    expect(roster.applySnapshot(snapshot(6, ["b"]))).toMatchObject({
      joined: [{ deviceId: "b" }],
      left: [{ deviceId: "a" }],
    });
  });

  it("an event's version makes an older snapshot stale", () => {
    const roster = new Roster();
    roster.applySnapshot(snapshot(5, ["a"]));
    roster.addPeer({ userId: "u", deviceId: "b" }, 8);
    expect(roster.applySnapshot(snapshot(7, ["a"]))).toBeUndefined();
    expect(roster.peers).toHaveLength(2);
  });

  it("after a lost session any snapshot counts", () => {
    const roster = new Roster();
    roster.applySnapshot(snapshot(50, ["a"]));
    roster.expectFreshSnapshot();
    expect(roster.applySnapshot(snapshot(1, ["b"]))?.left).toHaveLength(1);
  });

  it("takes a peer's tracks away with the peer", () => {
    const roster = new Roster();
    roster.applySnapshot(snapshot(1, ["a", "b"], ["p1", "p2"]));
    expect(roster.removePeer("a", 2).producers.map(producer => producer.producerId)).toEqual(["p1", "p2"]);
    expect(roster.producers).toEqual([]);
    expect(roster.leaderDeviceId).toBe("b");
  });
});
