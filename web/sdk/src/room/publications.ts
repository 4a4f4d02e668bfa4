import { CallError } from "../errors.js";
import type { MediaSession } from "../media/media-session.js";
import { watchLayers } from "../media/watch-layers.js";
import type { ClientMessages, ClientMessageType, MediaSource, ProducerInfo } from "../protocol/messages.js";
import { LocalPublication, type PublicationHost, type PublishOptions } from "./publication.js";

export interface PublicationsHost {
  readonly roomId: string;
  /** Undefined while there is none, and while the call recovers. */
  readonly media: () => MediaSession | undefined;
  readonly isRecovering: () => boolean;
  readonly tell: <Type extends ClientMessageType>(type: Type, payload: ClientMessages[Type]) => Promise<void>;
  readonly onChanged: (publication: LocalPublication) => void;
  readonly onEnded: (publication: LocalPublication) => void;
  readonly onProblem: (error: CallError) => void;
  /** The server does not take what is published here, whatever is done about it: nobody gets it. */
  readonly onRefused: () => void;
}

/** At so many refusals it is given up; until then it is published anew: once may be an accident of timing, always is a sender that does not encrypt. */
const maxRefusals = 3;

/** What this device offers: published when there is media, and published again when the server forgot it. */
export class Publications implements PublicationHost {
  readonly #host: PublicationsHost;
  readonly #all = new Set<LocalPublication>();

  constructor(host: PublicationsHost) {
    this.#host = host;
  }

  get list(): readonly LocalPublication[] {
    return [...this.#all];
  }

  async publish(
    track: MediaStreamTrack,
    source: MediaSource,
    options: PublishOptions,
  ): Promise<LocalPublication> {
    const publication = new LocalPublication(this, track, source, options);
    this.#all.add(publication);
    if (this.#host.media() === undefined || this.#host.isRecovering()) return publication;
    try {
      await this.#produce(publication);
      return publication;
    } catch (error) {
      this.#all.delete(publication);
      publication.ended = true;
      throw CallError.from(error);
    }
  }

  async unpublish(publication: LocalPublication): Promise<void> {
    if (publication.ended) return;
    publication.ended = true;
    this.#all.delete(publication);
    const { producer } = publication;
    publication.producer = undefined;
    producer?.close();
    this.#host.onChanged(publication);
    if (producer !== undefined)
      await this.#host.tell("PRODUCER_CLOSE", { roomId: this.#host.roomId, producerId: producer.id });
  }

  async setMuted(publication: LocalPublication, muted: boolean): Promise<void> {
    publication.wantMuted = muted;
    const { producer } = publication;
    if (producer === undefined) {
      publication.currentTrack.enabled = !muted;
    } else if (muted) producer.pause();
    else producer.resume();
    this.#host.onChanged(publication);
    if (producer === undefined) return;
    await this.#host.tell(muted ? "PRODUCER_PAUSE" : "PRODUCER_RESUME", {
      roomId: this.#host.roomId,
      producerId: producer.id,
    });
  }

  async replaceTrack(publication: LocalPublication, track: MediaStreamTrack): Promise<void> {
    publication.currentTrack = track;
    track.enabled = !publication.wantMuted;
    await publication.producer?.replaceTrack({ track });
    this.#host.onChanged(publication);
  }

  /** PRODUCER_WATCHED_LAYERS: encodings above need not be made. */
  async setWatched(producerId: string, maxSpatialLayer: number | undefined): Promise<void> {
    const publication = this.#find(producerId);
    if (publication?.producer === undefined) return;
    publication.watchedLayer = maxSpatialLayer ?? null;
    this.#host.onChanged(publication);
    await watchLayers(publication.producer, maxSpatialLayer);
  }

  /** The server closed one of ours because of its frames. */
  async onFramesRefused(producerId: string): Promise<void> {
    const publication = this.#find(producerId);
    if (publication === undefined) return;
    publication.producer?.close();
    await this.#again(publication, "SFRAME_REFUSED");
  }

  /** Frames left unencrypted: that sender sends nothing more, another one may do better. */
  async onLeak(sender: RTCRtpSender): Promise<void> {
    const publication = this.list.find(({ producer }) => producer?.rtpSender === sender);
    if (publication?.producer === undefined) return;
    const { id: producerId } = publication.producer;
    publication.producer.close();
    void this.#host.tell("PRODUCER_CLOSE", { roomId: this.#host.roomId, producerId });
    await this.#again(publication, "PLAINTEXT_LEAK");
  }

  async #again(publication: LocalPublication, code: string): Promise<void> {
    publication.producer = undefined;
    this.#host.onChanged(publication);
    this.#host.onProblem(new CallError(code, `The ${publication.source} was not encrypted as it must be`));
    if (++publication.refusals < maxRefusals) await this.#produceOrReport(publication);
    else this.#host.onRefused();
  }

  setScore(producerId: string, score: number): void {
    const publication = this.#find(producerId);
    if (publication === undefined || publication.currentScore === score) return;
    publication.currentScore = score;
    this.#host.onChanged(publication);
  }

  #find(producerId: string): LocalPublication | undefined {
    return [...this.#all].find(publication => publication.producerId === producerId);
  }

  /** There is media (again): everything is published. */
  async produceAll(): Promise<void> {
    await Promise.all([...this.#all].map(publication => this.#produceOrReport(publication)));
  }

  /** The media is gone; what was published will be again. */
  forgetProducers(): void {
    for (const publication of this.#all) publication.producer = undefined;
  }

  endAll(): void {
    for (const publication of this.#all) publication.ended = true;
    this.#all.clear();
  }

  /** After a resumed session: what the server lost is published again, and mute states are made to agree. */
  async reconcile(ownDeviceId: string, producers: readonly ProducerInfo[]): Promise<void> {
    const known = new Map(producers.map(producer => [producer.producerId, producer]));
    for (const publication of this.#all) {
      const id = publication.producerId;
      const producer = id === undefined ? undefined : known.get(id);
      if (producer === undefined) {
        publication.producer?.close();
        publication.producer = undefined;
        await this.#produceOrReport(publication);
      } else if (producer.paused !== publication.wantMuted) {
        await this.setMuted(publication, publication.wantMuted);
      }
    }
    const published = new Set([...this.#all].map(publication => publication.producerId));
    for (const producer of known.values()) {
      if (producer.peerDeviceId !== ownDeviceId || published.has(producer.producerId)) continue;
      await this.#host.tell("PRODUCER_CLOSE", { roomId: this.#host.roomId, producerId: producer.producerId });
    }
  }

  async #produceOrReport(publication: LocalPublication): Promise<void> {
    if (publication.currentTrack.readyState === "ended") return;
    try {
      await this.#produce(publication);
    } catch (error) {
      this.#host.onProblem(CallError.from(error));
    }
  }

  async #produce(publication: LocalPublication): Promise<void> {
    const media = this.#host.media();
    if (media === undefined) return;
    const { currentTrack: track, source, wantMuted, options } = publication;
    if (wantMuted) track.enabled = false;
    const producer = await media.produce({
      track,
      source,
      encodings: options.encodings,
      video: options.video,
      codecOptions: options.codecOptions,
      paused: wantMuted,
    });
    if (publication.ended || media !== this.#host.media()) {
      producer.close();
      if (media === this.#host.media())
        await this.#host.tell("PRODUCER_CLOSE", { roomId: this.#host.roomId, producerId: producer.id });
      return;
    }
    publication.producer = producer;
    publication.currentScore = undefined;
    publication.watchedLayer = undefined;
    producer.on("trackended", () => this.#host.onEnded(publication));
    await this.#applyLatest(publication, track, wantMuted);
    this.#host.onChanged(publication);
  }

  /** What was asked for while the server was being told. */
  async #applyLatest(publication: LocalPublication, track: MediaStreamTrack, muted: boolean): Promise<void> {
    if (publication.currentTrack !== track)
      await publication.producer?.replaceTrack({ track: publication.currentTrack });
    if (publication.wantMuted || publication.wantMuted !== muted) {
      await this.setMuted(publication, publication.wantMuted);
    }
  }
}
