import { FakeHandler, testFakeParameters } from "mediasoup-client";
import { afterEach, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { CallClient } from "../../src/client.js";
import type { RoomEvents } from "../../src/room/events.js";
import type { Room } from "../../src/room/room.js";
import { browserRuntime, type WebSocketLike } from "../../src/support/runtime.js";

/** Runs against a development server: CROSSPOINT_URL=http://localhost:8888 npm test -w web/sdk */
const base = process.env.CROSSPOINT_URL;

interface Client {
  readonly calls: CallClient;
  readonly sockets: WebSocket[];
}

const open: Client[] = [];

async function devToken(name: string): Promise<string> {
  const response = await fetch(`${base}/api/dev/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name }),
  });
  const body = (await response.json()) as { token?: string; accessToken?: string };
  return body.accessToken ?? body.token ?? "";
}

async function client(name: string): Promise<Client> {
  const token = await devToken(name);
  const sockets: WebSocket[] = [];
  const calls = new CallClient({
    endpoints: [`${base?.replace(/^http/, "ws")}/ws`],
    deviceId: `test-${crypto.randomUUID()}`,
    getAccessToken: () => token,
    handlerFactory: FakeHandler.createFactory(testFakeParameters),
    runtime: {
      ...browserRuntime,
      openSocket: url => {
        const socket = new WebSocket(url);
        sockets.push(socket);
        return socket as unknown as WebSocketLike;
      },
    },
  });
  const made = { calls, sockets };
  open.push(made);
  return made;
}

/** The next event of that name, or a failure that says what it waited for. */
function next<Name extends keyof RoomEvents>(room: Room, name: Name, ms = 5_000): Promise<RoomEvents[Name]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${name} within ${ms} ms`)), ms);
    room.once(name, event => {
      clearTimeout(timer);
      resolve(event);
    });
  });
}

afterEach(() => {
  for (const { calls } of open.splice(0)) calls.close();
});

describe.skipIf(base === undefined)("against a real server", () => {
  it("two people meet, and one leaves", async () => {
    const [ann, bob] = [await client("Ann"), await client("Bob")];
    const created = await ann.calls.createRoom(`t-${crypto.randomUUID()}`);
    const token = created.joinToken === undefined ? {} : { joinToken: created.joinToken };
    const annRoom = await ann.calls.join(created.roomId, token);
    const joined = next(annRoom, "peerJoined");
    const bobRoom = await bob.calls.join(created.roomId, token);
    expect((await joined).peer.deviceId).toBe(bobRoom.deviceId);
    expect(bobRoom.peers.map(peer => peer.deviceId)).toEqual([annRoom.deviceId, bobRoom.deviceId]);
    const left = next(annRoom, "peerLeft");
    await bobRoom.leave();
    expect((await left).peer.deviceId).toBe(bobRoom.deviceId);
  });

  it("a socket that dies comes back to the same session, and nobody sees it leave", async () => {
    const [ann, bob] = [await client("Ann"), await client("Bob")];
    const created = await ann.calls.createRoom(`t-${crypto.randomUUID()}`);
    const token = created.joinToken === undefined ? {} : { joinToken: created.joinToken };
    const annRoom = await ann.calls.join(created.roomId, token);
    const bobRoom = await bob.calls.join(created.roomId, token);
    const gone: string[] = [];
    annRoom.on("peerLeft", ({ peer }) => gone.push(peer.deviceId));
    const before = bobRoom.media;
    const back = new Promise<boolean>(resolve => {
      bob.calls.connection.on("ready", ({ session }) => resolve(session.resumed));
    });
    bob.sockets.at(-1)?.terminate();
    expect(await back).toBe(true);
    if (bobRoom.state !== "joined") await next(bobRoom, "state");
    expect(bobRoom.state).toBe("joined");
    expect(bobRoom.media).toBe(before);
    expect(gone).toEqual([]);
  });

  it("a rekey moves everyone to the next epoch", async () => {
    const [ann, bob] = [await client("Ann"), await client("Bob")];
    const created = await ann.calls.createRoom(`t-${crypto.randomUUID()}`);
    const token = created.joinToken === undefined ? {} : { joinToken: created.joinToken };
    const annRoom = await ann.calls.join(created.roomId, token);
    const bobRoom = await bob.calls.join(created.roomId, token);
    const before = bobRoom.epoch;
    const moved = next(bobRoom, "epoch");
    await annRoom.rekey();
    expect((await moved).epoch).toBe(before + 1);
    expect(annRoom.epoch).toBe(before + 1);
  });

  it("a refused token says so and is not tried again", async () => {
    const calls = new CallClient({
      endpoints: [`${base?.replace(/^http/, "ws")}/ws`],
      deviceId: `test-${crypto.randomUUID()}`,
      getAccessToken: () => "short",
      runtime: { ...browserRuntime, openSocket: url => new WebSocket(url) as unknown as WebSocketLike },
    });
    await expect(calls.connect()).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    calls.close();
  });
});
