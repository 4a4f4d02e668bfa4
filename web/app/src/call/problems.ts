import { CallError } from "@crosspoint/sdk";

export type ProblemAction = "retry" | "rejoin" | "reload" | "home" | "continue-without";

/** An error as a person should read it: what happened, what to do, and the code to tell someone who helps. */
export interface Problem {
  readonly code: string;
  readonly title: string;
  readonly text: string;
  readonly actions: readonly ProblemAction[];
}

type Wording = Omit<Problem, "code">;

const wordings: Readonly<Record<string, Wording>> = {
  PERMISSION_DENIED: {
    title: "Camera and microphone are blocked",
    text: "Your browser does not let this page use them. Allow access with the icon next to the address, then try again. You can also join without and only listen.",
    actions: ["retry", "continue-without"],
  },
  NO_DEVICE: {
    title: "No camera or microphone found",
    text: "Plug one in or switch it on, then try again. You can also join without and only listen.",
    actions: ["retry", "continue-without"],
  },
  DEVICE_BUSY: {
    title: "Your camera or microphone is in use",
    text: "Another program seems to hold it. Close that program, then try again.",
    actions: ["retry", "continue-without"],
  },
  INSECURE_PAGE: {
    title: "This page needs a secure connection",
    text: "Browsers only give camera and microphone to pages opened with https:// (or from this very machine). Ask for the https:// address of this server.",
    actions: ["continue-without"],
  },
  SERVER_UNREACHABLE: {
    title: "The server does not answer",
    text: "Check that you are online. If you are, the server may be restarting: try again in a moment.",
    actions: ["retry", "home"],
  },
  RECONNECT_EXHAUSTED: {
    title: "The connection could not be restored",
    text: "We tried for several minutes. Check your network, then rejoin.",
    actions: ["rejoin", "home"],
  },
  MEDIA_CONNECTION_FAILED: {
    title: "Sound and picture do not get through",
    text: "The call is up, but your network lets no media pass. A firewall that blocks UDP is the usual reason. Try again, or use another network.",
    actions: ["rejoin", "home"],
  },
  ROOM_FULL: {
    title: "This call is full",
    text: "As many people as the server allows are already in. Try again when someone has left.",
    actions: ["retry", "home"],
  },
  ROOM_NOT_FOUND: {
    title: "This call does not exist",
    text: "It may have ended, or the link is incomplete. Ask for the link again, or start a call of your own.",
    actions: ["home"],
  },
  UNAUTHORIZED: {
    title: "You are not invited to this call",
    text: "The link does not let you in: it may have expired or belong to someone else. Ask for a fresh one.",
    actions: ["home"],
  },
  UNAUTHENTICATED: {
    title: "Your sign-in is not accepted",
    text: "It may have expired. Sign in again where you opened this call.",
    actions: ["reload", "home"],
  },
  SIGN_IN_REQUIRED: {
    title: "Please sign in first",
    text: "This server only takes people who are signed in. Open the call from the application it belongs to: that hands this page your sign-in token.",
    actions: ["reload"],
  },
  DEVICE_REPLACED: {
    title: "The call moved elsewhere",
    text: "The same device joined again, most likely in another tab. You can take the call back to here.",
    actions: ["rejoin", "home"],
  },
  KICKED: {
    title: "You were removed from this call",
    text: "Someone who runs the call ended your part in it.",
    actions: ["home"],
  },
  NODE_FULL: {
    title: "The server is full",
    text: "It takes no more calls at the moment, or it is about to stop. Try again in a moment.",
    actions: ["retry", "home"],
  },
  SFU_NOT_READY: {
    title: "The server is not ready",
    text: "It is up, but its media engine is not. Try again in a moment; if it stays, tell whoever runs this server.",
    actions: ["retry", "home"],
  },
  RATE_LIMITED: {
    title: "Too many attempts",
    text: "The server asks for a short break. Wait a minute, then try again.",
    actions: ["retry", "home"],
  },
  E2EE_FAILED: {
    title: "The call's encryption broke",
    text: "Your device and the others could not agree on keys, so nothing was sent any more. Rejoin to begin with new ones. If it happens again, compare the room's code with the others.",
    actions: ["rejoin", "home"],
  },
  ENCRYPTION_REFUSED: {
    title: "This call is not encrypted end to end",
    text: "Its link promises encryption, but the server has a room without it. You were not let into it, so that nothing leaves your device unprotected.",
    actions: ["home"],
  },
  UNSUPPORTED_E2EE: {
    title: "This browser is too old for this call",
    text: "The server requires end-to-end encryption that this browser does not offer.",
    actions: ["home"],
  },
  BROWSER_UNSUPPORTED: {
    title: "This browser cannot make calls",
    text: "Use a current Chrome, Edge, Firefox or Safari.",
    actions: ["home"],
  },
  INSECURE_ENDPOINT: {
    title: "The server's address is not secure",
    text: "Signing in over an unprotected connection would give your token away, so it is not done. Use the https:// address of this server.",
    actions: ["home"],
  },
  SECURE_TRANSPORT_REQUIRED: {
    title: "The server's address is not secure",
    text: "This server only takes protected connections. Use its https:// address.",
    actions: ["home"],
  },
  CALLS_DISABLED: {
    title: "Calls are switched off",
    text: "This page was built with VITE_CALLS_V2_ENABLED=false.",
    actions: [],
  },
};

/** Why the encryption failed, where a person can do something else about it. */
const notEncrypting: Wording = {
  title: "This browser did not encrypt what it sent",
  text: "What left your device was not encrypted as it must be, so none of it was passed on and the call was ended. Reload the page; if it happens again, use another browser.",
  actions: ["reload", "home"],
};
const encryptionFailures: Readonly<Record<string, Wording>> = {
  FRAMES_REFUSED: notEncrypting,
  PLAINTEXT_LEAK: notEncrypting,
};

const fallback: Wording = {
  title: "Something went wrong",
  text: "This was not meant to happen. Try again; if it stays, tell whoever runs this server the code below.",
  actions: ["retry", "home"],
};

export function problemOf(error: unknown): Problem {
  const cause = CallError.from(error);
  const reason = cause.code === "E2EE_FAILED" ? encryptionFailures[String(cause.details.reason)] : undefined;
  return { code: cause.code, ...(reason ?? wordings[cause.code] ?? fallback) };
}

/** What getUserMedia's exceptions mean. */
export function mediaError(error: unknown): CallError {
  const name = error instanceof DOMException || error instanceof Error ? error.name : "";
  const codes: Readonly<Record<string, string>> = {
    NotAllowedError: "PERMISSION_DENIED",
    SecurityError: "PERMISSION_DENIED",
    NotFoundError: "NO_DEVICE",
    OverconstrainedError: "NO_DEVICE",
    NotReadableError: "DEVICE_BUSY",
    AbortError: "DEVICE_BUSY",
  };
  const code = codes[name] ?? "DEVICE_BUSY";
  return new CallError(code, error instanceof Error ? error.message : String(error), {
    retryable: true,
    cause: error,
  });
}
