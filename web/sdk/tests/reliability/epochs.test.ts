import { describe, expect, it } from "vitest";
import { EpochGuard } from "../../src/room/epoch-guard.js";
import { rekeyInterval } from "../../src/room/rekey-timer.js";

describe("epoch guard", () => {
  it.each([
    ["the first epoch", [], 0, "adopted"],
    ["a higher one", [0], 1, "adopted"],
    ["a jump", [0], 7, "adopted"],
    ["the same", [3], 3, "same"],
    ["a lower one", [3], 2, "rollback"],
    ["zero after something", [3], 0, "rollback"],
    ["a negative number", [], -1, "rollback"],
    ["a fraction", [0], 1.5, "rollback"],
    ["not a number", [0], Number.NaN, "rollback"],
    ["beyond whole numbers", [0], 2 ** 60, "rollback"],
  ] as const)("%s after %j: %d is %s", (_, before, epoch, verdict) => {
    const guard = new EpochGuard();
    for (const earlier of before) guard.adopt(earlier);
    const highest = guard.epoch;
    expect(guard.adopt(epoch)).toBe(verdict);
    expect(guard.epoch).toBe(verdict === "adopted" ? epoch : highest);
  });

  it("is ready only for exactly the current epoch", () => {
    const guard = new EpochGuard();
    expect(guard.isReady).toBe(false);
    guard.adopt(1);
    guard.markReady(1);
    expect(guard.isReady).toBe(true);
    guard.adopt(2);
    expect(guard.isReady).toBe(false);
    guard.markReady(1);
    expect(guard.isReady).toBe(false);
    guard.markReady(2);
    expect(guard.isReady).toBe(true);
    guard.clearReadiness();
    expect(guard.isReady).toBe(false);
  });
});

describe("rekey interval", () => {
  it.each([
    [undefined, 120_000],
    ["", 120_000],
    ["soon", 120_000],
    ["-5", 120_000],
    ["1000", 30_000],
    ["30000", 30_000],
    ["45000", 45_000],
  ])("%j means %i ms", (text, expected) => {
    expect(rekeyInterval(text)).toBe(expected);
  });
});
