import { type Deferred, deferred } from "../../support/deferred.js";
import { MlsRefusal, type RefusalCode } from "../mls/refusal.js";
import type { CoreRequestKind, CoreRequests, RequestMessage, WorkerMessage } from "./protocol.js";

/** The part of a Worker, or of a message port, that is used. */
export interface WorkerLike {
  postMessage(message: RequestMessage, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent) => void) | null;
  onerror?: ((event: ErrorEvent) => void) | null;
  terminate?(): void;
}

/** The main thread's side of the worker: typed requests, and answers in any order. */
export class CoreClient {
  // given
  readonly worker: WorkerLike;
  readonly #onCrash: () => void;
  // state
  readonly #waiting = new Map<number, Deferred<unknown>>();
  readonly #attaching = new Map<string, Deferred<void>>();
  #nextId = 1;
  #closed = false;

  constructor(worker: WorkerLike, onCrash: () => void = () => undefined) {
    this.worker = worker;
    this.#onCrash = onCrash;
    worker.onmessage = ({ data }) => this.#onMessage(data as WorkerMessage);
    worker.onerror = () => this.#crash();
  }

  async request<Kind extends CoreRequestKind>(
    kind: Kind,
    request: CoreRequests[Kind]["request"],
    transfer: Transferable[] = [],
  ): Promise<CoreRequests[Kind]["reply"]> {
    if (this.#closed) throw new MlsRefusal("STATE_LOST", "WORKER_GONE");
    const answer = deferred<unknown>();
    const id = this.#nextId++;
    this.#waiting.set(id, answer);
    this.worker.postMessage({ id, kind, request }, transfer);
    return (await answer.promise) as CoreRequests[Kind]["reply"];
  }

  /** Resolves when a script transform of this stream runs. */
  attached(stream: string): Promise<void> {
    const known = this.#attaching.get(stream) ?? deferred<void>();
    this.#attaching.set(stream, known);
    return known.promise;
  }

  close(): void {
    this.#closed = true;
    this.worker.terminate?.();
    this.#failAll();
  }

  #onMessage(message: WorkerMessage): void {
    if ("attached" in message) {
      void this.attached(message.attached);
      this.#attaching.get(message.attached)?.resolve();
      return;
    }
    const answer = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ("refusal" in message) {
      const { code, check } = message.refusal;
      answer?.reject(new MlsRefusal(code as RefusalCode, check));
    } else answer?.resolve(message.reply);
  }

  /** A worker that fell over took its secrets and counters along. */
  #crash(): void {
    if (this.#closed) return;
    this.close();
    this.#onCrash();
  }

  #failAll(): void {
    const gone = new MlsRefusal("STATE_LOST", "WORKER_GONE");
    for (const answer of [...this.#waiting.values(), ...this.#attaching.values()]) answer.reject(gone);
    this.#waiting.clear();
    this.#attaching.clear();
  }
}

/** Starts the worker. Bundlers know this spelling and make a chunk of their own of it. */
export function startWorker(): WorkerLike {
  return new Worker(new URL("./e2ee-worker.js", import.meta.url), {
    type: "module",
    name: "crosspoint-e2ee",
  });
}
