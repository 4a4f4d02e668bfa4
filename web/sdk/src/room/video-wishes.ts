import {
  chooseLayers,
  type LayerChoice,
  type PictureShape,
  type ShownSize,
  sameChoice,
} from "../media/layer-choice.js";
import type { VideoLayers } from "../protocol/generated.js";
import type { ClientMessages, ClientMessageType } from "../protocol/messages.js";
import type { Clock, TimerHandle } from "../support/runtime.js";

/** What a person may decide about a video: by its size on the screen, the smallest there is, or not at all. */
export type VideoChoice = "auto" | "low" | "off";

export interface WishesHost {
  readonly roomId: string;
  readonly clock: Clock;
  /** The consumer of a producer and what is known of its picture; undefined while there is none. */
  readonly consumer: (
    producerId: string,
  ) => { readonly id: string; readonly picture: PictureShape } | undefined;
  readonly tell: <Type extends ClientMessageType>(type: Type, payload: ClientMessages[Type]) => Promise<void>;
  /** Receiving began or ceased by our own wish. */
  readonly onPaused: (producerId: string, paused: boolean) => void;
}

interface Wish {
  choice: VideoChoice;
  /** Set by the application: goes before what the size says. */
  layers: VideoLayers | undefined;
  priority: number | undefined;
  /** By each element it is shown in. */
  readonly shown: Map<object, ShownSize>;
  /** What the server was told last, of the consumer that lives now; undefined when it was told nothing, or may have forgotten. */
  told: LayerChoice | undefined;
  /** Whether the server holds the consumer paused at our wish; undefined when that is not known. */
  serverPaused: boolean | undefined;
  /** One frame after the other: a pause must not overtake a resume. */
  telling: Promise<void>;
  timer: TimerHandle | undefined;
}

/** A window that is being dragged larger or smaller tells once it rests. */
const settleMs = 250;

/** What this device wants of each video it receives. Wishes outlive consumers: a new one is given them again. */
export class VideoWishes {
  readonly #host: WishesHost;
  readonly #byProducer = new Map<string, Wish>();

  constructor(host: WishesHost) {
    this.#host = host;
  }

  choice(producerId: string): VideoChoice {
    return this.#byProducer.get(producerId)?.choice ?? "auto";
  }

  setChoice(producerId: string, choice: VideoChoice): void {
    this.#wish(producerId).choice = choice;
    this.#apply(producerId);
  }

  setLayers(producerId: string, layers: VideoLayers | undefined): void {
    this.#wish(producerId).layers = layers;
    this.#apply(producerId);
  }

  setPriority(producerId: string, priority: number): void {
    const wish = this.#wish(producerId);
    if (wish.priority === priority) return;
    wish.priority = priority;
    const consumer = this.#host.consumer(producerId);
    if (consumer !== undefined)
      void this.#host.tell("CONSUMER_SET_PRIORITY", {
        roomId: this.#host.roomId,
        consumerId: consumer.id,
        priority,
      });
  }

  /** A video is shown in an element of this size; undefined when it no longer is. */
  setShown(producerId: string, element: object, size: ShownSize | undefined): void {
    // The last element may go after the video did.
    if (size === undefined && !this.#byProducer.has(producerId)) return;
    const wish = this.#wish(producerId);
    if (size === undefined) wish.shown.delete(element);
    else wish.shown.set(element, size);
    this.#settle(producerId, wish);
  }

  /** What the request for a new consumer should say. */
  initial(
    producerId: string,
    picture: PictureShape,
  ): { priority?: number; preferredLayers?: VideoLayers; paused: boolean } {
    const wish = this.#byProducer.get(producerId);
    if (wish === undefined) return { paused: false };
    wish.told = decide(wish, picture);
    wish.serverPaused = wish.told.kind === "pause";
    return {
      ...(wish.priority === undefined ? {} : { priority: wish.priority }),
      ...(wish.told.kind === "receive" && wish.told.layers !== undefined
        ? { preferredLayers: wish.told.layers }
        : {}),
      paused: wish.told.kind === "pause",
    };
  }

  /** The consumer stands, or its picture's size became known: what was wished meanwhile is told. */
  refresh(producerId: string): void {
    if (this.#byProducer.has(producerId)) this.#apply(producerId);
  }

  /** The connection broke in between: what the server heard is not known, so it is told again. */
  tellAgain(): void {
    for (const [producerId, wish] of this.#byProducer) {
      wish.told = undefined;
      wish.serverPaused = undefined;
      this.#apply(producerId);
    }
  }

  /** The producer is gone for good. */
  forget(producerId: string): void {
    this.#stopTimer(this.#byProducer.get(producerId));
    this.#byProducer.delete(producerId);
  }

  #wish(producerId: string): Wish {
    let wish = this.#byProducer.get(producerId);
    if (wish === undefined) {
      wish = {
        choice: "auto",
        layers: undefined,
        priority: undefined,
        shown: new Map(),
        told: undefined,
        serverPaused: false,
        telling: Promise.resolve(),
        timer: undefined,
      };
      this.#byProducer.set(producerId, wish);
    }
    return wish;
  }

  #settle(producerId: string, wish: Wish): void {
    this.#stopTimer(wish);
    wish.timer = this.#host.clock.setTimeout(() => {
      wish.timer = undefined;
      this.#apply(producerId);
    }, settleMs);
  }

  #stopTimer(wish: Wish | undefined): void {
    if (wish?.timer === undefined) return;
    this.#host.clock.clearTimeout(wish.timer);
    wish.timer = undefined;
  }

  #apply(producerId: string): void {
    const wish = this.#wish(producerId);
    const consumer = this.#host.consumer(producerId);
    if (consumer === undefined) return;
    const next = decide(wish, consumer.picture);
    if (sameChoice(wish.told, next)) return;
    wish.told = next;
    wish.telling = wish.telling.then(() => this.#tell(wish, producerId, consumer.id, next));
  }

  async #tell(wish: Wish, producerId: string, consumerId: string, next: LayerChoice): Promise<void> {
    const { roomId, tell, onPaused } = this.#host;
    if (next.kind === "pause") {
      onPaused(producerId, true);
      wish.serverPaused = true;
      await tell("CONSUMER_PAUSE", { roomId, consumerId });
      return;
    }
    const preferred = next.layers === undefined ? {} : { preferredLayers: next.layers };
    await tell("CONSUMER_SET_PREFERRED_LAYERS", { roomId, consumerId, ...preferred });
    if (wish.serverPaused === false) return;
    onPaused(producerId, false);
    wish.serverPaused = false;
    await tell("CONSUMER_RESUME", { roomId, consumerId });
  }
}

function decide(wish: Wish, picture: PictureShape): LayerChoice {
  if (wish.choice === "off") return { kind: "pause" };
  const bySize = byLargest(wish, picture);
  if (bySize.kind === "pause") return bySize;
  if (wish.layers !== undefined) return { kind: "receive", layers: wish.layers };
  if (wish.choice === "low") return { kind: "receive", layers: { spatialLayer: 0 } };
  return bySize;
}

/** Shown twice, the larger one decides; shown nowhere that we know of, the application knows better. */
function byLargest(wish: Wish, picture: PictureShape): LayerChoice {
  let largest: ShownSize | undefined;
  for (const size of wish.shown.values())
    if (largest === undefined || size.width * size.height > largest.width * largest.height) largest = size;
  return largest === undefined ? { kind: "receive", layers: undefined } : chooseLayers(largest, picture);
}
