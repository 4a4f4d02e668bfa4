import type { types as ms } from "mediasoup-client";
import type { EncryptionOptions } from "./e2ee/session/room-encryption.js";
import type { IceRecoveryOptions } from "./media/ice-recovery.js";
import { rekeyInterval } from "./room/rekey-timer.js";
import { Room } from "./room/room.js";
import { SignalingConnection, type SignalingOptions } from "./signaling/connection.js";

export interface CallClientOptions extends SignalingOptions {
  readonly rekeyIntervalMs?: number;
  /** Default 2000. */
  readonly statsIntervalMs?: number;
  readonly iceServers?: readonly RTCIceServer[];
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
  readonly iceRecovery?: Partial<IceRecoveryOptions>;
  readonly handlerFactory?: ms.HandlerFactory;
}

export interface CreatedRoom {
  readonly roomId: string;
  readonly callId: string;
  /** What others need to be let in; undefined when the server asks for none. */
  readonly joinToken: string | undefined;
}

export interface RoomPolicy {
  /** Who may join besides the creator; absent means whoever holds the join token. */
  readonly allowedUserIds?: string[];
  readonly maxPeers?: number;
  /** What may be sent, the preferred one first: "opus", "red", "vp8", "vp9", "h264", "av1", "flexfec-03"; absent leaves it to the server. */
  readonly codecs?: string[];
  /** "mls-sframe-v1": the room is end-to-end encrypted; absent leaves it to the server. */
  readonly e2eeProfile?: "epoch-v1" | "mls-sframe-v1";
}

export interface JoinOptions {
  readonly joinToken?: string;
  readonly callId?: string;
  readonly displayName?: string;
  readonly encryption?: EncryptionOptions;
}

/** The way into calls: one connection, and rooms on it. */
export class CallClient {
  readonly connection: SignalingConnection;
  readonly #options: CallClientOptions;

  constructor(options: CallClientOptions) {
    this.#options = options;
    this.connection = new SignalingConnection(options);
  }

  /** Opens the connection ahead of a join, so that the join itself is quick. */
  async connect(): Promise<void> {
    await this.connection.connect();
  }

  /** Creates a room, or finds the one of that id. */
  async createRoom(roomId: string, policy: RoomPolicy = {}): Promise<CreatedRoom> {
    await this.connection.connect();
    const created = await this.connection.request(
      "ROOM_CREATE",
      { roomId, callId: roomId, ...policy },
      { reply: "ROOM_CREATED", match: reply => reply.roomId === roomId },
    );
    return { roomId: created.roomId, callId: created.callId, joinToken: created.joinToken };
  }

  /** A room to listen to before it is joined: add listeners, then call {@link Room.join}. */
  room(roomId: string, options: JoinOptions = {}): Room {
    const {
      rekeyIntervalMs,
      statsIntervalMs = 2_000,
      iceServers,
      iceTransportPolicy,
      iceRecovery,
      handlerFactory,
    } = this.#options;
    return new Room(this.connection, {
      roomId,
      ...options,
      rekeyIntervalMs: rekeyInterval(rekeyIntervalMs),
      statsIntervalMs,
      ...(iceServers === undefined ? {} : { iceServers }),
      ...(iceTransportPolicy === undefined ? {} : { iceTransportPolicy }),
      ...(iceRecovery === undefined ? {} : { iceRecovery }),
      ...(handlerFactory === undefined ? {} : { handlerFactory }),
    });
  }

  /** Joins at once. */
  async join(roomId: string, options: JoinOptions = {}): Promise<Room> {
    const room = this.room(roomId, options);
    await room.join();
    return room;
  }

  close(): void {
    this.connection.close();
  }
}
