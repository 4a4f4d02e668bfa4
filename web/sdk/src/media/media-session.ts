import { Device, type types as ms } from "mediasoup-client";
import { encryptableCapabilities } from "../e2ee/media/encryptable-codecs.js";
import { HeldTrack } from "../e2ee/media/held-track.js";
import { CallError, SdkErrorCode } from "../errors.js";
import type { RtpCapabilities, VideoLayers } from "../protocol/generated.js";
import type {
  ClientMessages,
  ClientMessageType,
  MediaKind,
  MediaSource,
  ServerMessages,
  ServerMessageType,
  TransportDirection,
} from "../protocol/messages.js";
import type { Expectation } from "../signaling/socket.js";
import type { Clock } from "../support/runtime.js";
import { IceRecovery, type IceRecoveryOptions, type IceRecoveryState } from "./ice-recovery.js";
import type { PictureShape } from "./layer-choice.js";
import { type SvcSupport, svcSupport } from "./svc-support.js";
import { planVideo, type VideoOptions, type VideoPlan } from "./video-plan.js";
import { toDevice, toWire } from "./wire.js";

/** The room's way of asking the server for media: goes through the E2EE gate. */
export type MediaRequest = <Type extends ClientMessageType, Reply extends ServerMessageType>(
  type: Type,
  payload: ClientMessages[Type],
  expectation?: Expectation<Reply>,
) => Promise<ServerMessages[Reply]>;

export interface MediaSessionOptions {
  readonly roomId: string;
  readonly routerRtpCapabilities: RtpCapabilities;
  readonly request: MediaRequest;
  readonly canRequest: () => boolean;
  readonly clock: Clock;
  readonly iceServers: readonly RTCIceServer[] | undefined;
  readonly iceTransportPolicy: RTCIceTransportPolicy | undefined;
  readonly iceRecovery: Partial<IceRecoveryOptions> | undefined;
  /** Set by tests; a browser is recognised by itself. */
  readonly handlerFactory: ms.HandlerFactory | undefined;
  /** Set in encrypted rooms: takes every sender and receiver in the task that makes it. */
  readonly encryption: FrameEncryption | undefined;
  readonly onTransportState: (
    direction: TransportDirection,
    state: IceRecoveryState,
    attempt: number,
  ) => void;
  readonly onTransportFailed: (direction: TransportDirection, error: CallError) => void;
}

/** Where frames are encrypted and decrypted. */
export interface FrameEncryption {
  /** For the peer connections. */
  readonly settings: Partial<RTCConfiguration>;
  protect(sender: RTCRtpSender, kind: MediaKind, source: MediaSource): SenderProtection;
  /** Returns what ends it. */
  unprotect(receiver: RTCRtpReceiver, producerId: string, mimeType: string | undefined): () => void;
}

export interface SenderProtection {
  /** Resolves when every frame of the sender goes through the worker; rejects when none will. */
  readonly taken: Promise<void>;
  readonly end: () => void;
}

export interface ProduceOptions {
  readonly track: MediaStreamTrack;
  readonly source: MediaSource;
  /** Goes before what is planned from {@link video}. */
  readonly encodings: ms.RtpEncodingParameters[] | undefined;
  readonly video: VideoOptions | undefined;
  readonly codecOptions: ms.ProducerCodecOptions | undefined;
  readonly paused: boolean;
}

/** What mediasoup-client carries from produce() to PRODUCE. */
interface ProducerData {
  readonly source: MediaSource;
  readonly paused: boolean;
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** What has to be so before the server is told. */
  readonly ready: () => Promise<void>;
}

/** What is wished of a track before it is received. */
export interface ConsumeWish {
  readonly preferredLayers?: VideoLayers;
  readonly priority?: number;
  readonly paused: boolean;
}

export interface Consumed {
  readonly consumer: ms.Consumer;
  readonly producerPaused: boolean;
  readonly picture: PictureShape & { readonly temporalLayers: number | undefined };
}

interface MediaTransport {
  readonly transport: ms.Transport;
  readonly recovery: IceRecovery;
}

/** One device, one sending and one receiving transport: everything that dies together when the server forgets us. */
export class MediaSession {
  // given
  readonly #options: MediaSessionOptions;
  // made
  #device: Device | undefined;
  readonly #transports: Record<TransportDirection, Promise<MediaTransport> | undefined> = {
    send: undefined,
    recv: undefined,
  };
  readonly #open = new Map<TransportDirection, MediaTransport>();
  #svc: Promise<SvcSupport> | undefined;
  // state
  #closed = false;

  private constructor(options: MediaSessionOptions) {
    this.#options = options;
  }

  /** Loads the device and asks for both transports at once: three waits become one. */
  static async open(options: MediaSessionOptions): Promise<MediaSession> {
    const session = new MediaSession(options);
    const sending = session.#ask("send");
    const receiving = session.#ask("recv");
    try {
      const device = await loadDevice(options);
      session.#device = device;
      session.#transports.send = sending.then(created => session.#build(device, created));
      session.#transports.recv = receiving.then(created => session.#build(device, created));
      await Promise.all([session.#transports.send, session.#transports.recv]);
      return session;
    } catch (error) {
      sending.catch(() => undefined);
      receiving.catch(() => undefined);
      session.close();
      throw error;
    }
  }

  get closed(): boolean {
    return this.#closed;
  }

  get handlerName(): string {
    return this.#device?.handlerName ?? "";
  }

  get transports(): ReadonlyMap<TransportDirection, ms.Transport> {
    return new Map([...this.#open].map(([direction, { transport }]) => [direction, transport]));
  }

  recovery(direction: TransportDirection): IceRecovery | undefined {
    return this.#open.get(direction)?.recovery;
  }

  directionOf(transportId: string): TransportDirection | undefined {
    for (const [direction, { transport }] of this.#open) if (transport.id === transportId) return direction;
    return undefined;
  }

  async produce(options: ProduceOptions): Promise<ms.Producer> {
    const { transport } = await this.#transport("send");
    if (!this.#device?.canProduce(options.track.kind as ms.MediaKind)) {
      throw new CallError(
        SdkErrorCode.NoCommonCodec,
        `The room takes no ${options.track.kind} this browser can send`,
      );
    }
    const { width, height } = options.track.getSettings();
    const plan =
      options.track.kind === "video" && options.encodings === undefined
        ? await this.#planVideo(options, width, height)
        : { codec: undefined, encodings: options.encodings };
    const { encryption } = this.#options;
    const { track } = options;
    let protection: SenderProtection | undefined;
    let held: HeldTrack | undefined;
    const onRtpSender = (sender: RTCRtpSender) => {
      protection = encryption?.protect(sender, track.kind as MediaKind, options.source);
      if (protection !== undefined) held = new HeldTrack(sender, track, protection.taken);
    };
    const data: ProducerData = {
      source: options.source,
      paused: options.paused,
      width,
      height,
      ready: async () => await held?.taken,
    };
    const producer = await transport.produce({
      ...(encryption === undefined ? {} : { onRtpSender }),
      track,
      // A transport that is rebuilt must not end the person's camera with it.
      stopTracks: false,
      streamId: options.source === "screen" ? "screen" : "main",
      appData: { ...data },
      ...(plan.codec === undefined ? {} : { codec: plan.codec }),
      ...(plan.encodings === undefined ? {} : { encodings: plan.encodings }),
      ...(options.codecOptions === undefined ? {} : { codecOptions: options.codecOptions }),
    });
    producer.observer.once("close", () => protection?.end());
    await this.#send(producer, held);
    return producer;
  }

  /** The server has answered PRODUCE, which it does for who is ready at the room's epoch: the track may go on. */
  async #send(producer: ms.Producer, held: HeldTrack | undefined): Promise<void> {
    try {
      await held?.release();
    } catch (error) {
      if (producer.closed) return; // with its transport, which is rebuilt
      producer.close();
      throw error;
    }
  }

  /** CONSUME paused, build the receiver, then CONSUMER_RESUME: so the first key frame is not lost to an unready browser. */
  async consume(producerId: string, streamId: string, wish: ConsumeWish): Promise<Consumed> {
    const { roomId, request } = this.#options;
    const { transport } = await this.#transport("recv");
    const rtpCapabilities = this.#device?.recvRtpCapabilities;
    if (rtpCapabilities === undefined) throw closedError();
    const added = await request(
      "CONSUME",
      {
        roomId,
        transportId: transport.id,
        producerId,
        rtpCapabilities: toWire.rtpCapabilities(rtpCapabilities),
        paused: true,
        ...(wish.preferredLayers === undefined ? {} : { preferredLayers: wish.preferredLayers }),
        ...(wish.priority === undefined ? {} : { priority: wish.priority }),
      },
      { reply: "CONSUMER_ADDED", match: reply => reply.producerId === producerId },
    );
    let release: (() => void) | undefined;
    const { encryption } = this.#options;
    const consumer = await transport.consume({
      ...(encryption === undefined
        ? {}
        : {
            onRtpReceiver: (receiver: RTCRtpReceiver) => {
              release = encryption.unprotect(receiver, producerId, added.rtpParameters.codecs[0]?.mimeType);
            },
          }),
      id: added.consumerId,
      producerId,
      kind: added.kind,
      rtpParameters: toDevice.rtpParameters(added.rtpParameters),
      streamId,
    });
    consumer.observer.once("close", () => release?.());
    if (!wish.paused) await request("CONSUMER_RESUME", { roomId, consumerId: consumer.id });
    const { spatialLayers = 1, temporalLayers, width = 1280, height = 720 } = added;
    return {
      consumer,
      producerPaused: added.producerPaused ?? false,
      picture: { spatialLayers, temporalLayers, width, height },
    };
  }

  async #planVideo(
    { source, video }: ProduceOptions,
    width: number | undefined,
    height: number | undefined,
  ): Promise<VideoPlan> {
    const codecs = this.#device?.sendRtpCapabilities.codecs?.filter(codec => codec.kind === "video") ?? [];
    this.#svc ??= svcSupport(this.handlerName);
    const supports = await this.#svc;
    return planVideo({ source, width, height, codecs, supports }, video);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { transport, recovery } of this.#open.values()) {
      recovery.close();
      transport.close();
    }
    this.#open.clear();
  }

  async #transport(direction: TransportDirection): Promise<MediaTransport> {
    const transport = this.#transports[direction];
    if (this.#closed || transport === undefined) throw closedError();
    return await transport;
  }

  #ask(direction: TransportDirection): Promise<ServerMessages["TRANSPORT_CREATED"]> {
    const { roomId, request } = this.#options;
    return request(
      "TRANSPORT_CREATE",
      { roomId, direction },
      { reply: "TRANSPORT_CREATED", match: reply => reply.direction === direction },
    );
  }

  #build(device: Device, created: ServerMessages["TRANSPORT_CREATED"]): MediaTransport {
    if (this.#closed) throw closedError();
    const { direction } = created;
    const iceServers = created.iceServers ?? this.#options.iceServers;
    const { iceTransportPolicy, encryption } = this.#options;
    const parameters: ms.TransportOptions = {
      id: created.transportId,
      iceParameters: toDevice.iceParameters(created.iceParameters),
      iceCandidates: toDevice.iceCandidates(created.iceCandidates),
      dtlsParameters: toDevice.dtlsParameters(created.dtlsParameters),
      ...(iceServers === undefined ? {} : { iceServers: [...iceServers] }),
      ...(iceTransportPolicy === undefined ? {} : { iceTransportPolicy }),
      ...(encryption === undefined ? {} : { additionalSettings: encryption.settings }),
    };
    const transport =
      direction === "send" ? device.createSendTransport(parameters) : device.createRecvTransport(parameters);
    const recovery = new IceRecovery(
      this.#options.clock,
      {
        restart: () => this.#restartIce(transport),
        canRestart: this.#options.canRequest,
        onState: (state, attempt) => this.#options.onTransportState(direction, state, attempt),
        onFailed: error => this.#options.onTransportFailed(direction, error),
      },
      this.#options.iceRecovery,
    );
    this.#wire(transport, recovery);
    const media = { transport, recovery };
    this.#open.set(direction, media);
    return media;
  }

  #wire(transport: ms.Transport, recovery: IceRecovery): void {
    const { roomId, request } = this.#options;
    transport.on("connect", ({ dtlsParameters }, callback, errback) => {
      request("TRANSPORT_CONNECT", {
        roomId,
        transportId: transport.id,
        dtlsParameters: toWire.dtlsParameters(dtlsParameters),
      }).then(() => callback(), errback);
    });
    transport.on("connectionstatechange", state => recovery.onConnectionState(state));
    if (transport.direction === "recv") return;
    transport.on("produce", ({ kind, rtpParameters, appData }, callback, errback) => {
      const { source, paused, width, height, ready } = appData as unknown as ProducerData;
      ready()
        .then(() =>
          request(
            "PRODUCE",
            {
              roomId,
              transportId: transport.id,
              kind,
              rtpParameters: toWire.rtpParameters(rtpParameters),
              source,
              paused,
              ...(kind === "video" && width && height ? { width, height } : {}),
            },
            { reply: "PRODUCED", match: reply => reply.kind === kind },
          ),
        )
        .then(produced => callback({ id: produced.producerId }), errback);
    });
  }

  async #restartIce(transport: ms.Transport): Promise<void> {
    const { roomId, request, iceTransportPolicy } = this.#options;
    const fresh = await request(
      "ICE_RESTART",
      { roomId, transportId: transport.id, reason: "FAILED", policy: iceTransportPolicy ?? "all" },
      { reply: "ICE_RESTART_OK", match: reply => reply.transportId === transport.id },
    );
    if (transport.closed || fresh.iceParameters === undefined) return;
    if (fresh.iceServers !== undefined) await transport.updateIceServers({ iceServers: fresh.iceServers });
    await transport.restartIce({ iceParameters: toDevice.iceParameters(fresh.iceParameters) });
  }
}

async function loadDevice(options: MediaSessionOptions): Promise<Device> {
  let device: Device;
  try {
    device =
      options.handlerFactory === undefined
        ? await Device.factory()
        : new Device({ handlerFactory: options.handlerFactory });
  } catch (error) {
    throw new CallError(SdkErrorCode.BrowserUnsupported, "This browser cannot take part in calls", {
      cause: error,
    });
  }
  const { routerRtpCapabilities, encryption } = options;
  const usable =
    encryption === undefined ? routerRtpCapabilities : encryptableCapabilities(routerRtpCapabilities);
  await device.load({ routerRtpCapabilities: toDevice.rtpCapabilities(usable) });
  return device;
}

function closedError(): CallError {
  return new CallError(SdkErrorCode.Closed, "The media session is closed");
}
