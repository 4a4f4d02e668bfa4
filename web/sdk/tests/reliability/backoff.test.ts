import { describe, expect, it } from "vitest";
import { defaultBackoff, reconnectDelay } from "../../src/signaling/backoff.js";

describe("backoff", () => {
  it.each([
    [0, 500],
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [4, 8_000],
    [5, 12_000],
    [19, 12_000],
    [5_000, 12_000],
  ])("attempt %i without jitter waits %i ms", (attempt, expected) => {
    expect(reconnectDelay(attempt, defaultBackoff, () => 0)).toBe(expected);
  });

  it("jitter adds at most 100 ms or a fifth and never passes the maximum", () => {
    expect(reconnectDelay(0, defaultBackoff, () => 0.999)).toBeCloseTo(599.9, 1);
    expect(reconnectDelay(3, defaultBackoff, () => 0.999)).toBeCloseTo(4_799.2, 1);
    expect(reconnectDelay(9, defaultBackoff, () => 0.999)).toBe(12_000);
  });
});
