/** Message payloads by type. Temporary hand-written shapes until the generated ones land. */
import type { types as ms } from "mediasoup-client";

export type MediaKind = "audio" | "video";
export type MediaSource = "camera" | "microphone" | "screen";
export type TransportDirection = "send" | "recv";

export interface RoomScoped {
  readonly roomId: string;
}

export interface PeerInfo {
  readonly userId: string;
  readonly deviceId: string;
  readonly displayName?: string | null;
  readonly role?: string;
  readonly state?: string;
  readonly e2eeReady?: boolean;
}

export interface ProducerInfo {
  readonly producerId: string;
  readonly peerDeviceId: string;
  readonly userId?: string;
  readonly kind: MediaKind;
  readonly source?: MediaSource;
  readonly paused?: boolean;
}

export interface RoomSnapshot extends RoomScoped {
  readonly epoch: number;
  readonly roomVersion: number;
  readonly memberSetVersion: number;
  readonly serverTime: number;
  readonly peers: readonly PeerInfo[];
  readonly producers: readonly ProducerInfo[];
  readonly e2ee: { readonly required: boolean; readonly epoch: number; readonly leaderDeviceId: string };
}

export interface ClientMessages {
  HELLO: {
    readonly client: { readonly platform: string; readonly appVersion: string; readonly deviceId: string };
    readonly resume?: { readonly resumeToken: string; readonly lastServerSeqSeen?: number };
  };
  AUTH: { readonly accessToken: string };
  E2EE_CAPS: { readonly insertableStreams: boolean; readonly sframe: boolean };
  ROOM_CREATE: {
    readonly roomId?: string;
    readonly callId?: string;
    readonly allowedUserIds?: readonly string[];
    readonly access?: "link";
  };
  ROOM_JOIN: RoomScoped & {
    readonly deviceId: string;
    readonly callId?: string;
    readonly joinToken?: string;
  };
  ROOM_LEAVE: RoomScoped & { readonly reason?: string };
  ROOM_STATE_GET: RoomScoped;
  E2EE_READY: RoomScoped & { readonly epoch: number };
  TRANSPORT_CREATE: RoomScoped & { readonly direction: TransportDirection };
  TRANSPORT_CONNECT: RoomScoped & {
    readonly transportId: string;
    readonly dtlsParameters: ms.DtlsParameters;
  };
  PRODUCE: RoomScoped & {
    readonly transportId: string;
    readonly kind: MediaKind;
    readonly rtpParameters: ms.RtpParameters;
    readonly appData: { readonly source: MediaSource };
    readonly paused?: boolean;
  };
  CONSUME: RoomScoped & {
    readonly transportId: string;
    readonly producerId: string;
    readonly rtpCapabilities: ms.RtpCapabilities;
    readonly paused: boolean;
  };
  CONSUMER_RESUME: RoomScoped & { readonly consumerId: string };
  CONSUMER_PAUSE: RoomScoped & { readonly consumerId: string };
  CONSUMER_CLOSE: RoomScoped & { readonly consumerId: string };
  PRODUCER_PAUSE: RoomScoped & { readonly producerId: string };
  PRODUCER_RESUME: RoomScoped & { readonly producerId: string };
  PRODUCER_CLOSE: RoomScoped & { readonly producerId: string };
  ICE_RESTART: RoomScoped & {
    readonly transportId: string;
    readonly reason: string;
    readonly policy: string;
  };
  REKEY_BEGIN: RoomScoped & { readonly epoch: number };
  REKEY_COMMIT: RoomScoped & { readonly epoch: number };
  PING: Record<string, never>;
}

export interface ServerMessages {
  WELCOME: {
    readonly serverTime: number;
    readonly heartbeatSec: number;
    readonly resumeToken: string;
    readonly resumed?: boolean;
  };
  AUTH_OK: { readonly userId: string; readonly deviceId: string; readonly resumed?: boolean };
  AUTH_FAIL: { readonly reason: string; readonly retryable: boolean };
  ROOM_CREATED: RoomScoped & { readonly callId: string; readonly epoch: number; readonly joinToken?: string };
  ROOM_JOIN_SECRET: RoomScoped & { readonly joinToken: string };
  ROOM_JOIN_OK: RoomScoped & {
    readonly epoch: number;
    readonly mediasoup: { readonly routerRtpCapabilities: ms.RtpCapabilities };
    readonly e2ee: { readonly required: boolean; readonly epoch: number };
  };
  E2EE_POLICY: { readonly required: boolean; readonly epoch: number };
  ROOM_SNAPSHOT: RoomSnapshot;
  ROOM_STATE: RoomSnapshot;
  ROOM_LEFT: RoomScoped;
  PEER_JOINED: RoomScoped & PeerInfo & { readonly roomVersion?: number };
  PEER_LEFT: RoomScoped & PeerInfo & { readonly roomVersion?: number; readonly reason?: string };
  TRANSPORT_CREATED: RoomScoped & {
    readonly transportId: string;
    readonly direction: TransportDirection;
    readonly iceParameters: ms.IceParameters;
    readonly iceCandidates: ms.IceCandidate[];
    readonly dtlsParameters: ms.DtlsParameters;
    readonly iceServers?: RTCIceServer[];
  };
  PRODUCED: RoomScoped & { readonly producerId: string; readonly kind: MediaKind };
  PRODUCER_ADDED: RoomScoped & ProducerInfo & { readonly roomVersion?: number };
  PRODUCER_REMOVED: RoomScoped & { readonly producerId: string; readonly roomVersion?: number };
  PRODUCER_PAUSED: RoomScoped & { readonly producerId: string; readonly roomVersion?: number };
  PRODUCER_RESUMED: RoomScoped & { readonly producerId: string; readonly roomVersion?: number };
  CONSUMER_ADDED: RoomScoped & {
    readonly consumerId: string;
    readonly producerId: string;
    readonly kind: MediaKind;
    readonly rtpParameters: ms.RtpParameters;
    readonly producerPaused?: boolean;
  };
  CONSUMER_CLOSED: RoomScoped & { readonly consumerId: string; readonly reason?: string };
  ICE_RESTART_OK: RoomScoped & {
    readonly transportId: string;
    readonly iceParameters: ms.IceParameters;
    readonly iceServers?: RTCIceServer[];
  };
  ACTIVE_SPEAKERS: RoomScoped & {
    readonly speakers: readonly {
      readonly producerId: string;
      readonly deviceId: string;
      readonly levelDbov: number;
    }[];
  };
  TRANSPORT_STATE: RoomScoped & {
    readonly transportId: string;
    readonly state: string;
    readonly reason?: string;
  };
  REKEY_BEGIN: RoomScoped & { readonly epoch: number };
  REKEY_COMMIT: RoomScoped & { readonly epoch: number };
}

export type ClientMessageType = keyof ClientMessages;
export type ServerMessageType = keyof ServerMessages;
