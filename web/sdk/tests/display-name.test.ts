import { describe, expect, it } from "vitest";
import { presentableName } from "../src/room/display-name.js";

describe("a display name as the server takes it", () => {
  it.each([
    [undefined, undefined],
    ["", undefined],
    [" \t\n ", undefined],
    ["  Ada  ", "Ada"],
    ["two\r\nlines", "two lines"],
    ["\u202Ereversed", "reversed"],
    ["👨‍👩‍👧 Öz", "👨‍👩‍👧 Öz"],
    ["x".repeat(70), "x".repeat(64)],
    ["x".repeat(63) + "👋", "x".repeat(63)],
  ])("%j becomes %j", (given, sent) => {
    expect(presentableName(given)).toBe(sent);
  });
});
