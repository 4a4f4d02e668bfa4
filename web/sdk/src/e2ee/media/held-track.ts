/**
 * A sender whose track is taken off in the very task that made it, and put on when frames are sure to be encrypted: there is
 * nothing to send before. Made in that task; owned by whoever publishes.
 */
export class HeldTrack {
  readonly #sender: RTCRtpSender;
  readonly #track: MediaStreamTrack;
  readonly #taken: Promise<void>;

  constructor(sender: RTCRtpSender, track: MediaStreamTrack, taken: Promise<void>) {
    this.#sender = sender;
    this.#track = track;
    this.#taken = taken;
    taken.catch(() => undefined); // told to who waits for it
    sender.replaceTrack(null).catch(() => undefined); // a sender that is gone sends nothing
  }

  /** Resolves when the worker has the sender's frames; rejects when it will not. */
  get taken(): Promise<void> {
    return this.#taken;
  }

  /** Sends from now on. */
  async release(): Promise<void> {
    await this.#taken;
    await this.#sender.replaceTrack(this.#track);
  }
}
