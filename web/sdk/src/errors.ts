/** Codes the SDK itself raises; everything else in {@link CallError.code} came from the server. */
export const SdkErrorCode = {
  /** No endpoint of the list could be opened. */
  ServerUnreachable: "SERVER_UNREACHABLE",
  /** The socket dropped while the request was under way; whether the server acted on it is unknown. */
  ConnectionLost: "CONNECTION_LOST",
  /** The connection is not ready (reconnecting, closed). */
  NotConnected: "NOT_CONNECTED",
  /** No ACK came, not even after the resend. */
  AckTimeout: "ACK_TIMEOUT",
  /** The request was ACKed but its answer never came. */
  ReplyMissing: "REPLY_MISSING",
  /** All reconnect attempts are used up. */
  ReconnectExhausted: "RECONNECT_EXHAUSTED",
  /** A ws:// endpoint that is not on this machine. */
  InsecureEndpoint: "INSECURE_ENDPOINT",
  /** The endpoint list is empty or holds something that is not a WebSocket URL. */
  InvalidEndpoint: "INVALID_ENDPOINT",
  /** The server closed us because the same device connected elsewhere (close code 4009). */
  DeviceReplaced: "DEVICE_REPLACED",
  /** The server insists on TLS (close code 4003). */
  SecureTransportRequired: "SECURE_TRANSPORT_REQUIRED",
  /** The server closed the connection over one of our frames. */
  ProtocolViolation: "PROTOCOL_VIOLATION",
  /** The caller closed it. */
  Closed: "CLOSED",
  /** This browser cannot take part (no handler in mediasoup-client). */
  BrowserUnsupported: "BROWSER_UNSUPPORTED",
  /** A media transport failed and three ICE restarts did not bring it back. */
  MediaConnectionFailed: "MEDIA_CONNECTION_FAILED",
  /** The router offers no codec this browser can send or receive. */
  NoCommonCodec: "NO_COMMON_CODEC",
  /** Encryption was demanded, and the server's room has none. */
  EncryptionRefused: "ENCRYPTION_REFUSED",
  /** No keys could be agreed on; details.reason says what went wrong at last. */
  EncryptionFailed: "E2EE_FAILED",
} as const;

export type SdkErrorCode = (typeof SdkErrorCode)[keyof typeof SdkErrorCode];

export interface CallErrorInit {
  readonly retryable?: boolean;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The one error type of the SDK: a stable code, whether trying again makes sense, and details for a person. */
export class CallError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, init: CallErrorInit = {}) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = "CallError";
    this.code = code;
    this.retryable = init.retryable ?? false;
    this.details = init.details ?? {};
  }

  static from(error: unknown, fallbackCode = "INTERNAL"): CallError {
    if (error instanceof CallError) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new CallError(fallbackCode, message, { cause: error });
  }
}
