/** How a video is sent: which codec, and in how many encodings or layers, so that each receiver can be given what its link carries. */
import type { types as ms } from "mediasoup-client";
import type { MediaSource } from "../protocol/messages.js";

export type VideoCodec = "VP8" | "VP9" | "H264" | "AV1";

export interface VideoOptions {
  /** Sends this codec where the room and the browser have it; otherwise the room's order decides. */
  readonly codec?: VideoCodec;
  /** At most so many encodings or spatial layers; by default as many as the picture's size is worth. */
  readonly layers?: 1 | 2 | 3;
  /** Of the whole picture in its best layers, bit/s. */
  readonly maxBitrate?: number;
  readonly maxFramerate?: number;
}

export interface VideoSubject {
  readonly source: MediaSource;
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** What room and browser share, in the room's order of preference. */
  readonly codecs: readonly ms.RtpCodecCapability[];
  /** Whether the browser encodes this codec in this mode (W3C WebRTC-SVC). */
  readonly supports: (codec: VideoCodec, scalabilityMode: string) => boolean;
}

export interface VideoPlan {
  /** Undefined when nothing is shared: the device then says so itself. */
  readonly codec: ms.RtpCodecCapability | undefined;
  readonly encodings: ms.RtpEncodingParameters[];
}

const defaultBitrate: Readonly<Record<MediaSource, number>> = {
  camera: 1_700_000,
  screen: 2_500_000,
  microphone: 0,
};
/** Each encoding has a quarter of the pixels of the next, and needs a little more than a quarter of its bits. */
const encodingShare: readonly (readonly number[])[] = [[1], [0.3, 1], [0.09, 0.3, 1]];
/** Below these libwebrtc sends fewer encodings than it is asked for. */
const pixelsForThree = 960 * 540;
const pixelsForTwo = 480 * 270;

export function planVideo(subject: VideoSubject, options: VideoOptions = {}): VideoPlan {
  const layers = Math.min(options.layers ?? 3, worthwhileLayers(subject));
  const codec = chooseCodec(subject, options, layers);
  const name = codec === undefined ? undefined : codecName(codec);
  const mode = name === undefined ? undefined : layeredMode(subject, name, layers);
  const maxBitrate = options.maxBitrate ?? defaultBitrate[subject.source];
  const framerate = options.maxFramerate === undefined ? {} : { maxFramerate: options.maxFramerate };
  if (mode !== undefined) return { codec, encodings: [{ scalabilityMode: mode, maxBitrate, ...framerate }] };
  const count = name === "VP8" || name === "H264" ? layers : 1;
  const temporal = name !== undefined && subject.supports(name, "L1T3") ? { scalabilityMode: "L1T3" } : {};
  const shares = encodingShare[count - 1] ?? [1];
  return {
    codec,
    encodings: shares.map((share, index) => ({
      scaleResolutionDownBy: 2 ** (count - 1 - index),
      maxBitrate: Math.round(maxBitrate * share),
      ...temporal,
      ...framerate,
    })),
  };
}

export function codecName(codec: ms.RtpCodecCapability): VideoCodec | undefined {
  const name = codec.mimeType.slice("video/".length).toUpperCase();
  return name === "VP8" || name === "VP9" || name === "H264" || name === "AV1" ? name : undefined;
}

/** A screen is text: half its size is the least that can be read. */
function worthwhileLayers({ source, width, height }: VideoSubject): number {
  if (source === "screen") return 2;
  if (width === undefined || height === undefined) return 3;
  const pixels = width * height;
  if (pixels >= pixelsForThree) return 3;
  return pixels >= pixelsForTwo ? 2 : 1;
}

/** The wanted one; else the first that can be sent in layers; else the first. */
function chooseCodec(
  subject: VideoSubject,
  options: VideoOptions,
  layers: number,
): ms.RtpCodecCapability | undefined {
  const wanted = subject.codecs.find(codec => codecName(codec) === options.codec);
  if (options.codec !== undefined && wanted !== undefined) return wanted;
  const named = subject.codecs.filter(codec => codecName(codec) !== undefined);
  const layered = named.find(codec => {
    const name = codecName(codec);
    return name === "VP8" || name === "H264" || (name && layeredMode(subject, name, layers) !== undefined);
  });
  return layered ?? named[0];
}

/** The mode in which one stream carries all layers; undefined where several encodings do, or nothing does. */
function layeredMode(subject: VideoSubject, codec: VideoCodec, layers: number): string | undefined {
  if (codec !== "VP9" && codec !== "AV1") return undefined;
  // Inter-layer prediction at key frames only: a layer may be left or entered without the others.
  const modes =
    layers === 1 || subject.source === "screen" ? ["L1T3"] : [`L${layers}T3_KEY`, `L${layers}T3`, "L1T3"];
  return modes.find(mode => subject.supports(codec, mode));
}
