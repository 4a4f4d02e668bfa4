import { SignalingConnection, type SignalingOptions } from "../../src/signaling/connection.js";
import { FakeServer } from "./fake-server.js";
import { ManualClock, settle } from "./manual-clock.js";

export interface Harness {
  readonly clock: ManualClock;
  readonly server: FakeServer;
  readonly connection: SignalingConnection;
}

export interface HarnessOptions extends Partial<SignalingOptions> {
  readonly random?: () => number;
}

/** A connection over an in-memory server on virtual time. Jitter is zero unless a test gives its own random. */
export function harness(options: HarnessOptions = {}): Harness {
  const clock = new ManualClock();
  const server = new FakeServer();
  let ids = 0;
  const { random = () => 0, ...rest } = options;
  const connection = new SignalingConnection({
    endpoints: ["ws://localhost:1/ws"],
    deviceId: "dev-aaaaaa",
    getAccessToken: () => "token-that-is-long-enough",
    ...rest,
    runtime: { clock, random, uuid: () => `c-${++ids}`, openSocket: server.openSocket },
  });
  return { clock, server, connection };
}

/** Connects and waits for it. */
export async function connected(options: HarnessOptions = {}): Promise<Harness> {
  const h = harness(options);
  await h.connection.connect();
  await settle();
  return h;
}
