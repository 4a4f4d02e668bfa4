import { CallError, SdkErrorCode } from "../errors.js";
import type { Acknowledgement, Frame } from "../protocol/envelope.js";
import { parseFrame } from "../protocol/envelope.js";
import type {
  ClientMessages,
  ClientMessageType,
  ServerMessages,
  ServerMessageType,
} from "../protocol/messages.js";
import { type Deferred, deferred } from "../support/deferred.js";
import type { Runtime, TimerHandle, WebSocketLike } from "../support/runtime.js";
import { InboundFilter, type InboundVerdict } from "./inbound-filter.js";

export interface SocketTimings {
  /** Wait for the first ACK before the identical frame is sent again. */
  readonly ackTimeoutMs: number;
  /** Wait after that resend before the request fails. */
  readonly resendTimeoutMs: number;
  /** Longest wait for the socket to open: longer than a server in a storm of joins lets us stand in line. */
  readonly openTimeoutMs: number;
  /** The least silence that closes a socket; twice the heartbeat if that is longer. */
  readonly silenceFloorMs: number;
}

export const defaultTimings: SocketTimings = {
  ackTimeoutMs: 5_000,
  resendTimeoutMs: 5_250,
  openTimeoutMs: 10_000,
  silenceFloorMs: 15_000,
};

/** Which answer frame a request waits for besides its ACK. */
export interface Expectation<Type extends ServerMessageType> {
  readonly reply: Type;
  /** Direct answers carry no correlation id, so a request says which one is its own. Default: the next of that type. */
  readonly match?: (payload: ServerMessages[Type]) => boolean;
}

/** Why a socket ended. */
export interface SocketClosed {
  readonly cause: "remote" | "local" | "silence" | "open-timeout";
  readonly code: number;
  readonly reason: string;
}

export interface SocketObserver {
  onMessage(type: string, payload: unknown): void;
  onDropped(verdict: Exclude<InboundVerdict, "accept"> | "malformed"): void;
  onClosed(closed: SocketClosed): void;
}

interface PendingRequest {
  readonly text: string;
  readonly result: Deferred<unknown>;
  readonly expects: string | undefined;
  readonly match: ((payload: never) => boolean) | undefined;
  acknowledged: boolean;
  reply: { readonly payload: unknown } | undefined;
  resent: boolean;
  timer: TimerHandle;
}

/**
 * One WebSocket from open to close: frames out with ACK and one resend, frames in through the filter, heartbeat.
 * It is never reused; the connection opens a new one after a drop.
 */
export class SignalingSocket {
  // given
  readonly #runtime: Runtime;
  readonly #timings: SocketTimings;
  readonly #observer: SocketObserver;
  readonly #nextSeq: () => number;
  // made
  readonly #socket: WebSocketLike;
  readonly #filter = new InboundFilter();
  readonly #pending = new Map<string, PendingRequest>();
  readonly #opened = deferred<void>();
  // state
  #closed = false;
  #openTimer: TimerHandle | undefined;
  #pingTimer: TimerHandle | undefined;
  #silenceTimer: TimerHandle | undefined;
  #heartbeatMs = 0;

  constructor(
    url: string,
    runtime: Runtime,
    timings: SocketTimings,
    nextSeq: () => number,
    observer: SocketObserver,
  ) {
    this.#runtime = runtime;
    this.#timings = timings;
    this.#observer = observer;
    this.#nextSeq = nextSeq;
    this.#socket = runtime.openSocket(url);
    this.#openTimer = runtime.clock.setTimeout(
      () => this.#end({ cause: "open-timeout", code: 4000, reason: "not opened in time" }),
      timings.openTimeoutMs,
    );
    this.#socket.onopen = () => this.#onOpen();
    this.#socket.onmessage = event => this.#onData(event.data);
    this.#socket.onclose = event => this.#end({ cause: "remote", code: event.code, reason: event.reason });
    // The close event that follows says everything; without this some runtimes report an unhandled error.
    this.#socket.onerror = () => undefined;
  }

  /** Resolves when the socket is open, rejects when it closes before that. */
  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  get lastServerSeq(): number {
    return this.#filter.lastSeq;
  }

  request<Type extends ClientMessageType>(type: Type, payload: ClientMessages[Type]): Promise<void>;
  request<Type extends ClientMessageType, Reply extends ServerMessageType>(
    type: Type,
    payload: ClientMessages[Type],
    expectation: Expectation<Reply>,
  ): Promise<ServerMessages[Reply]>;
  request<Type extends ClientMessageType, Reply extends ServerMessageType>(
    type: Type,
    payload: ClientMessages[Type],
    expectation?: Expectation<Reply>,
  ): Promise<ServerMessages[Reply] | void> {
    if (this.#closed)
      return Promise.reject(
        new CallError(SdkErrorCode.ConnectionLost, "The socket is closed", { retryable: true }),
      );
    const { clock, uuid } = this.#runtime;
    const frame = { v: 1, type, msgId: uuid(), ts: clock.now(), seq: this.#nextSeq(), payload };
    const result = deferred<unknown>();
    const pending: PendingRequest = {
      text: JSON.stringify(frame),
      result,
      expects: expectation?.reply,
      match: expectation?.match as ((payload: never) => boolean) | undefined,
      acknowledged: false,
      reply: undefined,
      resent: false,
      timer: clock.setTimeout(() => this.#onAckTimeout(frame.msgId, type), this.#timings.ackTimeoutMs),
    };
    this.#pending.set(frame.msgId, pending);
    this.#socket.send(pending.text);
    return result.promise as Promise<ServerMessages[Reply] | void>;
  }

  /** Starts PINGs and the watch for silence. */
  startHeartbeat(heartbeatSec: number): void {
    this.#heartbeatMs = Math.max(1, heartbeatSec) * 1000;
    this.#schedulePing();
    this.#watchSilence();
  }

  close(code = 1000, reason = "closed by the client"): void {
    this.#end({ cause: "local", code, reason });
  }

  #onOpen(): void {
    if (this.#openTimer !== undefined) this.#runtime.clock.clearTimeout(this.#openTimer);
    this.#opened.resolve();
  }

  #onData(data: unknown): void {
    if (this.#closed) return;
    if (this.#heartbeatMs > 0) this.#watchSilence();
    const frame = parseFrame(data);
    if (frame === undefined) {
      this.#observer.onDropped("malformed");
      return;
    }
    const verdict = this.#filter.judge(frame);
    if (verdict !== "accept") {
      this.#observer.onDropped(verdict);
      return;
    }
    if (frame.ack !== undefined) this.#onAck(frame.ack);
    else this.#onMessage(frame);
  }

  #onMessage(frame: Frame): void {
    for (const [msgId, pending] of this.#pending) {
      if (pending.expects !== frame.type || pending.reply !== undefined) continue;
      if (pending.match !== undefined && !pending.match(frame.payload as never)) continue;
      pending.reply = { payload: frame.payload };
      this.#observer.onMessage(frame.type, frame.payload);
      if (pending.acknowledged) this.#settle(msgId, pending);
      return;
    }
    this.#observer.onMessage(frame.type, frame.payload);
  }

  #onAck(ack: Acknowledgement): void {
    const pending = this.#pending.get(ack.ackOfMsgId);
    if (pending === undefined || pending.acknowledged) return;
    if (!ack.ok) {
      this.#fail(ack.ackOfMsgId, pending, refusal(ack));
      return;
    }
    pending.acknowledged = true;
    if (pending.expects === undefined || pending.reply !== undefined) {
      this.#settle(ack.ackOfMsgId, pending);
      return;
    }
    // The answer normally precedes the ACK; one more wait covers a server that sends it after.
    this.#rearm(pending, this.#timings.ackTimeoutMs, () =>
      this.#fail(
        ack.ackOfMsgId,
        pending,
        new CallError(SdkErrorCode.ReplyMissing, `No ${pending.expects} came`, { retryable: true }),
      ),
    );
  }

  #onAckTimeout(msgId: string, type: string): void {
    const pending = this.#pending.get(msgId);
    if (pending === undefined) return;
    if (pending.resent) {
      const message = `${type} was not acknowledged`;
      this.#fail(msgId, pending, new CallError(SdkErrorCode.AckTimeout, message, { retryable: true }));
      return;
    }
    // The identical frame, same msgId and seq: the server recognises it and does not act twice.
    pending.resent = true;
    this.#rearm(pending, this.#timings.resendTimeoutMs, () => this.#onAckTimeout(msgId, type));
    this.#socket.send(pending.text);
  }

  #rearm(pending: PendingRequest, ms: number, run: () => void): void {
    this.#runtime.clock.clearTimeout(pending.timer);
    pending.timer = this.#runtime.clock.setTimeout(run, ms);
  }

  #settle(msgId: string, pending: PendingRequest): void {
    this.#runtime.clock.clearTimeout(pending.timer);
    this.#pending.delete(msgId);
    pending.result.resolve(pending.reply?.payload);
  }

  #fail(msgId: string, pending: PendingRequest, error: CallError): void {
    this.#runtime.clock.clearTimeout(pending.timer);
    this.#pending.delete(msgId);
    pending.result.reject(error);
  }

  #schedulePing(): void {
    this.#pingTimer = this.#runtime.clock.setTimeout(() => {
      if (this.#closed) return;
      // A PING that fails is not news: the silence watch decides about the socket.
      this.request("PING", {}).catch(() => undefined);
      this.#schedulePing();
    }, this.#heartbeatMs);
  }

  #watchSilence(): void {
    const { clock } = this.#runtime;
    if (this.#silenceTimer !== undefined) clock.clearTimeout(this.#silenceTimer);
    const limit = Math.max(2 * this.#heartbeatMs, this.#timings.silenceFloorMs);
    this.#silenceTimer = clock.setTimeout(
      () => this.#end({ cause: "silence", code: 4000, reason: "server silent" }),
      limit,
    );
  }

  #end(closed: SocketClosed): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const timer of [this.#openTimer, this.#pingTimer, this.#silenceTimer]) {
      if (timer !== undefined) this.#runtime.clock.clearTimeout(timer);
    }
    this.#detach(closed);
    const lost = new CallError(SdkErrorCode.ConnectionLost, `The connection ended (${closed.cause})`, {
      retryable: true,
      details: { closeCode: closed.code, closeReason: closed.reason },
    });
    this.#opened.reject(lost);
    for (const [msgId, pending] of [...this.#pending]) this.#fail(msgId, pending, lost);
    this.#observer.onClosed(closed);
  }

  #detach(closed: SocketClosed): void {
    this.#socket.onopen = null;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    if (closed.cause === "remote") return;
    try {
      this.#socket.close(closed.code, closed.reason);
    } catch {
      // A socket that never opened may refuse; it is let go either way.
    }
  }
}

function refusal(ack: Acknowledgement): CallError {
  const error = ack.error ?? { code: "INTERNAL_ERROR", message: "Refused without a reason" };
  return new CallError(error.code, error.message, {
    retryable: error.retryable ?? false,
    ...(error.details === undefined ? {} : { details: error.details }),
  });
}
