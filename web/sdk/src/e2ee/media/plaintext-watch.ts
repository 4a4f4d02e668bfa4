/** Frames the browser may count before the worker does: those under way when both are asked. */
const tolerance = 2;
/** A worker on a busy machine is some frames behind, each encoding's; but not this many at every one of so many looks. */
const behind = 10;
const looksBehind = 24;
/** So many looks at which frames were sent and not one was seen. */
const looksBlind = 4;

/**
 * Compares what a sender put on the network with what came to its transform. A frame that was sent and is never seen there was
 * not encrypted.
 */
export class PlaintextWatch {
  readonly #gaps: number[] = [];
  #sent = 0;
  #seen = 0;
  #blind = 0;

  /** True when frames went past the transform. Sent is to be read before seen. */
  observe(sent: number, seen: number): boolean {
    const gap = sent - seen;
    this.#gaps.push(gap);
    if (this.#gaps.length > looksBehind) this.#gaps.shift();
    this.#blind = sent > this.#sent && seen === this.#seen ? this.#blind + 1 : 0;
    this.#sent = sent;
    this.#seen = seen;
    const neverCaughtUp = this.#gaps.length === looksBehind && Math.min(...this.#gaps) > behind;
    return neverCaughtUp || (this.#blind >= looksBlind && gap > tolerance);
  }
}

/** Often while a stream begins, where the known traps are; rarely afterwards. */
export const watchIntervalsMs = { early: 250, earlyFor: 5_000, late: 2_000 } as const;

/** What a sender sent: whole frames of a video (each encoding's), packets of audio, which are its frames. */
export function framesSent(reports: Iterable<unknown>): number {
  let sent = 0;
  for (const report of reports as Iterable<OutboundReport>) {
    if (report.type !== "outbound-rtp") continue;
    if (report.kind === "video") sent += report.framesSent ?? 0;
    else sent += (report.packetsSent ?? 0) - (report.retransmittedPacketsSent ?? 0);
  }
  return sent;
}

interface OutboundReport {
  readonly type: string;
  readonly kind?: string;
  readonly framesSent?: number;
  readonly packetsSent?: number;
  readonly retransmittedPacketsSent?: number;
}
