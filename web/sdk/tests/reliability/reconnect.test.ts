import { describe, expect, it } from "vitest";
import type { TokenReason } from "../../src/signaling/connection.js";
import { connectionTransitions } from "../../src/signaling/state.js";
import { connected, harness } from "../support/harness.js";
import { settle } from "../support/manual-clock.js";

const three = ["wss://a.example/ws", "wss://b.example/ws", "wss://c.example/ws"];

describe("connecting", () => {
  it("runs HELLO, AUTH and E2EE_CAPS in this order", async () => {
    const { server, connection } = await connected();
    expect(server.last.types).toEqual(["HELLO", "AUTH", "E2EE_CAPS"]);
    expect(connection.state).toBe("ready");
  });

  it("tries each endpoint once from the current one and stays with the one that answers", async () => {
    const h = harness({ endpoints: three });
    h.server.unreachable.add("wss://a.example/ws").add("wss://b.example/ws");
    const session = await h.connection.connect();
    expect(h.server.opened).toEqual(three);
    expect(session.endpoint).toBe("wss://c.example/ws");
  });

  it("fails with SERVER_UNREACHABLE when none answers, and can be asked again", async () => {
    const h = harness({ endpoints: three });
    for (const url of three) h.server.unreachable.add(url);
    await expect(h.connection.connect()).rejects.toMatchObject({
      code: "SERVER_UNREACHABLE",
      retryable: true,
    });
    expect(h.server.opened).toHaveLength(3);
    expect(h.connection.state).toBe("failed");
    h.server.unreachable.clear();
    await expect(h.connection.connect()).resolves.toMatchObject({ userId: "user-1" });
  });

  it("asking twice at once opens one socket, so that a device does not replace itself", async () => {
    const h = harness();
    const [first, second] = await Promise.all([h.connection.connect(), h.connection.connect()]);
    expect(second).toBe(first);
    expect(h.server.opened).toHaveLength(1);
  });

  it("an endpoint that never opens is given up after the open timeout", async () => {
    const h = harness({ endpoints: three.slice(0, 2) });
    h.server.hanging.add("wss://a.example/ws");
    const connecting = h.connection.connect();
    await h.clock.advance(10_000);
    await expect(connecting).resolves.toMatchObject({ endpoint: "wss://b.example/ws" });
  });
});

describe("reconnecting", () => {
  it("advances the endpoint before each retry and waits longer each time", async () => {
    const h = await connected({ endpoints: three });
    for (const url of three) h.server.unreachable.add(url);
    const waits: [number, string][] = [];
    h.connection.on("reconnecting", event => waits.push([event.delayMs, event.endpoint]));
    h.server.last.drop();
    await h.clock.advance(500 + 1_000 + 2_000);
    expect(waits).toEqual([
      [500, "wss://b.example/ws"],
      [1_000, "wss://c.example/ws"],
      [2_000, "wss://a.example/ws"],
      [4_000, "wss://b.example/ws"],
    ]);
    // Who was in before says so, to go before newcomers in a storm.
    expect(h.server.opened).toEqual([
      three[0],
      ...[three[1], three[2], three[0]].map(url => `${url}?returning=1`),
    ]);
    expect(h.connection.endpoint).toBe(three[1]);
  });

  it("a success resets the counter", async () => {
    const h = await connected();
    const url = "ws://localhost:1/ws";
    h.server.unreachable.add(url);
    h.server.last.drop();
    await h.clock.advance(500);
    h.server.unreachable.clear();
    await h.clock.advance(1_000);
    expect(h.connection.state).toBe("ready");
    const waits: number[] = [];
    h.connection.on("reconnecting", event => waits.push(event.delayMs));
    h.server.last.drop();
    expect(waits).toEqual([500]);
  });

  it("gives up after twenty attempts with RECONNECT_EXHAUSTED", async () => {
    const h = await connected();
    h.server.unreachable.add("ws://localhost:1/ws");
    const failures: string[] = [];
    h.connection.on("failed", event => failures.push(event.error.code));
    h.server.last.drop();
    await h.clock.advance(20 * 12_000);
    expect(h.connection.state).toBe("failed");
    expect(failures).toEqual(["RECONNECT_EXHAUSTED"]);
    expect(h.server.opened).toHaveLength(1 + 20);
  });

  it("a server that accepts and drops at once does not reset the counter", async () => {
    const h = await connected();
    h.server.on("AUTH", (_, c) => {
      c.drop();
      return "silent";
    });
    const attempts: number[] = [];
    h.connection.on("reconnecting", event => attempts.push(event.attempt));
    h.server.last.drop();
    await h.clock.advance(500 + 1_000 + 2_000);
    expect(attempts).toEqual([1, 2, 3, 4]);
  });

  it("runs the whole handshake again, with the resume token, before it is ready", async () => {
    const h = await connected();
    const resumed: boolean[] = [];
    h.connection.on("ready", event => resumed.push(event.session.resumed));
    h.server.last.drop();
    await h.clock.advance(500);
    expect(h.server.last.types).toEqual(["HELLO", "AUTH", "E2EE_CAPS"]);
    expect(h.server.last.received[0]?.payload.resume).toEqual({
      resumeToken: "resume-srv-1",
      lastServerSeqSeen: 2,
    });
    expect(resumed).toEqual([true]);
    h.server.honourResume = false;
    h.server.last.drop();
    await h.clock.advance(500);
    expect(resumed).toEqual([true, false]);
  });

  it("session hooks run on the new socket before the connection is ready", async () => {
    const h = await connected();
    h.connection.addSessionHook(async session => {
      expect(h.connection.state).toBe("reconnecting");
      await session.request("ROOM_JOIN", { roomId: "r", deviceId: session.deviceId });
    });
    h.server.last.drop();
    await h.clock.advance(500);
    expect(h.connection.state).toBe("ready");
    expect(h.server.last.types).toEqual(["HELLO", "AUTH", "E2EE_CAPS", "ROOM_JOIN"]);
  });

  it("retryNow cuts the wait short", async () => {
    const h = await connected();
    h.server.last.drop();
    h.connection.retryNow();
    await settle();
    expect(h.connection.state).toBe("ready");
  });

  it("close stops everything and leaves no timer", async () => {
    const h = await connected();
    h.server.last.drop();
    h.connection.close();
    await h.clock.advance(60_000);
    expect(h.server.opened).toHaveLength(1);
    expect(h.connection.state).toBe("closed");
    expect(h.clock.pendingTimers).toBe(0);
  });

  it.each([
    [4009, "DEVICE_REPLACED"],
    [4003, "SECURE_TRANSPORT_REQUIRED"],
  ])("close code %i is terminal: %s", async (closeCode, code) => {
    const h = await connected();
    const failures: string[] = [];
    h.connection.on("failed", event => failures.push(event.error.code));
    h.server.last.drop(closeCode);
    await h.clock.advance(60_000);
    expect(failures).toEqual([code]);
    expect(h.server.opened).toHaveLength(1);
  });
});

describe("silence", () => {
  it("PINGs at the heartbeat and keeps a socket that answers", async () => {
    const h = await connected();
    await h.clock.advance(60_000);
    expect(h.server.connections).toHaveLength(1);
    expect(h.server.last.ofType("PING")).toHaveLength(6);
  });

  it.each([
    [10, 20_000],
    [5, 15_000],
  ])("with a heartbeat of %i s a silent socket is closed after %i ms", async (heartbeatSec, limit) => {
    const h = harness();
    h.server.heartbeatSec = heartbeatSec;
    await h.connection.connect();
    await settle();
    h.server.muted = true;
    const socket = h.server.sockets[0];
    await h.clock.advance(limit - 1);
    expect(socket?.closeCode).toBeUndefined();
    await h.clock.advance(1);
    expect(socket?.closeCode).toBe(4000);
    expect(h.connection.state).toBe("waiting");
  });
});

describe("tokens", () => {
  it("a refused token is refreshed once through the callback", async () => {
    const reasons: TokenReason[] = [];
    const h = harness({
      getAccessToken: reason => {
        reasons.push(reason);
        return reason === "refused" ? "fresh-token" : "stale-token";
      },
    });
    h.server.on("AUTH", (frame, c) => {
      if (frame.payload.accessToken === "stale-token") return { code: "UNAUTHENTICATED", retryable: false };
      return c.reply("AUTH_OK", { userId: "user-1", deviceId: "dev-aaaaaa" });
    });
    await h.connection.connect();
    expect(reasons).toEqual(["initial", "refused"]);
    expect(h.connection.state).toBe("ready");
  });

  it("a token that cannot be refreshed ends the connection at once", async () => {
    const h = harness({ endpoints: three });
    h.server.on("AUTH", () => ({ code: "UNAUTHENTICATED", retryable: false }));
    await expect(h.connection.connect()).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    expect(h.server.opened).toHaveLength(1);
  });

  it("close code 4001 asks for a new token on the way back", async () => {
    const reasons: TokenReason[] = [];
    const h = await connected({
      getAccessToken: reason => {
        reasons.push(reason);
        return "token-that-is-long-enough";
      },
    });
    h.server.last.drop(4001);
    await h.clock.advance(500);
    h.server.last.drop();
    await h.clock.advance(500);
    expect(reasons).toEqual(["initial", "expired", "reconnect"]);
  });
});

describe("states", () => {
  it("every state that is entered stands in the table", async () => {
    const h = await connected({ endpoints: three });
    const steps: [string, string][] = [];
    h.connection.on("state", event => steps.push([event.previous, event.state]));
    for (const url of three) h.server.unreachable.add(url);
    h.server.last.drop();
    await h.clock.advance(1_500);
    h.server.unreachable.clear();
    await h.clock.advance(20_000);
    h.connection.close();
    expect(steps.map(([from, to]) => `${from}>${to}`)).toEqual([
      "ready>waiting",
      "waiting>reconnecting",
      "reconnecting>waiting",
      "waiting>reconnecting",
      "reconnecting>waiting",
      "waiting>reconnecting",
      "reconnecting>ready",
      "ready>closed",
    ]);
    for (const [from, to] of steps) {
      expect(connectionTransitions[from as keyof typeof connectionTransitions]).toContain(to);
    }
  });

  it("a closed connection cannot be opened again", async () => {
    const h = await connected();
    h.connection.close();
    await expect(h.connection.connect()).rejects.toMatchObject({ code: "CLOSED" });
  });
});
