import type { Frame } from "../protocol/envelope.js";

export type InboundVerdict = "accept" | "duplicate" | "stale-seq";

/** How many server message ids are remembered; the server keeps as many of ours. */
export const messageIdWindow = 4000;

/**
 * Decides which server frames are new. Lives as long as one socket: a new socket starts from nothing.
 * A frame without seq (ACK, broadcast) is judged by its id alone.
 */
export class InboundFilter {
  #lastSeq = 0;
  #seen = new Set<string>();

  get lastSeq(): number {
    return this.#lastSeq;
  }

  judge(frame: Frame): InboundVerdict {
    if (this.#seen.has(frame.msgId)) return "duplicate";
    if (frame.seq !== undefined && frame.seq <= this.#lastSeq) return "stale-seq";
    this.#remember(frame.msgId);
    if (frame.seq !== undefined) this.#lastSeq = frame.seq;
    return "accept";
  }

  #remember(msgId: string): void {
    this.#seen.add(msgId);
    if (this.#seen.size <= messageIdWindow) return;
    const oldest = this.#seen.values().next();
    if (!oldest.done) this.#seen.delete(oldest.value);
  }
}
