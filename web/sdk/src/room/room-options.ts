import type { types as ms } from "mediasoup-client";
import type { EncryptionOptions } from "../e2ee/session/room-encryption.js";
import type { IceRecoveryOptions } from "../media/ice-recovery.js";

/** How a room is joined, and how its media is made. */
export interface RoomOptions {
  readonly roomId: string;
  readonly joinToken?: string;
  readonly callId?: string;
  readonly displayName?: string;
  readonly rekeyIntervalMs: number;
  readonly statsIntervalMs: number;
  readonly iceServers?: readonly RTCIceServer[];
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
  readonly iceRecovery?: Partial<IceRecoveryOptions>;
  readonly handlerFactory?: ms.HandlerFactory;
  readonly encryption?: EncryptionOptions;
}
