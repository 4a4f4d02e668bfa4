import type { MediaKind, MediaSource } from "../../protocol/messages.js";
import { StreamKind } from "../sframe/kid.js";
import type { CoreClient } from "../worker/client.js";
import type { EncodedFrame, StreamPipes, StreamRole } from "../worker/protocol.js";

/** How this browser lets frames be reached. Streams go first: without them nothing is sent at all, and they cannot come too late. */
export type TransformSupport = "streams" | "script";

interface WithStreams {
  createEncodedStreams?(): StreamPipes;
}

interface WithTransform {
  transform?: unknown;
}

type ScriptTransform = new (worker: unknown, options: StreamRole) => object;

export function transformSupport(): TransformSupport | undefined {
  const scope = globalThis as { RTCRtpSender?: { prototype: WithStreams }; RTCRtpScriptTransform?: unknown };
  if (typeof scope.RTCRtpSender?.prototype.createEncodedStreams === "function") return "streams";
  return typeof scope.RTCRtpScriptTransform === "function" ? "script" : undefined;
}

/** Whether this browser can take part in encrypted rooms: frames, a worker, and Ed25519 in WebCrypto (tried when the key is made). */
export function canEncrypt(): boolean {
  return (
    transformSupport() !== undefined && typeof Worker === "function" && globalThis.isSecureContext !== false
  );
}

/** Makes Chromium's connections hold back every frame that no transform took. Others do not know it and do not need it. */
export const failClosedSettings = { encodedInsertableStreams: true } as Partial<RTCConfiguration>;

export function streamKind(kind: MediaKind, source: MediaSource): StreamKind {
  if (source === "screen") return kind === "audio" ? StreamKind.screenAudio : StreamKind.screen;
  return kind === "audio" ? StreamKind.audio : StreamKind.camera;
}

/**
 * Puts the worker between encoder and network. To be called in the very task that made the sender or receiver:
 * one that is set later can be ignored by the browser without a word.
 */
export class FrameTransforms {
  readonly #client: CoreClient;
  readonly #taken = new WeakSet<object>();

  constructor(client: CoreClient) {
    this.#client = client;
  }

  /** Resolves when the worker has the stream. */
  attach(end: RTCRtpSender | RTCRtpReceiver, role: StreamRole): Promise<void> {
    // A transform holds for the life of its end; a second one would be ignored.
    if (this.#taken.has(end)) return Promise.reject(new Error("This sender or receiver has a transform"));
    this.#taken.add(end);
    return transformSupport() === "streams"
      ? this.#attachStreams(end as WithStreams, role)
      : this.#attachScript(end as WithTransform, role);
  }

  detach(stream: string): void {
    this.#client.request("detach", { stream }).catch(() => undefined);
  }

  async #attachStreams(end: WithStreams, role: StreamRole): Promise<void> {
    const { readable, writable } = end.createEncodedStreams?.() ?? noStreams();
    await this.#client.request("attach", { role, readable, writable }, [
      readable,
      writable,
    ] as Transferable[]);
  }

  async #attachScript(end: WithTransform, role: StreamRole): Promise<void> {
    const Transform = (globalThis as { RTCRtpScriptTransform?: ScriptTransform }).RTCRtpScriptTransform;
    if (Transform === undefined) noStreams();
    else end.transform = new Transform(this.#client.worker, role);
    await this.#client.attached(role.stream);
  }
}

function noStreams(): { readable: ReadableStream<EncodedFrame>; writable: WritableStream<EncodedFrame> } {
  throw new Error("This browser cannot transform frames");
}
