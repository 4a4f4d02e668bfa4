import type { EncryptionStatus } from "../e2ee/session/room-encryption.js";
import type { CallError } from "../errors.js";
import type { IceRecoveryState } from "../media/ice-recovery.js";
import type { Quality } from "../media/quality.js";
import type { StreamStats, TransportStats } from "../media/stats.js";
import type { ConsumerStarvedReason, VideoLayers } from "../protocol/generated.js";
import type { MediaKind, MediaSource, PeerInfo, TransportDirection } from "../protocol/messages.js";
import type { LocalPublication } from "./publication.js";
import type { SloSample } from "./slo.js";
import type { VideoChoice } from "./video-wishes.js";

/**
 * joining → joined ⇄ recovering (signalling or media is being rebuilt) → failed (says why) ; left when it was asked to.
 */
export type RoomState = "joining" | "joined" | "recovering" | "failed" | "left";

export interface RemoteTrack {
  readonly producerId: string;
  readonly consumerId: string;
  readonly peerDeviceId: string;
  readonly kind: MediaKind;
  readonly source: MediaSource;
  readonly track: MediaStreamTrack;
  /** The sender muted it. */
  readonly muted: boolean;
  /** How it arrives; undefined for sound. */
  readonly video: VideoReception | undefined;
  /** How well it reaches this device from the server, 0 to 10; undefined before that is known. */
  readonly score: number | undefined;
}

/** What is received of a video, and why not more. Layers count from 0, the smallest. */
export interface VideoReception {
  /** Encodings or spatial layers the sender announced. */
  readonly spatialLayers: number;
  readonly temporalLayers: number | undefined;
  /** What the server sends now; undefined while it sends nothing, and before it said so. */
  readonly current: VideoLayers | undefined;
  /** What it will send as soon as the video can be entered there. */
  readonly target: VideoLayers | undefined;
  /** Why the server sends nothing; undefined while it does. */
  readonly heldBack: ConsumerStarvedReason | undefined;
  /** This device does not want it: switched off, or not to be seen. */
  readonly paused: boolean;
  /** What the person decided. */
  readonly choice: VideoChoice;
}

export interface ActiveSpeaker {
  readonly producerId: string;
  readonly deviceId: string;
  /** Audio level in dBov, 0 (loudest) to -127. */
  readonly levelDbov: number;
}

export interface RoomStats {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly transports: readonly TransportStats[];
  readonly sent: readonly StreamStats[];
  readonly received: readonly StreamStats[];
  /** How each peer arrives here, by device id; our own sending under our own. */
  readonly quality: ReadonlyMap<string, Quality>;
  readonly setupMs: number | undefined;
}

export interface RoomEvents {
  state: { readonly state: RoomState; readonly previous: RoomState | undefined };
  peerJoined: { readonly peer: PeerInfo };
  /** A peer's connection broke, or it is back. */
  peerChanged: { readonly peer: PeerInfo };
  peerLeft: { readonly peer: PeerInfo; readonly reason: string | undefined };
  trackAdded: { readonly track: RemoteTrack };
  trackChanged: { readonly track: RemoteTrack };
  trackRemoved: { readonly track: RemoteTrack };
  publicationChanged: { readonly publication: LocalPublication };
  /** The device behind a publication went away (unplugged, or sharing was stopped in the browser's own bar). */
  publicationEnded: { readonly publication: LocalPublication };
  activeSpeakers: { readonly speakers: readonly ActiveSpeaker[] };
  /** Who the room looks at: whoever speaks for longer than a word, until somebody else does, through all silence. */
  dominantSpeaker: { readonly deviceId: string; readonly producerId: string };
  transport: {
    readonly direction: TransportDirection;
    readonly state: IceRecoveryState;
    readonly attempt: number;
  };
  /** What the link to this device is found to carry, bit/s; at most once a second. */
  bandwidth: { readonly availableBitrate: number };
  epoch: { readonly epoch: number };
  /** Whether the call is encrypted, and who holds its keys. */
  encryption: EncryptionStatus;
  stats: RoomStats;
  slo: SloSample;
  /** Something did not work; the call goes on. */
  problem: { readonly error: CallError };
  /** Terminal, until {@link Room.recover} or a new join. */
  failed: { readonly error: CallError };
}
