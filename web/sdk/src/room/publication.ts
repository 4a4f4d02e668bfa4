import type { types as ms } from "mediasoup-client";
import type { VideoOptions } from "../media/video-plan.js";
import type { MediaKind, MediaSource } from "../protocol/messages.js";

export interface PublishOptions {
  /** How a video is sent; the defaults suit a call. */
  readonly video?: VideoOptions;
  /** Exactly these encodings, instead of what {@link video} leads to. */
  readonly encodings?: ms.RtpEncodingParameters[];
  readonly codecOptions?: ms.ProducerCodecOptions;
  readonly muted?: boolean;
}

/** What the room does on behalf of a publication. */
export interface PublicationHost {
  setMuted(publication: LocalPublication, muted: boolean): Promise<void>;
  replaceTrack(publication: LocalPublication, track: MediaStreamTrack): Promise<void>;
  unpublish(publication: LocalPublication): Promise<void>;
}

/** One track this device offers. It outlives transports and reconnects: the room publishes it again when needed. */
export class LocalPublication {
  readonly source: MediaSource;
  readonly kind: MediaKind;
  readonly options: PublishOptions;
  readonly #host: PublicationHost;
  /** @internal Kept by the room. */
  producer: ms.Producer | undefined;
  /** @internal Kept by the room. */
  currentTrack: MediaStreamTrack;
  /** @internal Kept by the room. */
  wantMuted: boolean;
  /** @internal Kept by the room. */
  ended = false;
  /** @internal Kept by the room. */
  currentScore: number | undefined;
  /** @internal Kept by the room: how often the server closed it because of its frames. */
  refusals = 0;
  /** @internal Kept by the room: undefined before the server said anything, null while nobody watches. */
  watchedLayer: number | null | undefined;

  constructor(host: PublicationHost, track: MediaStreamTrack, source: MediaSource, options: PublishOptions) {
    this.#host = host;
    this.source = source;
    this.kind = track.kind as MediaKind;
    this.options = options;
    this.currentTrack = track;
    this.wantMuted = options.muted ?? false;
  }

  get track(): MediaStreamTrack {
    return this.currentTrack;
  }

  get muted(): boolean {
    return this.wantMuted;
  }

  /** Undefined until the server knows it, and while it is being published again. */
  get producerId(): string | undefined {
    return this.producer?.id;
  }

  get closed(): boolean {
    return this.ended;
  }

  /** How well it reaches the server, 0 to 10; undefined before that is known. */
  get score(): number | undefined {
    return this.currentScore;
  }

  /** False while the server says that nobody watches this video; it is then not sent. */
  get watched(): boolean {
    return this.watchedLayer !== null;
  }

  /** Takes effect at once on this side; the others are told. */
  mute(): Promise<void> {
    return this.#host.setMuted(this, true);
  }

  unmute(): Promise<void> {
    return this.#host.setMuted(this, false);
  }

  /** Another camera or microphone, without a new producer. */
  replaceTrack(track: MediaStreamTrack): Promise<void> {
    return this.#host.replaceTrack(this, track);
  }

  unpublish(): Promise<void> {
    return this.#host.unpublish(this);
  }
}
