import type { RoomSnapshotPayload, RtpCapabilities } from "../../src/protocol/generated.js";
import type { MediaKind } from "../../src/protocol/messages.js";
import type { FakeConnection, FakeServer, Refusal } from "./fake-server.js";

export const roomId = "room-1";
export const ownDevice = "dev-aaaaaa";

export const routerRtpCapabilities: RtpCapabilities = {
  codecs: [
    {
      kind: "audio",
      mimeType: "audio/opus",
      preferredPayloadType: 100,
      clockRate: 48_000,
      channels: 2,
      parameters: {},
      rtcpFeedback: [],
    },
    {
      kind: "video",
      mimeType: "video/VP8",
      preferredPayloadType: 101,
      clockRate: 90_000,
      parameters: {},
      rtcpFeedback: [{ type: "nack" }],
    },
    {
      kind: "video",
      mimeType: "video/rtx",
      preferredPayloadType: 102,
      clockRate: 90_000,
      parameters: { apt: 101 },
      rtcpFeedback: [],
    },
  ],
  headerExtensions: [],
};

interface FakeProducer {
  readonly producerId: string;
  readonly peerDeviceId: string;
  readonly kind: MediaKind;
  paused: boolean;
}

/** The part of the real server a room needs: membership, the E2EE gate, producers and consumers by id. */
export class FakeRoomServer {
  readonly server: FakeServer;
  readonly producers = new Map<string, FakeProducer>();
  readonly devices: string[] = [];
  epoch = 0;
  readyEpoch = -1;
  version = 0;
  /** Emulates a restart: everything forgotten. */
  exists = true;
  /** So many E2EE_READY find that the room has just moved on: others come in the same moment. */
  pendingRekeys = 0;
  #ids = 0;

  constructor(server: FakeServer) {
    this.server = server;
    this.#wire();
  }

  addRemote(deviceId: string, kinds: readonly MediaKind[]): FakeProducer[] {
    if (!this.devices.includes(deviceId)) this.devices.push(deviceId);
    return kinds.map(kind => this.addProducer(deviceId, kind));
  }

  addProducer(peerDeviceId: string, kind: MediaKind, paused = false): FakeProducer {
    const producer = { producerId: `p-${++this.#ids}`, peerDeviceId, kind, paused };
    this.producers.set(producer.producerId, producer);
    this.version++;
    return producer;
  }

  announce(connection: FakeConnection, producer: FakeProducer): void {
    const { producerId, peerDeviceId, kind, paused } = producer;
    const source = kind === "audio" ? "microphone" : "camera";
    const owner = { ownerUserId: "u", ownerDeviceId: peerDeviceId, generation: 1, createdAt: 0 };
    connection.broadcast("PRODUCER_ADDED", {
      roomId,
      roomVersion: this.version,
      producerId,
      peerDeviceId,
      kind,
      producer: { producerId, peerDeviceId, kind, source, paused, ...owner },
    });
  }

  /** Everything gone, as after a restart without persistence. */
  forget(): void {
    this.producers.clear();
    this.devices.length = 0;
    this.epoch = 0;
    this.readyEpoch = -1;
    this.version = 0;
    this.server.honourResume = false;
  }

  snapshot(): RoomSnapshotPayload {
    return {
      roomId,
      callId: roomId,
      region: "tr",
      nodeId: "n",
      epoch: this.epoch,
      memberSetVersion: 1,
      roomVersion: ++this.version,
      serverTime: 0,
      peers: this.devices.map(deviceId => ({
        userId: "u",
        deviceId,
        role: "member",
        state: "joined",
        e2eeReady: true,
      })),
      producers: [...this.producers.values()].map(producer => ({ ...producer, userId: "u" })),
      e2ee: {
        required: true,
        epoch: this.epoch,
        leaderDeviceId: this.devices[0] ?? "",
        expectedSenderDevices: [],
        missingSenderKeys: [],
      },
    };
  }

  #gate(): Refusal | undefined {
    if (this.readyEpoch === this.epoch) return undefined;
    return { code: "E2EE_NOT_READY", retryable: true, details: { expectedEpoch: this.epoch } };
  }

  #wire(): void {
    const { server } = this;
    server.on("ROOM_JOIN", (_, c) => {
      if (!this.devices.includes(ownDevice)) this.devices.push(ownDevice);
      this.readyEpoch = -1;
      const place = { roomId, callId: roomId, region: "tr", nodeId: "n" };
      const transport = { id: "", iceParameters: {}, dtlsParameters: {} };
      c.reply("ROOM_JOIN_OK", {
        ...place,
        epoch: this.epoch,
        memberSetVersion: 1,
        mediasoup: {
          routerRtpCapabilities,
          sendTransportOptions: transport,
          recvTransportOptions: transport,
        },
        e2ee: { required: true, epoch: this.epoch },
      });
      c.reply("ROOM_SNAPSHOT", this.snapshot());
    });
    server.on("E2EE_READY", frame => {
      if (this.pendingRekeys > 0) {
        this.pendingRekeys--;
        this.epoch++;
      }
      if (frame.payload.epoch !== this.epoch) {
        return { code: "E2EE_EPOCH_MISMATCH", retryable: true, details: { expectedEpoch: this.epoch } };
      }
      this.readyEpoch = this.epoch;
      return undefined;
    });
    server.on("TRANSPORT_CREATE", (frame, c) => {
      const refusal = this.#gate();
      if (refusal !== undefined) return refusal;
      const direction = frame.payload.direction as "send" | "recv";
      c.reply("TRANSPORT_CREATED", {
        roomId,
        transportId: `t-${direction}-${++this.#ids}`,
        direction,
        iceParameters: { usernameFragment: "u", password: "p", iceLite: true },
        iceCandidates: [],
        dtlsParameters: { role: "auto", fingerprints: [{ algorithm: "sha-256", value: "00" }] },
      });
      return undefined;
    });
    server.on("TRANSPORT_CONNECT", () => this.#gate());
    server.on("PRODUCE", (frame, c) => {
      const refusal = this.#gate();
      if (refusal !== undefined) return refusal;
      const kind = frame.payload.kind as MediaKind;
      const { producerId } = this.addProducer(ownDevice, kind, frame.payload.paused === true);
      c.reply("PRODUCED", { roomId, producerId, kind });
      return undefined;
    });
    server.on("CONSUME", (frame, c) => this.#gate() ?? this.#consume(String(frame.payload.producerId), c));
    for (const [type, paused] of [
      ["PRODUCER_PAUSE", true],
      ["PRODUCER_RESUME", false],
    ] as const) {
      server.on(type, frame => {
        const producer = this.producers.get(String(frame.payload.producerId));
        if (producer !== undefined) producer.paused = paused;
        return undefined;
      });
    }
    server.on("PRODUCER_CLOSE", frame => {
      this.producers.delete(String(frame.payload.producerId));
    });
    server.on("REKEY_COMMIT", frame => {
      this.epoch = Number(frame.payload.epoch);
      this.readyEpoch = -1;
    });
    server.on("ICE_RESTART", (frame, c) =>
      c.reply("ICE_RESTART_OK", {
        roomId,
        policy: "all",
        transportId: String(frame.payload.transportId),
        iceParameters: { usernameFragment: "fresh", password: "fresh" },
      }),
    );
    server.on("ROOM_LEAVE", (_, c) => c.reply("ROOM_LEFT", { roomId }));
  }

  #consume(producerId: string, connection: FakeConnection): Refusal | undefined {
    const producer = this.producers.get(producerId);
    if (producer === undefined) return { code: "PRODUCER_NOT_FOUND" };
    const { kind, peerDeviceId, paused } = producer;
    const source = kind === "audio" ? "microphone" : "camera";
    const ids = { consumerId: `c-${++this.#ids}`, producerId, kind };
    const codec =
      kind === "audio"
        ? {
            mimeType: "audio/opus",
            payloadType: 100,
            clockRate: 48_000,
            channels: 2,
            parameters: {},
            rtcpFeedback: [],
          }
        : { mimeType: "video/VP8", payloadType: 101, clockRate: 90_000, parameters: {}, rtcpFeedback: [] };
    connection.reply("CONSUMER_ADDED", {
      roomId,
      ...ids,
      producerPaused: paused,
      rtpParameters: {
        codecs: [codec],
        headerExtensions: [],
        encodings: [{ ssrc: 1000 + this.#ids }],
        rtcp: { cname: "x" },
      },
      consumer: {
        ...ids,
        consumerDeviceId: ownDevice,
        ownerUserId: "u",
        ownerDeviceId: peerDeviceId,
        source,
        state: "paused",
        generation: 1,
        createdAt: 0,
      },
    });
    return undefined;
  }
}
