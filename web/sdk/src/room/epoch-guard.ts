export type EpochVerdict = "adopted" | "same" | "rollback";

/**
 * The room's key epoch as this device sees it. It only moves forward: a lower number is a violation, never followed.
 * Media may be asked for only while the server has acknowledged E2EE_READY for exactly this epoch.
 */
export class EpochGuard {
  #epoch = -1;
  #readyEpoch = -1;

  get epoch(): number {
    return this.#epoch;
  }

  get isReady(): boolean {
    return this.#epoch >= 0 && this.#readyEpoch === this.#epoch;
  }

  adopt(epoch: number): EpochVerdict {
    if (!Number.isSafeInteger(epoch) || epoch < 0) return "rollback";
    if (epoch < this.#epoch) return "rollback";
    if (epoch === this.#epoch) return "same";
    this.#epoch = epoch;
    return "adopted";
  }

  /** The server acknowledged E2EE_READY for this epoch. */
  markReady(epoch: number): void {
    if (epoch > this.#readyEpoch) this.#readyEpoch = epoch;
  }

  /** The server forgot our readiness: a REKEY_COMMIT, or a session that was not resumed. */
  clearReadiness(): void {
    this.#readyEpoch = -1;
  }

  /** A room that was created anew starts its epochs again; only a fresh join may do this, never a message. */
  reset(): void {
    this.#epoch = -1;
    this.#readyEpoch = -1;
  }
}
