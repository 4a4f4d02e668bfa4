import { MlsRefusal } from "../mls/refusal.js";
import type { E2eeCore } from "./core.js";
import type { RequestMessage, WorkerMessage } from "./protocol.js";

/** The end of a message channel: a worker's own scope, or a port in tests. */
export interface MessageEnd {
  postMessage(message: WorkerMessage): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/** Answers requests with what the core says; an error crosses as a code, never with its text. */
export function serve(core: E2eeCore, end: MessageEnd): void {
  end.onmessage = ({ data }) => {
    const { id, kind, request } = data as RequestMessage;
    core.handle(kind, request).then(
      reply => end.postMessage({ id, reply }),
      (error: unknown) => end.postMessage({ id, refusal: refusalOf(error) }),
    );
  };
}

function refusalOf(error: unknown): { code: string; check: string } {
  if (error instanceof MlsRefusal) return { code: error.code, check: error.check };
  return { code: "STATE_LOST", check: error instanceof Error ? error.name : "UNKNOWN" };
}
