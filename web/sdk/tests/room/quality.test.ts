import { describe, expect, it } from "vitest";
import { rate, worst } from "../../src/media/quality.js";

const clean = { rttMs: 20, jitterMs: 2, lossPercent: 0, packets: 100, paused: false };

describe("quality", () => {
  it.each([
    ["a clean link", clean, "excellent"],
    [
      "nothing known but packets",
      { ...clean, rttMs: undefined, jitterMs: undefined, lossPercent: undefined },
      "excellent",
    ],
    ["two per cent lost", { ...clean, lossPercent: 3 }, "excellent"],
    ["six per cent lost", { ...clean, lossPercent: 6 }, "good"],
    ["ten per cent lost", { ...clean, lossPercent: 10 }, "fair"],
    ["a quarter lost", { ...clean, lossPercent: 25 }, "poor"],
    ["half a second of round trip", { ...clean, rttMs: 500 }, "good"],
    ["no packets", { ...clean, packets: 0 }, "lost"],
    ["paused by the sender", { ...clean, packets: 0, paused: true }, "unknown"],
  ] as const)("%s is %s", (_, input, level) => {
    expect(rate(input).level).toBe(level);
  });

  it("falls as loss rises", () => {
    const scores = [0, 2, 5, 10, 20, 40].map(lossPercent => rate({ ...clean, lossPercent }).mos ?? 0);
    expect([...scores].sort((a, b) => b - a)).toEqual(scores);
    expect(scores.every(score => score >= 1 && score <= 4.5)).toBe(true);
  });

  it("the worst known stream decides", () => {
    const good = rate(clean);
    const poor = rate({ ...clean, lossPercent: 25 });
    const muted = rate({ ...clean, paused: true });
    expect(worst([good, muted, poor]).level).toBe("poor");
    expect(worst([muted]).level).toBe("unknown");
    expect(worst([]).level).toBe("unknown");
  });
});
