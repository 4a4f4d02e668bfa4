import { CallError, SdkErrorCode } from "../errors.js";
import { CLOSES } from "../protocol/generated.js";
import type {
  ClientMessages,
  ClientMessageType,
  ServerMessages,
  ServerMessageType,
} from "../protocol/messages.js";
import { Emitter } from "../support/emitter.js";
import { browserRuntime, type Runtime, type TimerHandle } from "../support/runtime.js";
import { type BackoffOptions, defaultBackoff, reconnectDelay } from "./backoff.js";
import { EndpointRotation } from "./endpoints.js";
import type { InboundVerdict } from "./inbound-filter.js";
import {
  defaultTimings,
  type Expectation,
  SignalingSocket,
  type SocketClosed,
  type SocketTimings,
} from "./socket.js";
import { type ConnectionState, connectionTransitions } from "./state.js";

/** Why a token is asked for: "refused" and "expired" mean that the last one is no longer good. */
export type TokenReason = "initial" | "reconnect" | "refused" | "expired";

export interface SignalingOptions {
  /** ws/wss URLs in order of preference. */
  readonly endpoints: readonly string[];
  /** Stable for this browser, 6–128 of [A-Za-z0-9._:-]. */
  readonly deviceId: string;
  readonly getAccessToken: (reason: TokenReason) => string | Promise<string>;
  readonly appVersion?: string;
  readonly platform?: string;
  readonly capabilities?: ClientMessages["E2EE_CAPS"];
  readonly backoff?: Partial<BackoffOptions>;
  readonly timings?: Partial<SocketTimings>;
  readonly runtime?: Partial<Runtime>;
}

/** What is known after HELLO, AUTH and E2EE_CAPS on a fresh socket. */
export interface SignalingSession {
  readonly endpoint: string;
  readonly userId: string;
  readonly deviceId: string;
  /** The server still has the state of the session before (its resume token was honoured). */
  readonly resumed: boolean;
  /** Requests on this very socket, usable before the connection counts as ready. */
  readonly request: SignalingSocket["request"];
}

/** Runs on every new session before the connection is ready; a room rejoins here. */
export type SessionHook = (session: SignalingSession) => Promise<void>;

export interface ServerMessage {
  readonly type: string;
  readonly payload: unknown;
}

export interface SignalingEvents {
  state: { readonly state: ConnectionState; readonly previous: ConnectionState };
  ready: { readonly session: SignalingSession; readonly reconnected: boolean; readonly outageMs: number };
  reconnecting: {
    readonly attempt: number;
    readonly maxAttempts: number;
    readonly delayMs: number;
    readonly endpoint: string;
  };
  /** Terminal: no further attempt is made. */
  failed: { readonly error: CallError };
  message: ServerMessage;
  dropped: { readonly reason: Exclude<InboundVerdict, "accept"> | "malformed" };
}

/** Codes that a further attempt cannot change. */
const terminalCodes = new Set<string>([
  SdkErrorCode.DeviceReplaced,
  SdkErrorCode.SecureTransportRequired,
  SdkErrorCode.ProtocolViolation,
  SdkErrorCode.Closed,
]);

/**
 * The signalling connection that outlives its sockets: endpoint rotation, backoff, and after every reconnect the full
 * handshake again (HELLO with resume, AUTH, E2EE_CAPS, then the session hooks: ROOM_JOIN, E2EE_READY).
 */
export class SignalingConnection extends Emitter<SignalingEvents> {
  // given
  readonly #options: SignalingOptions;
  readonly #backoff: BackoffOptions;
  readonly #timings: SocketTimings;
  readonly #runtime: Runtime;
  // made
  readonly #rotation: EndpointRotation;
  readonly #hooks = new Set<SessionHook>();
  // state
  #state: ConnectionState = "idle";
  #socket: SignalingSocket | undefined;
  #session: SignalingSession | undefined;
  #resumeToken: string | undefined;
  #lastServerSeq = 0;
  #seq = 0;
  #attempt = 0;
  #droppedAt = 0;
  #retryTimer: TimerHandle | undefined;
  #attempting: Promise<SignalingSession> | undefined;
  #tokenReason: TokenReason = "initial";
  #lastToken: string | undefined;

  constructor(options: SignalingOptions) {
    super();
    this.#options = options;
    this.#backoff = { ...defaultBackoff, ...options.backoff };
    this.#timings = { ...defaultTimings, ...options.timings };
    this.#runtime = { ...browserRuntime, ...options.runtime };
    this.#rotation = new EndpointRotation(options.endpoints);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get session(): SignalingSession | undefined {
    return this.#session;
  }

  get runtime(): Runtime {
    return this.#runtime;
  }

  get endpoint(): string {
    return this.#rotation.current;
  }

  /** Adds a hook for every new session, the next one included. Returns the function that removes it. */
  addSessionHook(hook: SessionHook): () => void {
    this.#hooks.add(hook);
    return () => this.#hooks.delete(hook);
  }

  /**
   * Tries each endpoint once, starting at the current one. Who asks while an attempt is under way shares it:
   * a second socket of the same device would push the first one out.
   */
  connect(): Promise<SignalingSession> {
    if (this.#state === "ready" && this.#session !== undefined) return Promise.resolve(this.#session);
    return this.#share(() => this.#connectAnywhere());
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
    const socket = this.#socket;
    if (this.#state !== "ready" || socket === undefined) {
      return Promise.reject(
        new CallError(SdkErrorCode.NotConnected, `Not connected (${this.#state})`, { retryable: true }),
      );
    }
    return expectation === undefined
      ? socket.request(type, payload)
      : socket.request(type, payload, expectation);
  }

  /** Cuts a backoff wait short, for example when the browser comes online. */
  retryNow(): void {
    if (this.#state !== "waiting" || this.#retryTimer === undefined) return;
    this.#runtime.clock.clearTimeout(this.#retryTimer);
    this.#reconnect();
  }

  /** Ends it for good: no reconnect, pending requests fail. */
  close(): void {
    if (this.#isClosed()) return;
    if (this.#retryTimer !== undefined) this.#runtime.clock.clearTimeout(this.#retryTimer);
    this.#enter("closed");
    this.#socket?.close();
    this.#socket = undefined;
    this.#session = undefined;
  }

  #share(attempt: () => Promise<SignalingSession>): Promise<SignalingSession> {
    this.#attempting ??= attempt().finally(() => {
      this.#attempting = undefined;
    });
    return this.#attempting;
  }

  async #connectAnywhere(): Promise<SignalingSession> {
    if (this.#retryTimer !== undefined) this.#runtime.clock.clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    this.#enter("connecting");
    let last: CallError | undefined;
    for (let tried = 0; tried < this.#rotation.endpoints.length; tried++) {
      if (tried > 0) this.#rotation.advance();
      try {
        return await this.#establish(false);
      } catch (error) {
        last = CallError.from(error);
        if (this.#isClosed()) throw last;
        if (!isTransient(last)) break;
      }
    }
    const error = this.#unreachable(last);
    this.#fail(error);
    throw error;
  }

  async #establish(reconnected: boolean): Promise<SignalingSession> {
    const endpoint = this.#rotation.current;
    let closed: SocketClosed | undefined;
    const socket: SignalingSocket = new SignalingSocket(
      this.#resumeToken === undefined ? endpoint : asReturning(endpoint),
      this.#runtime,
      this.#timings,
      () => ++this.#seq,
      {
        onMessage: (type, payload) => this.emit("message", { type, payload }),
        onDropped: reason => this.emit("dropped", { reason }),
        onClosed: event => {
          closed = event;
          this.#onSocketClosed(socket, event);
        },
      },
    );
    this.#socket = socket;
    try {
      await socket.opened;
      const session = await this.#handshake(socket, endpoint);
      for (const hook of this.#hooks) await hook(session);
      if (socket.isClosed)
        throw new CallError(SdkErrorCode.ConnectionLost, "Dropped during the handshake", { retryable: true });
      this.#becomeReady(session, reconnected);
      return session;
    } catch (error) {
      socket.close();
      throw closeCodeError(closed) ?? error;
    }
  }

  async #handshake(socket: SignalingSocket, endpoint: string): Promise<SignalingSession> {
    const { deviceId, platform = "web", appVersion = "0.1.0", capabilities } = this.#options;
    const resumeToken = this.#resumeToken;
    const resume =
      resumeToken === undefined ? {} : { resume: { resumeToken, lastServerSeqSeen: this.#lastServerSeq } };
    const hello = { client: { platform, appVersion, deviceId }, ...resume };
    const welcome = await socket.request("HELLO", hello, { reply: "WELCOME" });
    // From here on the server knows the session by the new token, whatever becomes of this socket.
    this.#resumeToken = welcome.resumeToken;
    socket.startHeartbeat(welcome.heartbeatSec);
    const who = await this.#authenticate(socket);
    await socket.request("E2EE_CAPS", capabilities ?? { insertableStreams: false, sframe: false });
    return {
      endpoint,
      userId: who.userId,
      deviceId: who.deviceId,
      resumed: resumeToken !== undefined && who.resumed === true,
      request: socket.request.bind(socket) as SignalingSocket["request"],
    };
  }

  /** AUTH; a refused token is refreshed once through the callback before it counts. */
  async #authenticate(socket: SignalingSocket): Promise<ServerMessages["AUTH_OK"]> {
    const accessToken = await this.#options.getAccessToken(this.#tokenReason);
    this.#lastToken = accessToken;
    try {
      return await this.#sendAuth(socket, accessToken);
    } catch (error) {
      if (!(error instanceof CallError) || error.code !== "UNAUTHENTICATED") throw error;
      const fresh = await this.#options.getAccessToken("refused");
      if (fresh === this.#lastToken) throw error;
      this.#lastToken = fresh;
      return await this.#sendAuth(socket, fresh);
    }
  }

  async #sendAuth(socket: SignalingSocket, accessToken: string): Promise<ServerMessages["AUTH_OK"]> {
    const who = await socket.request("AUTH", { accessToken }, { reply: "AUTH_OK" });
    this.#tokenReason = "reconnect";
    return who;
  }

  #becomeReady(session: SignalingSession, reconnected: boolean): void {
    const outageMs = reconnected ? this.#runtime.clock.now() - this.#droppedAt : 0;
    this.#session = session;
    this.#attempt = 0;
    this.#enter("ready");
    this.emit("ready", { session, reconnected, outageMs });
  }

  #onSocketClosed(socket: SignalingSocket, closed: SocketClosed): void {
    if (socket !== this.#socket) return;
    this.#lastServerSeq = socket.lastServerSeq;
    this.#socket = undefined;
    if (closed.code === CLOSES.TOKEN_EXPIRED.code) this.#tokenReason = "expired";
    // While connecting or reconnecting the failing attempt itself decides what comes next.
    if (this.#state !== "ready") return;
    this.#session = undefined;
    this.#droppedAt = this.#runtime.clock.now();
    const terminal = closeCodeError(closed);
    if (terminal !== undefined && !isTransient(terminal)) this.#fail(terminal);
    else this.#waitAndRetry();
  }

  #waitAndRetry(atLeastMs = 0): void {
    const { maxAttempts } = this.#backoff;
    if (this.#attempt >= maxAttempts) {
      const message = `Gave up after ${maxAttempts} attempts`;
      this.#fail(new CallError(SdkErrorCode.ReconnectExhausted, message, { retryable: true }));
      return;
    }
    const delayMs = Math.max(atLeastMs, reconnectDelay(this.#attempt, this.#backoff, this.#runtime.random));
    this.#attempt++;
    const endpoint = this.#rotation.advance();
    this.#enter("waiting");
    this.#retryTimer = this.#runtime.clock.setTimeout(() => this.#reconnect(), delayMs);
    this.emit("reconnecting", { attempt: this.#attempt, maxAttempts, delayMs, endpoint });
  }

  #reconnect(): void {
    this.#retryTimer = undefined;
    this.#enter("reconnecting");
    this.#share(() => this.#establish(true)).catch(error => {
      if (this.#isClosed()) return;
      const cause = CallError.from(error);
      if (isTransient(cause)) this.#waitAndRetry(askedDelayMs(cause));
      else this.#fail(cause);
    });
  }

  #fail(error: CallError): void {
    this.#enter("failed");
    this.#attempt = 0;
    this.emit("failed", { error });
  }

  #unreachable(last: CallError | undefined): CallError {
    if (last !== undefined && !isTransient(last)) return last;
    return new CallError(SdkErrorCode.ServerUnreachable, "No endpoint could be reached", {
      retryable: true,
      details: { endpoints: this.#rotation.endpoints, lastCode: last?.code },
      cause: last,
    });
  }

  #isClosed(): boolean {
    return this.#state === "closed";
  }

  #enter(state: ConnectionState): void {
    const previous = this.#state;
    if (previous === state) return;
    if (!connectionTransitions[previous].includes(state)) {
      throw new CallError(SdkErrorCode.Closed, `A ${previous} connection cannot become ${state}`);
    }
    this.#state = state;
    this.emit("state", { state, previous });
  }
}

/** Who may have a session to resume does not stand in line behind newcomers when the server lets them in at a pace. */
function asReturning(endpoint: string): string {
  const url = new URL(endpoint);
  url.searchParams.set("returning", "1");
  return url.href;
}

/** Whether another attempt, perhaps at another endpoint, can help. */
function isTransient(error: CallError): boolean {
  if (terminalCodes.has(error.code)) return false;
  return error.retryable;
}

/** The closes after which connecting again would only be closed again. */
function closeCodeError(closed: SocketClosed | undefined): CallError | undefined {
  if (closed === undefined || closed.cause !== "remote") return undefined;
  switch (closed.code) {
    case CLOSES.DEVICE_REPLACED.code:
    case CLOSES.SESSION_REPLACED.code:
      return new CallError(SdkErrorCode.DeviceReplaced, "This device joined from somewhere else");
    case CLOSES.SECURE_TRANSPORT_REQUIRED.code:
      return new CallError(SdkErrorCode.SecureTransportRequired, "The server insists on wss://");
    case CLOSES.BINARY_NOT_SUPPORTED.code:
    case CLOSES.MESSAGE_TOO_BIG.code:
    case CLOSES.MALFORMED_FRAMES.code:
      return new CallError(SdkErrorCode.ProtocolViolation, `The server refused a frame (${closed.code})`);
    default:
      return undefined;
  }
}

/** How long the server asked us to stay away. */
function askedDelayMs(error: CallError): number {
  const { retryAfterMs } = error.details;
  return typeof retryAfterMs === "number" && Number.isFinite(retryAfterMs) ? retryAfterMs : 0;
}
