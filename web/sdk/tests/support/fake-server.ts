import type { Frame } from "../../src/protocol/envelope.js";
import type { ServerMessages, ServerMessageType } from "../../src/protocol/messages.js";
import type { WebSocketLike } from "../../src/support/runtime.js";

export interface ReceivedFrame extends Frame {
  readonly seq: number;
  readonly payload: Record<string, unknown>;
  /** The exact text, to compare a resend byte for byte. */
  readonly text: string;
}

export interface Refusal {
  readonly code: string;
  readonly message?: string;
  readonly retryable?: boolean;
  readonly details?: Record<string, unknown>;
}

/** What the fake does with one request: answers in order, then ACK; "silent" says nothing. */
export type Handler = (
  frame: ReceivedFrame,
  connection: FakeConnection,
) => Refusal | "silent" | undefined | void;

/** The server's end of one in-memory socket. */
export class FakeConnection {
  readonly received: ReceivedFrame[] = [];
  readonly url: string;
  readonly #server: FakeServer;
  readonly #socket: FakeSocket;
  readonly #seen = new Set<string>();
  #replySeq = 0;
  #ids = 0;

  constructor(url: string, server: FakeServer, socket: FakeSocket) {
    this.url = url;
    this.#server = server;
    this.#socket = socket;
  }

  get types(): string[] {
    return this.received.map(frame => frame.type);
  }

  ofType(type: string): ReceivedFrame[] {
    return this.received.filter(frame => frame.type === type);
  }

  /** A direct answer: numbered. */
  reply<Type extends ServerMessageType>(
    type: Type,
    payload: ServerMessages[Type],
    seq = ++this.#replySeq,
  ): void {
    this.raw({ v: 1, type, msgId: this.freshId(), ts: 0, seq, payload });
  }

  /** A broadcast: no seq. */
  broadcast<Type extends ServerMessageType>(
    type: Type,
    payload: ServerMessages[Type],
    msgId = this.freshId(),
  ): void {
    this.raw({ v: 1, type, msgId, ts: 0, payload });
  }

  ack(msgId: string, refusal?: Refusal): void {
    const error =
      refusal === undefined
        ? {}
        : { error: { message: refusal.code, retryable: false, details: {}, ...refusal } };
    const ack = { ackOfMsgId: msgId, ok: refusal === undefined, ...error };
    this.raw({ v: 1, type: "ACK", msgId: this.freshId(), ts: 0, ack, payload: {} });
  }

  raw(value: unknown): void {
    this.#socket.deliver(typeof value === "string" ? value : JSON.stringify(value));
  }

  drop(code = 1006, reason = ""): void {
    this.#socket.closedByServer(code, reason);
  }

  freshId(): string {
    return `${this.#server.name}-${this.#server.connections.indexOf(this)}-${++this.#ids}`;
  }

  accept(text: string): void {
    const frame = { ...(JSON.parse(text) as ReceivedFrame), text };
    this.received.push(frame);
    if (this.#server.muted) return;
    if (this.#seen.has(frame.msgId)) {
      this.ack(frame.msgId);
      return;
    }
    this.#seen.add(frame.msgId);
    const outcome = this.#server.handle(frame, this);
    if (outcome === "silent") return;
    this.ack(frame.msgId, outcome);
  }
}

class FakeSocket implements WebSocketLike {
  readyState = 0;
  onopen: ((event: unknown) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  closeCode: number | undefined;
  readonly #connection: FakeConnection;

  constructor(url: string, server: FakeServer) {
    this.#connection = new FakeConnection(url, server, this);
    queueMicrotask(() => this.#open(url, server));
  }

  #open(url: string, server: FakeServer): void {
    if (this.readyState !== 0 || server.hanging.has(endpointOf(url))) return;
    if (server.unreachable.has(endpointOf(url))) {
      this.closedByServer(1006, "");
      return;
    }
    this.readyState = 1;
    server.connections.push(this.#connection);
    this.onopen?.({});
  }

  send(data: string): void {
    queueMicrotask(() => this.readyState === 1 && this.#connection.accept(data));
  }

  deliver(text: string): void {
    if (this.readyState === 1) this.onmessage?.({ data: text });
  }

  close(code?: number): void {
    this.closeCode = code;
    this.readyState = 3;
  }

  closedByServer(code: number, reason: string): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }
}

/** An in-memory server that speaks the envelope; each test bends the handlers it cares about. */
export class FakeServer {
  readonly name: string;
  readonly connections: FakeConnection[] = [];
  /** URLs asked for, in order. */
  readonly opened: string[] = [];
  readonly sockets: FakeSocket[] = [];
  readonly unreachable = new Set<string>();
  /** URLs that neither open nor fail. */
  readonly hanging = new Set<string>();
  readonly handlers = new Map<string, Handler>();
  /** Receives but never answers. */
  muted = false;
  heartbeatSec = 10;
  honourResume = true;
  #tokens = 0;
  readonly #live = new Set<string>();

  constructor(name = "srv") {
    this.name = name;
    this.on("HELLO", (frame, connection) => this.#hello(frame, connection));
    this.on("AUTH", (_, connection) => this.authOk(connection));
  }

  readonly openSocket = (url: string): WebSocketLike => {
    this.opened.push(url);
    const socket = new FakeSocket(url, this);
    this.sockets.push(socket);
    return socket;
  };

  on(type: string, handler: Handler): void {
    this.handlers.set(type, handler);
  }

  get last(): FakeConnection {
    const connection = this.connections.at(-1);
    if (connection === undefined) throw new Error("nobody connected");
    return connection;
  }

  handle(frame: ReceivedFrame, connection: FakeConnection): Refusal | "silent" | undefined {
    return this.handlers.get(frame.type)?.(frame, connection) ?? undefined;
  }

  /** AUTH_OK, which says whether the session asked for in HELLO was taken up. */
  authOk(connection: FakeConnection): void {
    const resume = connection.ofType("HELLO")[0]?.payload.resume as { resumeToken?: string } | undefined;
    const resumed = this.honourResume && this.#live.has(resume?.resumeToken ?? "");
    const identity = { userId: "user-1", deviceId: "dev-aaaaaa" };
    connection.reply("AUTH_OK", resume === undefined ? identity : { ...identity, resumed });
  }

  #hello(_: ReceivedFrame, connection: FakeConnection): void {
    const resumeToken = `resume-${this.name}-${++this.#tokens}`;
    this.#live.add(resumeToken);
    connection.reply("WELCOME", {
      serverTime: 0,
      heartbeatSec: this.heartbeatSec,
      resumeToken,
      features: { wsSeqRequired: true, e2eeRequiredDefault: true, sframeRequired: false, sfuEnabled: true },
    });
  }
}

/** Without what a returning client adds. */
function endpointOf(url: string): string {
  return url.split("?")[0] as string;
}
