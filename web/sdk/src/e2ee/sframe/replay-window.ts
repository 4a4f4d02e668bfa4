/** Frames that a counter may lie behind the newest. */
export const replayWindowSize = 2_048;

/** Which counters of one KID were accepted already: a window below the newest, a ring of bits. */
export class ReplayWindow {
  readonly #seen = new Uint32Array(replayWindowSize / 32);
  #newest = -1;

  /** Whether a frame of this counter may still come. Asked before authentication; the state changes only after it. */
  admits(ctr: number): boolean {
    if (ctr > this.#newest) return true;
    return this.#newest - ctr < replayWindowSize && !this.#has(ctr);
  }

  /** Marks an authentic counter; false when another frame of it was marked in the meantime. */
  accept(ctr: number): boolean {
    if (!this.admits(ctr)) return false;
    if (ctr > this.#newest) this.#advance(ctr);
    const bit = ctr % replayWindowSize;
    this.#seen[bit >> 5] = (this.#seen[bit >> 5] ?? 0) | (1 << (bit & 31));
    return true;
  }

  #has(ctr: number): boolean {
    const bit = ctr % replayWindowSize;
    return ((this.#seen[bit >> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  }

  /** Clears the bits of the counters that were passed over: they belonged to counters a whole window older. */
  #advance(ctr: number): void {
    if (ctr - this.#newest >= replayWindowSize) this.#seen.fill(0);
    else
      for (let passed = this.#newest + 1; passed <= ctr; passed++) {
        const bit = passed % replayWindowSize;
        this.#seen[bit >> 5] = (this.#seen[bit >> 5] ?? 0) & ~(1 << (bit & 31));
      }
    this.#newest = ctr;
  }
}
