/** The generated payloads under the names the SDK speaks, and the shapes it reduces them to. */
import type {
  ClientPayloads,
  MediaKind,
  MediaSource,
  PeerState,
  ProducerAddedPayload,
  ProducerSummary,
  ServerPayloads,
} from "./generated.js";

export type {
  ClientMessageType,
  MediaKind,
  MediaSource,
  RoomSnapshotPayload as RoomSnapshot,
  ServerMessageType,
  TransportDirection,
} from "./generated.js";

export type ClientMessages = ClientPayloads;
export type ServerMessages = ServerPayloads;

/** What is done with messages of the server, by type. */
export type MessageHandlers = {
  readonly [Type in keyof ServerPayloads]?: (payload: ServerPayloads[Type]) => void;
};

/** A member of the room. */
export interface PeerInfo {
  readonly userId: string;
  readonly deviceId: string;
  /** What the person wants to be called, where the server passes it on. */
  readonly displayName?: string | undefined;
  /** "rejoining" while its connection is broken and may come back. */
  readonly state?: PeerState;
}

/** A track that somebody sends. */
export interface ProducerInfo {
  readonly producerId: string;
  readonly peerDeviceId: string;
  readonly kind: MediaKind;
  readonly source: MediaSource;
  readonly paused: boolean;
}

/** Old servers do not say where a track comes from. */
const likelySource = (kind: MediaKind): MediaSource => (kind === "audio" ? "microphone" : "camera");

export function fromSummary(summary: ProducerSummary): ProducerInfo {
  const { producerId, peerDeviceId, kind, source, paused } = summary;
  return { producerId, peerDeviceId, kind, source: source ?? likelySource(kind), paused: paused ?? false };
}

export function fromAdded(added: ProducerAddedPayload): ProducerInfo {
  const { producerId, peerDeviceId, kind, producer } = added;
  const source = producer?.source ?? likelySource(kind);
  return { producerId, peerDeviceId, kind, source, paused: producer?.paused ?? false };
}
