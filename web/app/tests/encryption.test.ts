import { describe, expect, it } from "vitest";
import { encryptionOptions, newRoomSecret, noEncryption, viewOf } from "../src/call/encryption.js";
import { parseRoute, roomUrl } from "../src/route.js";
import { badgeText } from "../src/ui/encryption-badge.js";

const member = (deviceId: string, leaf: number) => ({
  leaf,
  userId: `u-${deviceId}`,
  deviceId,
  publicKey: new Uint8Array(32).fill(leaf + 1),
  level: 0 as const,
});

const status = {
  state: "on" as const,
  keyState: "SWITCHED" as const,
  failure: undefined,
  epoch: 4,
  members: [member("a", 0), member("b", 1)],
  ownLeaf: 0,
  unreadable: [],
};

describe("a link's secret", () => {
  it("travels in the fragment and comes back", () => {
    const secret = newRoomSecret();
    const url = new URL(roomUrl("https://x.example", "room", "token", secret));
    expect(url.search).toBe("");
    expect(parseRoute(url.pathname, url.hash)).toMatchObject({
      roomId: "room",
      joinToken: "token",
      roomSecret: secret,
    });
    expect(parseRoute("/r/room", "#t=token").roomSecret).toBeUndefined();
  });

  it("makes encryption a must; without it the room decides", () => {
    const { mode, roomSecret } = encryptionOptions(newRoomSecret(), false);
    expect([mode, roomSecret?.length]).toEqual(["required", 32]);
    expect(encryptionOptions(undefined, false).mode).toBe("auto");
  });
});

describe("what a person sees of the encryption", () => {
  it("is the same code on both sides, and the same number for the two", async () => {
    const mine = await viewOf(status, "a", false);
    const theirs = await viewOf({ ...status, ownLeaf: 1 }, "b", false);
    expect(mine.code).toEqual(theirs.code);
    expect(mine.holders.map(({ isSelf }) => isSelf)).toEqual([true, false]);
    expect(mine.holders[1]?.safetyNumber).toBe(theirs.holders[0]?.safetyNumber);
    expect(mine.holders[0]?.safetyNumber).toBeUndefined();
  });

  it.each([
    ["off", [], "muted"],
    ["establishing", [], "muted"],
    ["on", [], "good"],
    ["on", ["b"], "warning"],
    ["blocked", [], "danger"],
    ["failed", [], "danger"],
  ] as const)("says %s with %j unreadable in the tone %s", (state, unreadable, tone) => {
    expect(badgeText({ ...noEncryption, state, unreadable }).tone).toBe(tone);
  });
});
