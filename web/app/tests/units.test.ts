import { describe, expect, it } from "vitest";
import { computeGrid } from "../src/call/layout.js";
import { levelOf } from "../src/call/level-meter.js";
import { endpointsFrom, readConfig } from "../src/config.js";
import { newRoomId, parseInvitation, parseRoute, roomUrl } from "../src/route.js";

const origin = "https://calls.example";

describe("configuration", () => {
  it.each([
    ["nothing: this server", {}, ["wss://calls.example/ws"]],
    ["only the single URL", { VITE_CALLS_V2_WS_URL: "wss://a/ws" }, ["wss://a/ws"]],
    ["only the list", { VITE_CALLS_V2_WS_URLS: "wss://a/ws, wss://b/ws" }, ["wss://a/ws", "wss://b/ws"]],
    [
      "both",
      { VITE_CALLS_V2_WS_URL: "wss://c/ws", VITE_CALLS_V2_WS_URLS: "wss://a/ws,wss://b/ws" },
      ["wss://a/ws", "wss://b/ws", "wss://c/ws"],
    ],
    [
      "both naming the same",
      { VITE_CALLS_V2_WS_URL: "wss://a/ws", VITE_CALLS_V2_WS_URLS: "wss://a/ws" },
      ["wss://a/ws"],
    ],
  ])("%s", (_, env, expected) => {
    expect(endpointsFrom(env, origin)).toEqual(expected);
  });

  it("calls are on unless switched off, the rekey interval keeps its floor", () => {
    const config = readConfig({ VITE_CALLS_V2_REKEY_INTERVAL_MS: "5" }, origin, {});
    expect(config.enabled).toBe(true);
    expect(config.rekeyIntervalMs).toBe(30_000);
    expect(config.advertiseSframe).toBe(false);
    expect(readConfig({ VITE_CALLS_V2_ENABLED: "false" }, origin, {}).enabled).toBe(false);
    expect(readConfig({ VITE_CALLS_FRAME_E2EE_ADVERTISE_SFRAME: "true" }, origin, {}).advertiseSframe).toBe(
      true,
    );
  });
});

describe("routes", () => {
  it("a room link round-trips, token and all", () => {
    const url = new URL(roomUrl(origin, "abcd-efgh", "to.ken+/="));
    expect(parseRoute(url.pathname, url.hash)).toMatchObject({ roomId: "abcd-efgh", joinToken: "to.ken+/=" });
  });

  it.each([
    ["/", undefined],
    ["/r/", undefined],
    ["/r/a b", undefined],
    ["/r/%zz", undefined],
    ["/x/room", undefined],
    ["/r/room-1", "room-1"],
    ["/r/room-1/", "room-1"],
  ])("%s", (path, roomId) => {
    expect(parseRoute(path, "").roomId).toBe(roomId);
  });

  it("takes a pasted link of this server, a bare name, and nothing else", () => {
    expect(parseInvitation(" https://calls.example/r/abc#t=x ", origin)).toMatchObject({
      roomId: "abc",
      joinToken: "x",
    });
    expect(parseInvitation("standup", origin)).toMatchObject({ roomId: "standup" });
    expect(parseInvitation("https://elsewhere.example/r/abc", origin)).toBeUndefined();
    expect(parseInvitation("javascript:alert(1)", origin)).toBeUndefined();
  });

  it("room names are readable, unambiguous and even", () => {
    const name = newRoomId();
    expect(name).toMatch(/^[a-km-np-z2-5]{4}-[a-km-np-z2-5]{4}-[a-km-np-z2-5]{4}$/);
    expect(newRoomId(bytes => bytes.map((_, i) => (i % 2 === 0 ? 255 : 28 + i)))).toHaveLength(14);
  });
});

describe("grid", () => {
  it.each([
    [1, 1280, 720, 1],
    [2, 1280, 720, 2],
    [3, 1280, 720, 2],
    [4, 1280, 720, 2],
    [6, 1280, 720, 3],
    [9, 1280, 720, 3],
    [2, 390, 700, 1],
    [4, 390, 700, 2],
  ])("%i tiles in %i×%i take %i columns", (count, width, height, columns) => {
    expect(computeGrid(count, width, height, 10).columns).toBe(columns);
  });

  it("never overflows its area", () => {
    for (let count = 1; count <= 30; count++) {
      for (const [width, height] of [
        [1360, 700],
        [390, 740],
        [844, 300],
        [200, 200],
      ] as const) {
        const { columns, rows, tileWidth, tileHeight } = computeGrid(count, width, height, 6);
        expect(columns * rows).toBeGreaterThanOrEqual(count);
        expect(columns * tileWidth + 6 * (columns - 1)).toBeLessThanOrEqual(width);
        expect(rows * tileHeight + 6 * (rows - 1)).toBeLessThanOrEqual(height);
        expect(tileWidth * tileHeight).toBeGreaterThan(0);
      }
    }
  });
});

describe("level", () => {
  it.each([
    [0, 0],
    [0.001, 0],
    [0.01, 0.4],
    [0.1, 0.8],
    [1, 1],
  ])("a constant %d reads %d", (amplitude, level) => {
    expect(levelOf(new Float32Array(512).fill(amplitude))).toBeCloseTo(level, 2);
  });
});
