/**
 * idle → connecting → ready ⇄ waiting/reconnecting → failed; close() ends it from anywhere.
 * "connecting" and "reconnecting" cover the socket and the whole handshake on it.
 */
export type ConnectionState =
  | "idle"
  | "connecting"
  | "ready"
  | "waiting"
  | "reconnecting"
  | "failed"
  | "closed";

export const connectionTransitions: Readonly<Record<ConnectionState, readonly ConnectionState[]>> = {
  idle: ["connecting", "closed"],
  connecting: ["ready", "failed", "closed"],
  ready: ["waiting", "failed", "closed"],
  waiting: ["reconnecting", "failed", "closed"],
  reconnecting: ["ready", "waiting", "failed", "closed"],
  failed: ["connecting", "closed"],
  closed: [],
};
