/** The frame every message travels in (docs/protocol/calls.md). */

export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retryable?: boolean;
}

export interface Acknowledgement {
  readonly ackOfMsgId: string;
  readonly ok: boolean;
  readonly error?: WireError;
}

export interface Frame {
  readonly v: 1;
  readonly type: string;
  readonly msgId: string;
  /** Milliseconds since the Unix epoch. */
  readonly ts: number;
  /** Present on requests and direct answers, absent on ACKs and broadcasts. */
  readonly seq?: number;
  readonly ack?: Acknowledgement;
  readonly payload: unknown;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAcknowledgement(value: unknown): value is Acknowledgement {
  return isRecord(value) && typeof value.ackOfMsgId === "string" && typeof value.ok === "boolean";
}

/** Reads one text message; anything that is not a well-formed frame is undefined. */
export function parseFrame(data: unknown): Frame | undefined {
  if (typeof data !== "string") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value.v !== 1) return undefined;
  if (typeof value.type !== "string" || typeof value.msgId !== "string" || typeof value.ts !== "number") {
    return undefined;
  }
  if (value.seq !== undefined && !Number.isSafeInteger(value.seq)) return undefined;
  if (value.ack !== undefined && !isAcknowledgement(value.ack)) return undefined;
  return { ...value, payload: isRecord(value.payload) ? value.payload : {} } as unknown as Frame;
}
