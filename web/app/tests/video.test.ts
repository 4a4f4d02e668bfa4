import type { RemoteTrack, Room, RoomStats, VideoReception } from "@crosspoint/sdk";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { type OwnSide, participants } from "../src/call/participants.js";
import { VideoChoices } from "../src/call/video-choices.js";

const reception: VideoReception = {
  spatialLayers: 3,
  temporalLayers: 3,
  current: { spatialLayer: 1, temporalLayer: 2 },
  target: { spatialLayer: 1, temporalLayer: 2 },
  heldBack: undefined,
  paused: false,
  choice: "auto",
};

function remote(producerId: string, change: Partial<RemoteTrack> = {}): RemoteTrack {
  return {
    producerId,
    consumerId: `c-${producerId}`,
    peerDeviceId: "dev-b",
    kind: "video",
    source: "camera",
    track: {} as MediaStreamTrack,
    muted: false,
    score: 10,
    video: reception,
    ...change,
  };
}

function roomOf(...remoteTracks: RemoteTrack[]) {
  const choose = vi.fn((producerId: string, choice: VideoReception["choice"]) => {
    const at = remoteTracks.findIndex(track => track.producerId === producerId);
    const track = remoteTracks[at];
    if (track?.video !== undefined) remoteTracks[at] = { ...track, video: { ...track.video, choice } };
  });
  const setLimits = vi.fn();
  const room = {
    dominantSpeaker: undefined as string | undefined,
    deviceId: "dev-a",
    peers: [
      { userId: "a", deviceId: "dev-a" },
      { userId: "b", deviceId: "dev-b", displayName: "Ben" },
    ],
    get remoteTracks() {
      return remoteTracks;
    },
    receiving: { choose, setLimits },
  };
  return { room: room as unknown as Room, choose, setLimits, people: room };
}

describe("a person's choice of quality", () => {
  const kept = new Map<string, string>();
  beforeEach(() => {
    kept.clear();
    vi.stubGlobal("localStorage", {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    });
  });

  it("for all goes to each video, single choices included, and is kept", () => {
    const { room, choose } = roomOf(
      remote("p"),
      remote("q"),
      remote("s", { kind: "audio", video: undefined }),
    );
    const choices = new VideoChoices();
    choices.choose(room, "q", "low");
    choices.chooseAll(room, "off");
    expect(choose.mock.calls).toEqual([
      ["q", "low"],
      ["p", "off"],
      ["q", "off"],
    ]);
    expect(new VideoChoices().overall).toBe("off");
  });

  it("how many at a time goes to the server and is kept", () => {
    const { room, setLimits } = roomOf();
    const choices = new VideoChoices();
    choices.limit(undefined, { lastN: 2 });
    choices.limit(room, { maxVideo: 4 });
    expect(setLimits.mock.calls).toEqual([[{ maxVideo: 4 }]]);
    expect(new VideoChoices().limits).toEqual({ maxVideo: 4 });
  });

  it("holds for videos that come later, and single ones go before it", () => {
    const { room, choose } = roomOf(remote("p"), remote("q"));
    const choices = new VideoChoices();
    choices.chooseAll(undefined, "low");
    choices.choose(undefined, "q", "auto");
    choices.apply(room, "p", "video");
    choices.apply(room, "q", "video");
    expect(choose.mock.calls).toEqual([["p", "low"]]);
    choices.forget("q");
    choices.apply(room, "q", "video");
    expect(choose).toHaveBeenLastCalledWith("q", "low");
  });
});

describe("what a tile shows of a video", () => {
  const own = {
    name: "Anna",
    devices: { camera: undefined, cameraOn: false, microphoneOn: false, microphone: undefined },
  } as unknown as OwnSide;
  const stats = {
    received: [{ producerId: "p", frameHeight: 360, framesPerSecond: 25 }],
    quality: new Map([["dev-b", { mos: 4.3, level: "excellent" }]]),
  } as unknown as RoomStats;
  const ben = (track: RemoteTrack) =>
    participants(roomOf(track).room, own, { speaking: new Set(), stats })[1];

  it("its size and its layer", () => {
    expect(ben(remote("p"))?.cameraVideo).toEqual({
      choice: "auto",
      heldBack: undefined,
      paused: false,
      height: 360,
      framesPerSecond: 25,
      layer: 1,
      layers: 3,
    });
    expect(ben(remote("p"))?.quality).toBe("excellent");
  });

  it("why it does not come", () => {
    const held = remote("p", { video: { ...reception, current: undefined, heldBack: "BANDWIDTH" } });
    expect(ben(held)?.cameraVideo).toMatchObject({ heldBack: "BANDWIDTH", layer: undefined });
  });

  it.each([
    ["nobody spoke", 3, undefined, ""],
    ["one of three", 3, "dev-b", "dev-b"],
    ["ourselves", 3, "dev-a", "dev-a"],
    ["two people need not be told", 2, "dev-b", ""],
  ])("who the room looks at: %s", (_, count, dominantSpeaker, marked) => {
    const { room, people } = roomOf();
    people.dominantSpeaker = dominantSpeaker;
    if (count > 2) people.peers.push({ userId: "c", deviceId: "dev-c", displayName: "Cleo" });
    const views = participants(room, own, { speaking: new Set(), stats: undefined });
    expect(
      views
        .filter(view => view.dominant)
        .map(view => view.deviceId)
        .join(),
    ).toBe(marked);
  });

  it("nothing of a camera that its owner switched off", () => {
    const muted = ben(remote("p", { muted: true }));
    expect([muted?.cameraVideo, muted?.camera, muted?.cameraOff]).toEqual([undefined, undefined, true]);
  });
});
