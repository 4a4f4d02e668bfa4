import type { types as ms } from "mediasoup-client";
import { CallError } from "../errors.js";
import type { MediaSession } from "../media/media-session.js";
import type { ProducerInfo } from "../protocol/messages.js";
import type { Clock, TimerHandle } from "../support/runtime.js";
import type { RemoteTrack } from "./events.js";

export interface SubscriptionsHost {
  readonly clock: Clock;
  readonly isOwn: (producer: ProducerInfo) => boolean;
  readonly media: () => MediaSession | undefined;
  readonly onAdded: (track: RemoteTrack) => void;
  readonly onChanged: (track: RemoteTrack) => void;
  readonly onRemoved: (track: RemoteTrack) => void;
  readonly onProblem: (error: CallError) => void;
}

interface Subscription {
  readonly producer: ProducerInfo;
  muted: boolean;
  consumer: ms.Consumer | undefined;
  track: RemoteTrack | undefined;
  retry: TimerHandle | undefined;
  attempts: number;
  ended: boolean;
}

const retryDelayMs = 1_000;
const maxAttempts = 3;

/** What others send and we receive: every producer but our own gets a consumer, late joiners included. */
export class Subscriptions {
  readonly #host: SubscriptionsHost;
  readonly #byProducer = new Map<string, Subscription>();

  constructor(host: SubscriptionsHost) {
    this.#host = host;
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
      track: undefined,
      retry: undefined,
      attempts: 0,
      ended: false,
    };
    this.#byProducer.set(producer.producerId, subscription);
    void this.#consume(subscription);
  }

  remove(producerId: string): void {
    const subscription = this.#byProducer.get(producerId);
    if (subscription === undefined) return;
    this.#byProducer.delete(producerId);
    this.#end(subscription);
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
      this.remove(producerId);
      return;
    }
  }

  clear(): void {
    for (const producerId of [...this.#byProducer.keys()]) this.remove(producerId);
  }

  async #consume(subscription: Subscription): Promise<void> {
    const media = this.#host.media();
    if (media === undefined || subscription.ended) return;
    const { producer } = subscription;
    const { source } = producer;
    subscription.attempts++;
    try {
      const streamId = `${producer.peerDeviceId}:${source === "screen" ? "screen" : "main"}`;
      const { consumer, producerPaused } = await media.consume(producer.producerId, streamId);
      if (subscription.ended) {
        consumer.close();
        return;
      }
      subscription.consumer = consumer;
      subscription.muted ||= producerPaused;
      subscription.track = {
        producerId: producer.producerId,
        consumerId: consumer.id,
        peerDeviceId: producer.peerDeviceId,
        kind: producer.kind,
        source,
        track: consumer.track,
        muted: subscription.muted,
      };
      this.#host.onAdded(subscription.track);
    } catch (error) {
      this.#onConsumeError(subscription, CallError.from(error));
    }
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
