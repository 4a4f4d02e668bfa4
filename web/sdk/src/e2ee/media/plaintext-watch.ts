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
  readonly #unit: number;
  readonly #gaps: number[] = [];
  #sent = 0;
  #seen = 0;
  #blind = 0;

  /** What a frame is in what is observed: 1 where frames are counted, {@link audioUnit} where bytes are. */
  constructor(unit = 1) {
    this.#unit = unit;
  }

  /** True when frames went past the transform. Sent is to be read before seen. */
  observe(sent: number, seen: number): boolean {
    const gap = (sent - seen) / this.#unit;
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

/** Bytes of a frame of speech with what encryption adds; where less is sent, the watch is a little slower. */
export const audioUnit = 80;

/**
 * What a sender sent: whole frames of a video (each encoding's), bytes of audio. Not packets of audio: the browser probes the network with
 * empty ones on the same stream, and those are nobody's frames.
 */
export function amountSent(reports: Iterable<unknown>): number {
  let sent = 0;
  for (const report of reports as Iterable<OutboundReport>) {
    if (report.type !== "outbound-rtp") continue;
    if (report.kind === "video") sent += report.framesSent ?? 0;
    else sent += (report.bytesSent ?? 0) - (report.retransmittedBytesSent ?? 0);
  }
  return sent;
}

interface OutboundReport {
  readonly type: string;
  readonly kind?: string;
  readonly framesSent?: number;
  readonly bytesSent?: number;
  readonly retransmittedBytesSent?: number;
}
