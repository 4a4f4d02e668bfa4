import { describe, expect, it } from "vitest";
import { VideoWishes } from "../../src/room/video-wishes.js";
import { ManualClock, settle } from "../support/manual-clock.js";

const picture = { spatialLayers: 3, width: 1280, height: 720 };
const tile = {};

function wishing() {
  const clock = new ManualClock();
  const told: string[] = [];
  const paused: boolean[] = [];
  const state = { exists: true };
  const wishes = new VideoWishes({
    roomId: "r",
    clock,
    consumer: () => (state.exists ? { id: "c", picture } : undefined),
    tell: async (type, payload) => {
      const { preferredLayers, priority } = payload as {
        preferredLayers?: { spatialLayer: number };
        priority?: number;
      };
      told.push(`${type.replace("CONSUMER_", "")} ${preferredLayers?.spatialLayer ?? priority ?? ""}`.trim());
    },
    onPaused: (_, value) => paused.push(value),
  });
  const rest = async () => {
    await clock.advance(1_000);
    return told.splice(0);
  };
  return { wishes, clock, rest, paused, state };
}

describe("wishes for a video", () => {
  it("a tile that is dragged tells once it rests", async () => {
    const { wishes, clock, rest } = wishing();
    for (let width = 320; width <= 640; width += 10) {
      wishes.setShown("p", tile, { width, height: (width * 9) / 16, hidden: false });
      await clock.advance(20);
    }
    expect(await rest()).toEqual(["SET_PREFERRED_LAYERS 1"]);
    wishes.setShown("p", tile, { width: 650, height: 365, hidden: false });
    expect(await rest()).toEqual([]);
  });

  it("out of sight it is paused, and back in sight it comes in the right size", async () => {
    const { wishes, rest, paused } = wishing();
    wishes.setShown("p", tile, { width: 0, height: 0, hidden: false });
    expect(await rest()).toEqual(["PAUSE"]);
    wishes.setShown("p", tile, { width: 300, height: 150, hidden: false });
    expect(await rest()).toEqual(["SET_PREFERRED_LAYERS 0", "RESUME"]);
    expect(paused).toEqual([true, false]);
  });

  it("shown twice, the larger place counts", async () => {
    const { wishes, rest } = wishing();
    wishes.setShown("p", tile, { width: 300, height: 150, hidden: false });
    wishes.setShown("p", {}, { width: 1280, height: 720, hidden: false });
    expect(await rest()).toEqual(["SET_PREFERRED_LAYERS"]);
  });

  it("a person's choice goes before the size, and back", async () => {
    const { wishes, rest } = wishing();
    wishes.setShown("p", tile, { width: 1280, height: 720, hidden: false });
    await rest();
    wishes.setChoice("p", "low");
    expect(await rest()).toEqual(["SET_PREFERRED_LAYERS 0"]);
    wishes.setChoice("p", "off");
    expect(await rest()).toEqual(["PAUSE"]);
    wishes.setChoice("p", "auto");
    expect(await rest()).toEqual(["SET_PREFERRED_LAYERS", "RESUME"]);
  });

  it("layers set by the application hold until they are taken back", async () => {
    const { wishes, rest } = wishing();
    wishes.setLayers("p", { spatialLayer: 1 });
    expect(await rest()).toEqual(["SET_PREFERRED_LAYERS 1"]);
    wishes.setShown("p", tile, { width: 100, height: 100, hidden: false });
    expect(await rest()).toEqual([]);
    wishes.setLayers("p", undefined);
    expect(await rest()).toEqual(["SET_PREFERRED_LAYERS 0"]);
  });

  it("quick changes reach the server in their order", async () => {
    const { wishes, rest } = wishing();
    wishes.setChoice("p", "off");
    wishes.setChoice("p", "auto");
    wishes.setChoice("p", "off");
    expect(await rest()).toEqual(["PAUSE", "SET_PREFERRED_LAYERS", "RESUME", "PAUSE"]);
  });

  it("what is wished before there is a consumer goes with the request for it", async () => {
    const { wishes, rest, state } = wishing();
    state.exists = false;
    wishes.setPriority("p", 9);
    wishes.setLayers("p", { spatialLayer: 2 });
    wishes.setChoice("q", "off");
    expect(await rest()).toEqual([]);
    expect(wishes.initial("p", picture)).toEqual({
      priority: 9,
      preferredLayers: { spatialLayer: 2 },
      paused: false,
    });
    expect(wishes.initial("q", picture)).toEqual({ paused: true });
    expect(wishes.initial("r", picture)).toEqual({ paused: false });
    state.exists = true;
    wishes.refresh("p");
    expect(await rest()).toEqual([]);
    wishes.setPriority("p", 10);
    wishes.setPriority("p", 10);
    expect(await rest()).toEqual(["SET_PRIORITY 10"]);
  });

  it("after a broken connection everything is told again, and what may be paused is resumed", async () => {
    const { wishes, rest } = wishing();
    wishes.setChoice("p", "off");
    await rest();
    wishes.tellAgain();
    expect(await rest()).toEqual(["PAUSE"]);
    wishes.setChoice("p", "auto");
    await rest();
    wishes.tellAgain();
    expect(await rest()).toEqual(["SET_PREFERRED_LAYERS", "RESUME"]);
  });

  it("forgets with the producer", async () => {
    const { wishes, clock } = wishing();
    wishes.setShown("p", tile, { width: 10, height: 10, hidden: false });
    wishes.forget("p");
    await settle();
    expect(clock.pendingTimers).toBe(0);
    expect(wishes.choice("p")).toBe("auto");
  });
});
