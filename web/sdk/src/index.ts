export {
  CallClient,
  type CallClientOptions,
  type CreatedRoom,
  type JoinOptions,
  type RoomPolicy,
} from "./client.js";
export { fromBase64Url, toBase64Url } from "./e2ee/bytes.js";
export type { Picture } from "./e2ee/identity/pictures.js";
export { type RoomCode, roomCode, safetyNumber } from "./e2ee/identity/safety-number.js";
export { type TrustSettings, trustNobody, verifiedEntry } from "./e2ee/identity/trust.js";
export type { KeyFailure, KeyState } from "./e2ee/session/key-state.js";
export type {
  EncryptionOptions,
  EncryptionState,
  EncryptionStatus,
} from "./e2ee/session/room-encryption.js";
export type { EncryptedMember } from "./e2ee/worker/protocol.js";
export { CallError, SdkErrorCode } from "./errors.js";
export type { IceRecoveryOptions, IceRecoveryState } from "./media/ice-recovery.js";
export { type Quality, type QualityLevel, rate } from "./media/quality.js";
export type { EncodingStats, StreamStats, TransportStats } from "./media/stats.js";
export type { VideoCodec, VideoOptions } from "./media/video-plan.js";
export type { ConsumerStarvedReason, VideoLayers } from "./protocol/generated.js";
export type { MediaKind, MediaSource, PeerInfo, TransportDirection } from "./protocol/messages.js";
export type {
  ActiveSpeaker,
  RemoteTrack,
  RoomEvents,
  RoomState,
  RoomStats,
  VideoReception,
} from "./room/events.js";
export type { LocalPublication, PublishOptions } from "./room/publication.js";
export type { Receiving, VideoLimits } from "./room/receiving.js";
export { defaultRekeyIntervalMs, rekeyInterval, rekeyIntervalFloorMs } from "./room/rekey-timer.js";
export type { Room } from "./room/room.js";
export { type SloName, type SloSample, sloTargets } from "./room/slo.js";
export type { VideoChoice } from "./room/video-wishes.js";
export type { BackoffOptions } from "./signaling/backoff.js";
export {
  SignalingConnection,
  type SignalingEvents,
  type SignalingOptions,
  type SignalingSession,
  type TokenReason,
} from "./signaling/connection.js";
export { parseEndpoint } from "./signaling/endpoints.js";
export type { SocketTimings } from "./signaling/socket.js";
export type { ConnectionState } from "./signaling/state.js";
export { browserRuntime, type Clock, type Runtime, type WebSocketLike } from "./support/runtime.js";
