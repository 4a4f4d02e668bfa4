/** When things happened, in ms since the join button was pressed. For tests and for the details panel. */
export interface Timings {
  readonly clickedAt: number | undefined;
  readonly joinedMs: number | undefined;
  readonly firstRemoteFrameMs: number | undefined;
  /** First decoded frame of each remote video track, by producer id. */
  readonly firstFrameMs: Readonly<Record<string, number>>;
}

export class TimingRecorder {
  #clickedAt: number | undefined;
  #joinedMs: number | undefined;
  #firstRemoteFrameMs: number | undefined;
  #firstFrames: Record<string, number> = {};

  clicked(): void {
    this.#clickedAt = performance.now();
    this.#joinedMs = undefined;
    this.#firstRemoteFrameMs = undefined;
    this.#firstFrames = {};
  }

  joined(): void {
    this.#joinedMs = this.#since();
  }

  firstFrame(producerId: string): void {
    const elapsed = this.#since();
    if (elapsed === undefined || this.#firstFrames[producerId] !== undefined) return;
    this.#firstFrames[producerId] = elapsed;
    this.#firstRemoteFrameMs ??= elapsed;
  }

  read(): Timings {
    return {
      clickedAt: this.#clickedAt,
      joinedMs: this.#joinedMs,
      firstRemoteFrameMs: this.#firstRemoteFrameMs,
      firstFrameMs: { ...this.#firstFrames },
    };
  }

  #since(): number | undefined {
    return this.#clickedAt === undefined ? undefined : performance.now() - this.#clickedAt;
  }
}
