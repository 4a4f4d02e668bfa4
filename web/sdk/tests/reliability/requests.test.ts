import { describe, expect, it } from "vitest";
import { connected } from "../support/harness.js";
import { settle } from "../support/manual-clock.js";

const room = { roomId: "room-1" };

const created = { ...room, callId: "c", region: "tr", nodeId: "n", epoch: 0, memberSetVersion: 0 };

describe("requests", () => {
  it("an unanswered request is sent once more, byte for byte the same", async () => {
    const { server, connection, clock } = await connected();
    server.on("ROOM_LEAVE", () => "silent");
    const request = connection.request("ROOM_LEAVE", room);
    await clock.advance(4_999);
    expect(server.last.ofType("ROOM_LEAVE")).toHaveLength(1);
    await clock.advance(1);
    const sent = server.last.ofType("ROOM_LEAVE");
    expect(sent).toHaveLength(2);
    expect(sent[1]?.text).toBe(sent[0]?.text);
    expect(sent[1]?.msgId).toBe(sent[0]?.msgId);
    expect(sent[1]?.seq).toBe(sent[0]?.seq);
    await expect(request).resolves.toBeUndefined();
  });

  it("after resend and 5.25 s more the request fails with ACK_TIMEOUT", async () => {
    const { server, connection, clock } = await connected();
    server.on("ROOM_LEAVE", () => "silent");
    const request = connection.request("ROOM_LEAVE", room);
    server.muted = true;
    let settled = false;
    request.catch(() => {
      settled = true;
    });
    await clock.advance(10_249);
    expect(settled).toBe(false);
    await clock.advance(1);
    await expect(request).rejects.toMatchObject({ code: "ACK_TIMEOUT", retryable: true });
  });

  it("an answer that precedes its ACK is kept for the request", async () => {
    const { server, connection } = await connected();
    server.on("ROOM_CREATE", (_, c) => c.reply("ROOM_CREATED", created));
    await expect(connection.request("ROOM_CREATE", room, { reply: "ROOM_CREATED" })).resolves.toMatchObject(
      room,
    );
  });

  it("an answer that follows its ACK is waited for", async () => {
    const { server, connection, clock } = await connected();
    server.on("ROOM_CREATE", () => undefined);
    const request = connection.request("ROOM_CREATE", room, { reply: "ROOM_CREATED" });
    await clock.advance(100);
    server.last.reply("ROOM_CREATED", created);
    await expect(request).resolves.toMatchObject(room);
  });

  it("an ACK without its answer ends in REPLY_MISSING", async () => {
    const { server, connection, clock } = await connected();
    server.on("ROOM_CREATE", () => undefined);
    const request = connection.request("ROOM_CREATE", room, { reply: "ROOM_CREATED" });
    await clock.advance(5_000);
    await expect(request).rejects.toMatchObject({ code: "REPLY_MISSING" });
  });

  it("concurrent requests of one type find their own answers", async () => {
    const { server, connection } = await connected();
    server.on("TRANSPORT_CREATE", () => "silent");
    const create = (direction: "send" | "recv") =>
      connection.request(
        "TRANSPORT_CREATE",
        { ...room, direction },
        { reply: "TRANSPORT_CREATED", match: reply => reply.direction === direction },
      );
    const send = create("send");
    const recv = create("recv");
    await settle();
    const [first, second] = server.last.ofType("TRANSPORT_CREATE");
    const transport = {
      ...room,
      iceParameters: { usernameFragment: "u", password: "p" },
      iceCandidates: [],
      dtlsParameters: { fingerprints: [] },
    };
    server.last.reply("TRANSPORT_CREATED", { ...transport, transportId: "t-recv", direction: "recv" });
    server.last.reply("TRANSPORT_CREATED", { ...transport, transportId: "t-send", direction: "send" });
    server.last.ack(second?.msgId ?? "");
    server.last.ack(first?.msgId ?? "");
    expect((await send).transportId).toBe("t-send");
    expect((await recv).transportId).toBe("t-recv");
  });

  it("a refusal carries code, details and retryable", async () => {
    const { server, connection } = await connected();
    server.on("E2EE_READY", () => ({
      code: "E2EE_EPOCH_MISMATCH",
      message: "old",
      retryable: true,
      details: { expectedEpoch: 3 },
    }));
    await expect(connection.request("E2EE_READY", { ...room, epoch: 1 })).rejects.toMatchObject({
      code: "E2EE_EPOCH_MISMATCH",
      retryable: true,
      details: { expectedEpoch: 3 },
    });
  });

  it("seq grows by one per frame and goes on across sockets", async () => {
    const { server, connection, clock } = await connected();
    await connection.request("ROOM_LEAVE", room);
    const before = server.last.received.map(frame => frame.seq);
    expect(before).toEqual([1, 2, 3, 4]);
    server.last.drop();
    await clock.advance(500);
    expect(server.connections).toHaveLength(2);
    expect(server.last.received.map(frame => frame.seq)).toEqual([5, 6, 7]);
  });

  it("requests under way fail with CONNECTION_LOST when the socket drops", async () => {
    const { server, connection } = await connected();
    server.on("ROOM_LEAVE", () => "silent");
    const request = connection.request("ROOM_LEAVE", room);
    await settle();
    server.last.drop(1006);
    await expect(request).rejects.toMatchObject({ code: "CONNECTION_LOST", retryable: true });
    await expect(connection.request("ROOM_LEAVE", room)).rejects.toMatchObject({ code: "NOT_CONNECTED" });
  });
});
