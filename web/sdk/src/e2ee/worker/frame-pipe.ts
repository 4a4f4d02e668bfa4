import type { Bytes } from "../bytes.js";
import { type FrameCodec, frameCodec } from "../sframe/clear-bytes.js";
import { DropReason } from "../sframe/drop-reason.js";
import type { EncodedFrame, StreamCounts, StreamPipes } from "./protocol.js";

/** Turns the bytes of a frame into those that go on, or says why there are none. */
export type FrameWork = (codec: FrameCodec, frame: Bytes) => Promise<Bytes | DropReason>;

/** One stream's frames through the worker. What does not come out of {@link FrameWork} does not come out at all. */
export class FramePipe {
  // given
  readonly #work: FrameWork;
  readonly #codec: FrameCodec | undefined;
  // state
  #seen = 0;
  #passed = 0;
  #bytes = 0;
  readonly #dropped: Partial<Record<DropReason | "FAULT", number>> = {};

  constructor(work: FrameWork, codec?: FrameCodec) {
    this.#work = work;
    this.#codec = codec;
  }

  get counts(): StreamCounts {
    return { seen: this.#seen, passed: this.#passed, bytes: this.#bytes, dropped: { ...this.#dropped } };
  }

  /** Runs until the browser ends the stream. */
  run({ readable, writable }: StreamPipes): void {
    const transform = new TransformStream<EncodedFrame, EncodedFrame>({
      transform: async (frame, controller) => {
        if (await this.#take(frame)) controller.enqueue(frame);
      },
    });
    readable
      .pipeThrough(transform)
      .pipeTo(writable)
      .catch(() => undefined); // the sender or receiver is gone
  }

  async #take(frame: EncodedFrame): Promise<boolean> {
    this.#seen++;
    const bytes = new Uint8Array(frame.data);
    if (bytes.length > 0) {
      const result = await this.#transformed(frame, bytes);
      if (typeof result === "string") {
        this.#dropped[result] = (this.#dropped[result] ?? 0) + 1;
        return false;
      }
      frame.data = result.buffer;
      this.#bytes += result.byteLength;
    }
    this.#passed++; // a frame without a byte has nothing to hide
    return true;
  }

  async #transformed(frame: EncodedFrame, bytes: Bytes): Promise<Bytes | DropReason | "FAULT"> {
    try {
      const codec = frameCodec(frame.getMetadata().mimeType) ?? this.#codec;
      return codec === undefined ? DropReason.Codec : await this.#work(codec, bytes);
    } catch {
      return "FAULT";
    }
  }
}
