import type { types as ms } from "mediasoup-client";
import { CallError } from "../errors.js";
import type { PictureShape } from "../media/layer-choice.js";
import type { Consumed, MediaSession } from "../media/media-session.js";
import type { ConsumerStarvedReason, VideoLayers } from "../protocol/generated.js";
import type { ClientMessages, ClientMessageType, ProducerInfo } from "../protocol/messages.js";
import type { Clock, TimerHandle } from "../support/runtime.js";
import type { RemoteTrack, VideoReception } from "./events.js";
import { type VideoChoice, VideoWishes } from "./video-wishes.js";

export interface SubscriptionsHost {
  readonly clock: Clock;
  readonly isOwn: (producer: ProducerInfo) => boolean;
  readonly media: () => MediaSession | undefined;
  readonly onAdded: (track: RemoteTrack) => void;
  readonly onChanged: (track: RemoteTrack) => void;
  readonly onRemoved: (track: RemoteTrack) => void;
  readonly onProblem: (error: CallError) => void;
  /** Sends a fact the server should know. */
  readonly tell: <Type extends ClientMessageType>(type: Type, payload: ClientMessages[Type]) => Promise<void>;
  readonly roomId: string;
}

interface Subscription {
  readonly producer: ProducerInfo;
  muted: boolean;
  consumer: ms.Consumer | undefined;
  picture: PictureShape | undefined;
  track: RemoteTrack | undefined;
  retry: TimerHandle | undefined;
  attempts: number;
  ended: boolean;
}

/** What is told of a consumer besides its track. */
interface Early {
  video?: Partial<VideoReception>;
  score?: number;
}

/** Consumers that are told of and never come: their requests failed. */
const maxEarly = 256;
/** Before the server said what a picture is like. Too large is corrected as soon as it did; the other way a person would see. */
const assumedPicture: PictureShape = { spatialLayers: 3, width: 1280, height: 720 };
const retryDelayMs = 1_000;
const maxAttempts = 3;

/** What others send and we receive: every producer but our own gets a consumer, late joiners included. */
export class Subscriptions {
  readonly #host: SubscriptionsHost;
  readonly #byProducer = new Map<string, Subscription>();
  /** What the server told of consumers whose receiver does not stand yet. */
  readonly #early = new Map<string, Early>();
  /** What this device wants of each video. */
  readonly wishes: VideoWishes;

  constructor(host: SubscriptionsHost) {
    this.#host = host;
    this.wishes = new VideoWishes({
      roomId: host.roomId,
      clock: host.clock,
      tell: host.tell,
      consumer: producerId => this.#consumerOf(producerId),
      onPaused: (producerId, paused) => this.#amendVideo(producerId, { paused }),
    });
  }

  get tracks(): readonly RemoteTrack[] {
    return this.live.map(({ track }) => track);
  }

  get live(): readonly { readonly consumer: ms.Consumer; readonly track: RemoteTrack }[] {
    return [...this.#byProducer.values()].flatMap(({ consumer, track }) =>
      consumer === undefined || track === undefined ? [] : [{ consumer, track }],
    );
  }

  /** Makes the set agree with the room's producers. */
  sync(producers: readonly ProducerInfo[]): void {
    const present = new Set(producers.map(producer => producer.producerId));
    for (const producerId of [...this.#byProducer.keys()])
      if (!present.has(producerId)) this.remove(producerId);
    for (const producer of producers) {
      this.add(producer);
      this.setMuted(producer.producerId, producer.paused);
    }
  }

  add(producer: ProducerInfo): void {
    if (this.#host.media() === undefined || this.#host.isOwn(producer)) return;
    if (this.#byProducer.has(producer.producerId)) return;
    const subscription: Subscription = {
      producer,
      muted: producer.paused,
      consumer: undefined,
      picture: undefined,
      track: undefined,
      retry: undefined,
      attempts: 0,
      ended: false,
    };
    this.#byProducer.set(producer.producerId, subscription);
    void this.#consume(subscription);
  }

  /** The producer is gone. */
  remove(producerId: string): void {
    this.#drop(producerId);
    this.wishes.forget(producerId);
  }

  #drop(producerId: string): void {
    const subscription = this.#byProducer.get(producerId);
    if (subscription === undefined) return;
    this.#byProducer.delete(producerId);
    this.#end(subscription);
  }

  /** The person decided how this video should come. */
  choose(producerId: string, choice: VideoChoice): void {
    this.wishes.setChoice(producerId, choice);
    this.#amendVideo(producerId, { choice });
  }

  setLayers(consumerId: string, current: VideoLayers | undefined, target: VideoLayers | undefined): void {
    this.#told(consumerId, { video: { current, target } });
  }

  setHeldBack(consumerId: string, heldBack: ConsumerStarvedReason | undefined): void {
    this.#told(consumerId, { video: { heldBack } });
  }

  setScore(consumerId: string, score: number): void {
    this.#told(consumerId, { score });
  }

  setMuted(producerId: string, muted: boolean): void {
    const subscription = this.#byProducer.get(producerId);
    if (subscription === undefined || subscription.muted === muted) return;
    subscription.muted = muted;
    if (subscription.track === undefined) return;
    subscription.track = { ...subscription.track, muted };
    this.#host.onChanged(subscription.track);
  }

  /** The server closed our consumer while the producer may live on: ask again. */
  onConsumerClosed(consumerId: string): void {
    for (const [producerId, subscription] of this.#byProducer) {
      if (subscription.consumer?.id !== consumerId) continue;
      this.#drop(producerId);
      return;
    }
  }

  #told(consumerId: string, news: Early): void {
    for (const subscription of this.#byProducer.values()) {
      if (subscription.consumer?.id !== consumerId || subscription.track === undefined) continue;
      subscription.track = amended(subscription.track, news);
      this.#host.onChanged(subscription.track);
      return;
    }
    const before = this.#early.get(consumerId);
    this.#early.set(consumerId, { ...before, ...news, video: { ...before?.video, ...news.video } });
    const [oldest] = this.#early.keys();
    if (this.#early.size > maxEarly && oldest !== undefined) this.#early.delete(oldest);
  }

  #consumerOf(producerId: string): { id: string; picture: PictureShape } | undefined {
    const { consumer, picture } = this.#byProducer.get(producerId) ?? {};
    return consumer === undefined || picture === undefined ? undefined : { id: consumer.id, picture };
  }

  #amendVideo(producerId: string, change: Partial<VideoReception>): void {
    const subscription = this.#byProducer.get(producerId);
    if (subscription?.track?.video === undefined) return;
    subscription.track = amended(subscription.track, { video: change });
    this.#host.onChanged(subscription.track);
  }

  /** The media is gone; what was wished holds for what comes in its place. */
  clear(): void {
    for (const producerId of [...this.#byProducer.keys()]) this.#drop(producerId);
    this.#early.clear();
  }

  async #consume(subscription: Subscription): Promise<void> {
    const media = this.#host.media();
    if (media === undefined || subscription.ended) return;
    const { producer } = subscription;
    const { source } = producer;
    subscription.attempts++;
    try {
      const streamId = `${producer.peerDeviceId}:${source === "screen" ? "screen" : "main"}`;
      const wish = this.wishes.initial(producer.producerId, assumedPicture);
      const { consumer, producerPaused, picture } = await media.consume(producer.producerId, streamId, wish);
      if (subscription.ended) {
        consumer.close();
        return;
      }
      subscription.consumer = consumer;
      subscription.picture = picture;
      subscription.muted ||= producerPaused;
      subscription.track = {
        producerId: producer.producerId,
        consumerId: consumer.id,
        peerDeviceId: producer.peerDeviceId,
        kind: producer.kind,
        source,
        track: consumer.track,
        muted: subscription.muted,
        score: undefined,
        video:
          producer.kind === "video" ? this.#reception(producer.producerId, picture, wish.paused) : undefined,
      };
      subscription.track = amended(subscription.track, this.#early.get(consumer.id) ?? {});
      this.#early.delete(consumer.id);
      this.#host.onAdded(subscription.track);
      if (producer.kind === "video") this.wishes.refresh(producer.producerId);
    } catch (error) {
      this.#onConsumeError(subscription, CallError.from(error));
    }
  }

  #reception(
    producerId: string,
    { spatialLayers, temporalLayers }: Consumed["picture"],
    paused: boolean,
  ): VideoReception {
    const choice = this.wishes.choice(producerId);
    const nothing = { current: undefined, target: undefined, heldBack: undefined };
    return { spatialLayers, temporalLayers, ...nothing, paused, choice };
  }

  #onConsumeError(subscription: Subscription, error: CallError): void {
    if (subscription.ended || error.code === "PRODUCER_NOT_FOUND") return;
    if (error.retryable && subscription.attempts < maxAttempts) {
      subscription.retry = this.#host.clock.setTimeout(() => void this.#consume(subscription), retryDelayMs);
      return;
    }
    this.#host.onProblem(error);
  }

  #end(subscription: Subscription): void {
    subscription.ended = true;
    if (subscription.retry !== undefined) this.#host.clock.clearTimeout(subscription.retry);
    subscription.consumer?.close();
    if (subscription.track !== undefined) this.#host.onRemoved(subscription.track);
  }
}

function amended(track: RemoteTrack, { video, score }: Early): RemoteTrack {
  return {
    ...track,
    score: score ?? track.score,
    video: track.video === undefined ? undefined : { ...track.video, ...video },
  };
}
