import { describe, expect, it } from "vitest";
import { chooseLayers } from "../../src/media/layer-choice.js";

const hd = { spatialLayers: 3, width: 1280, height: 720 };
const shown = (width: number, height: number, hidden = false) => ({ width, height, hidden });
const told = (choice: ReturnType<typeof chooseLayers>) =>
  choice.kind === "pause" ? "pause" : (choice.layers?.spatialLayer ?? "best");

describe("layers for a size on the screen", () => {
  it.each([
    ["full size", shown(1280, 720), hd, "best"],
    ["larger than it is", shown(2560, 1440), hd, "best"],
    ["half", shown(640, 360), hd, 1],
    ["half and a quarter more: nobody sees it", shown(800, 450), hd, 1],
    ["a little more than that", shown(801, 450), hd, "best"],
    ["a thumbnail", shown(320, 180), hd, 0],
    ["a tall crop needs the height", shown(200, 700), hd, "best"],
    ["out of sight", shown(0, 0), hd, "pause"],
    ["folded flat", shown(640, 0), hd, "pause"],
    ["one layer only", shown(100, 50), { ...hd, spatialLayers: 1 }, "best"],
    ["two layers, small", shown(100, 50), { ...hd, spatialLayers: 2 }, 0],
    ["a small camera", shown(640, 360), { spatialLayers: 2, width: 640, height: 480 }, "best"],
    ["behind another tab", shown(1280, 720, true), hd, 0],
  ] as const)("%s", (_, size, picture, expected) => {
    expect(told(chooseLayers(size, picture))).toBe(expected);
  });

  it("behind another tab it comes seldom too", () => {
    expect(chooseLayers(shown(1280, 720, true), hd)).toEqual({
      kind: "receive",
      layers: { spatialLayer: 0, temporalLayer: 0 },
    });
  });
});
