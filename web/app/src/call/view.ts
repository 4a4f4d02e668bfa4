import type {
  ConsumerStarvedReason,
  MediaSource,
  QualityLevel,
  RoomStats,
  VideoChoice,
  VideoLimits,
} from "@crosspoint/sdk";
import { type EncryptionView, noEncryption } from "./encryption.js";
import type { Problem } from "./problems.js";

export type Phase = "lobby" | "joining" | "call" | "ended" | "problem";

/** How a video of somebody else arrives. */
export interface VideoView {
  readonly choice: VideoChoice;
  /** Why the server sends no picture; undefined while it does. */
  readonly heldBack: ConsumerStarvedReason | undefined;
  /** This page does not want it: switched off, or not to be seen. */
  readonly paused: boolean;
  /** Pixels of the picture that arrives. */
  readonly height: number | undefined;
  readonly framesPerSecond: number | undefined;
  /** Which of how many layers, from 0. */
  readonly layer: number | undefined;
  readonly layers: number;
}

export interface ParticipantView {
  readonly deviceId: string;
  readonly name: string;
  readonly isSelf: boolean;
  readonly camera: MediaStreamTrack | undefined;
  readonly screen: MediaStreamTrack | undefined;
  readonly audio: MediaStreamTrack | undefined;
  readonly audioProducerId: string | undefined;
  readonly cameraProducerId: string | undefined;
  readonly screenProducerId: string | undefined;
  readonly cameraVideo: VideoView | undefined;
  readonly screenVideo: VideoView | undefined;
  readonly microphoneMuted: boolean;
  readonly cameraOff: boolean;
  readonly speaking: boolean;
  /** Who the room looks at, also while nobody speaks. */
  readonly dominant: boolean;
  /** Their connection broke and may come back. */
  readonly away: boolean;
  readonly quality: QualityLevel;
}

export type Banner =
  | { readonly kind: "reconnecting"; readonly attempt: number; readonly maxAttempts: number }
  | { readonly kind: "media-recovering" }
  | { readonly kind: "audio-blocked" }
  | undefined;

export interface CallView {
  readonly phase: Phase;
  readonly roomId: string | undefined;
  readonly roomLink: string | undefined;
  readonly problem: Problem | undefined;
  readonly participants: readonly ParticipantView[];
  readonly sharing: boolean;
  readonly banner: Banner;
  readonly stats: RoomStats | undefined;
  readonly epoch: number;
  readonly encryption: EncryptionView;
  readonly videoChoice: VideoChoice;
  readonly videoLimits: VideoLimits;
  /** What the link to here carries, bit/s. */
  readonly availableBitrate: number | undefined;
  readonly toast: { readonly id: number; readonly text: string } | undefined;
  /** Read out by screen readers; the number makes a repeated text count as new. */
  readonly announcement: { readonly id: number; readonly text: string };
  readonly startedAt: number | undefined;
}

export const emptyCall: CallView = {
  encryption: noEncryption,
  phase: "lobby",
  roomId: undefined,
  roomLink: undefined,
  problem: undefined,
  participants: [],
  sharing: false,
  banner: undefined,
  stats: undefined,
  epoch: -1,
  videoChoice: "auto",
  videoLimits: {},
  availableBitrate: undefined,
  toast: undefined,
  announcement: { id: 0, text: "" },
  startedAt: undefined,
};

export const sourceLabels: Readonly<Record<MediaSource, string>> = {
  camera: "camera",
  microphone: "microphone",
  screen: "screen",
};
