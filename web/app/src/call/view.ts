import type { MediaSource, QualityLevel, RoomStats } from "@crosspoint/sdk";
import type { Problem } from "./problems.js";

export type Phase = "lobby" | "joining" | "call" | "ended" | "problem";

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
  readonly microphoneMuted: boolean;
  readonly cameraOff: boolean;
  readonly speaking: boolean;
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
  readonly toast: { readonly id: number; readonly text: string } | undefined;
  /** Read out by screen readers; the number makes a repeated text count as new. */
  readonly announcement: { readonly id: number; readonly text: string };
  readonly startedAt: number | undefined;
}

export const emptyCall: CallView = {
  phase: "lobby",
  roomId: undefined,
  roomLink: undefined,
  problem: undefined,
  participants: [],
  sharing: false,
  banner: undefined,
  stats: undefined,
  epoch: -1,
  toast: undefined,
  announcement: { id: 0, text: "" },
  startedAt: undefined,
};

export const sourceLabels: Readonly<Record<MediaSource, string>> = {
  camera: "camera",
  microphone: "microphone",
  screen: "screen",
};
