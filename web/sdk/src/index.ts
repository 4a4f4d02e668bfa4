export { CallError, SdkErrorCode } from "./errors.js";
export type { BackoffOptions } from "./signaling/backoff.js";
export {
  SignalingConnection,
  type SignalingEvents,
  type SignalingOptions,
  type SignalingSession,
  type TokenReason,
} from "./signaling/connection.js";
export type { SocketTimings } from "./signaling/socket.js";
export type { ConnectionState } from "./signaling/state.js";
export { browserRuntime, type Clock, type Runtime, type WebSocketLike } from "./support/runtime.js";
