/** Frames the browser may count before the worker does: those under way when both are asked. */
const tolerance = 2;

/**
 * Compares what a sender put on the network with what came to its transform. A frame that was sent and never seen there was not
 * encrypted. What was sent at one look must have been seen at the next: the worker may lag behind, but not for that long.
 */
export class PlaintextWatch {
  #sentBefore = 0;

  /** True when frames went past the transform. Sent is to be read before seen. */
  observe(sent: number, seen: number): boolean {
    const leaked = this.#sentBefore - seen > tolerance;
    this.#sentBefore = sent;
    return leaked;
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
