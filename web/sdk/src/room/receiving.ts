import { ShownSizeWatch } from "../media/shown-size.js";
import type { VideoLayers } from "../protocol/generated.js";
import type { ClientMessages, ClientMessageType } from "../protocol/messages.js";
import type { Subscriptions } from "./subscriptions.js";
import type { VideoChoice } from "./video-wishes.js";

export interface VideoLimits {
  /** Video of only so many people, those who spoke last; absent for all. What has a priority above 1 comes besides. */
  readonly lastN?: number;
  /** At most so many videos at a time; absent for all. */
  readonly maxVideo?: number;
}

export interface ReceivingHost {
  readonly roomId: string;
  readonly subscriptions: Subscriptions;
  /** Of the receiving transport; undefined while there is none. */
  readonly transportId: () => string | undefined;
  readonly tell: <Type extends ClientMessageType>(type: Type, payload: ClientMessages[Type]) => Promise<void>;
}

/**
 * What an application may decide about the videos it receives. All of it may be said at any time, before a video is there and while the
 * call recovers; it holds until it is said otherwise. What comes of it is in {@link RemoteTrack.video}.
 */
export class Receiving {
  readonly #host: ReceivingHost;
  #limits: VideoLimits = {};

  constructor(host: ReceivingHost) {
    this.#host = host;
  }

  /**
   * Says where a video is shown. From then on it is received as large as it is seen there: smaller in a small tile, not at all
   * while it is scrolled away, its smallest while the page is in the background. Shown in several places, the largest counts.
   * @returns ends it: the element no longer shows the video
   */
  showIn(producerId: string, element: Element): () => void {
    const { wishes } = this.#host.subscriptions;
    const watch = new ShownSizeWatch(element, size => wishes.setShown(producerId, element, size));
    wishes.setShown(producerId, element, watch.size);
    return () => {
      watch.close();
      wishes.setShown(producerId, element, undefined);
    };
  }

  /** By its size on the screen ("auto"), the smallest there is ("low"), or not at all ("off"). */
  choose(producerId: string, choice: VideoChoice): void {
    this.#host.subscriptions.choose(producerId, choice);
  }

  /** At most these layers, instead of what its size says; undefined leaves it to the size again. */
  setPreferredLayers(producerId: string, layers: VideoLayers | undefined): void {
    this.#host.subscriptions.wishes.setLayers(producerId, layers);
  }

  /** 0 to 255, 1 unless said otherwise: when the link does not carry everything, higher goes first. */
  setPriority(producerId: string, priority: number): void {
    this.#host.subscriptions.wishes.setPriority(producerId, priority);
  }

  get limits(): VideoLimits {
    return this.#limits;
  }

  setLimits(limits: VideoLimits): void {
    this.#limits = limits;
    this.#tellLimits();
  }

  /** @internal A new transport knows no limits yet. */
  tellLimits(): void {
    if (this.#limits.lastN !== undefined || this.#limits.maxVideo !== undefined) this.#tellLimits();
  }

  /** @internal The connection broke in between. */
  tellAgain(): void {
    this.tellLimits();
    this.#host.subscriptions.wishes.tellAgain();
  }

  #tellLimits(): void {
    const transportId = this.#host.transportId();
    if (transportId === undefined) return;
    void this.#host.tell("TRANSPORT_SET_LIMITS", { roomId: this.#host.roomId, transportId, ...this.#limits });
  }
}
