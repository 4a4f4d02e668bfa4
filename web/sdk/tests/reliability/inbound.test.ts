import { describe, expect, it } from "vitest";
import { parseFrame } from "../../src/protocol/envelope.js";
import { InboundFilter, messageIdWindow } from "../../src/signaling/inbound-filter.js";
import { connected } from "../support/harness.js";

const frame = (msgId: string, seq?: number) =>
  ({ v: 1, type: "X", msgId, ts: 0, payload: {}, ...(seq === undefined ? {} : { seq }) }) as const;

describe("inbound frames", () => {
  it.each([
    ["first", [frame("a", 1)], ["accept"]],
    ["a repeated id", [frame("a", 1), frame("a", 2)], ["accept", "duplicate"]],
    ["a lower seq", [frame("a", 2), frame("b", 1)], ["accept", "stale-seq"]],
    ["an equal seq", [frame("a", 2), frame("b", 2)], ["accept", "stale-seq"]],
    ["a gap", [frame("a", 2), frame("b", 9)], ["accept", "accept"]],
    ["broadcasts between", [frame("a", 2), frame("b"), frame("c", 3)], ["accept", "accept", "accept"]],
    ["a repeated broadcast", [frame("b"), frame("b")], ["accept", "duplicate"]],
    [
      "an id refused for its seq stays new",
      [frame("a", 5), frame("b", 4), frame("b", 6)],
      ["accept", "stale-seq", "accept"],
    ],
  ])("%s", (_, frames, verdicts) => {
    const filter = new InboundFilter();
    expect(frames.map(f => filter.judge(f))).toEqual(verdicts);
  });

  it("remembers a bounded number of ids", () => {
    const filter = new InboundFilter();
    for (let i = 0; i <= messageIdWindow; i++) filter.judge(frame(`id-${i}`));
    expect(filter.judge(frame("id-0"))).toBe("accept");
    expect(filter.judge(frame(`id-${messageIdWindow}`))).toBe("duplicate");
  });

  it.each([
    ["text that is not JSON", "{"],
    ["a number", "5"],
    ["another version", JSON.stringify({ ...frame("a"), v: 2 })],
    ["no msgId", JSON.stringify({ v: 1, type: "X", ts: 0 })],
    ["a seq that is no integer", JSON.stringify({ ...frame("a"), seq: 1.5 })],
    ["a broken ack", JSON.stringify({ ...frame("a"), ack: { ok: "yes" } })],
  ])("%s is not a frame", (_, text) => {
    expect(parseFrame(text)).toBeUndefined();
  });

  it("binary data is not a frame", () => {
    expect(parseFrame(new ArrayBuffer(4))).toBeUndefined();
  });

  it("dropped frames are counted, not delivered, and a new socket starts afresh", async () => {
    const { server, connection, clock } = await connected();
    const seen: string[] = [];
    const dropped: string[] = [];
    connection.on("message", message => seen.push(message.type));
    connection.on("dropped", event => dropped.push(event.reason));
    server.last.broadcast("ROOM_LEFT", { roomId: "r" }, "twice");
    server.last.broadcast("ROOM_LEFT", { roomId: "r" }, "twice");
    server.last.reply("ROOM_LEFT", { roomId: "r" }, 1);
    server.last.raw("garbage");
    expect(seen).toEqual(["ROOM_LEFT"]);
    expect(dropped).toEqual(["duplicate", "stale-seq", "malformed"]);
    server.last.drop();
    await clock.advance(500);
    seen.length = 0;
    server.last.broadcast("ROOM_LEFT", { roomId: "r" }, "twice");
    expect(seen).toEqual(["ROOM_LEFT"]);
  });
});
