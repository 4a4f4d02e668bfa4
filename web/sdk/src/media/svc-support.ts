/** Asks the browser once which codecs it encodes in which scalability modes. */
import type { VideoCodec } from "./video-plan.js";

const modes = ["L1T3", "L2T3", "L2T3_KEY", "L3T3", "L3T3_KEY"] as const;
const codecs: readonly VideoCodec[] = ["VP8", "VP9", "H264", "AV1"];
const contentTypes: Readonly<Record<VideoCodec, string>> = {
  VP8: "video/VP8",
  VP9: "video/VP9",
  H264: "video/H264;packetization-mode=1",
  AV1: "video/AV1",
};

export type SvcSupport = (codec: VideoCodec, scalabilityMode: string) => boolean;

/**
 * Only Chromium's answer counts: Firefox and Safari accept a mode in the question, say yes, and send one layer.
 * @param handlerName what mediasoup-client recognised the browser as
 */
export async function svcSupport(
  handlerName: string,
  capabilities: Pick<MediaCapabilities, "encodingInfo"> | undefined = globalThis.navigator?.mediaCapabilities,
): Promise<SvcSupport> {
  if (capabilities === undefined || !handlerName.startsWith("Chrome")) return () => false;
  const supported = new Set<string>();
  await Promise.all(
    codecs.flatMap(codec =>
      modes.map(async mode => {
        if (await isSupported(capabilities, codec, mode)) supported.add(`${codec}/${mode}`);
      }),
    ),
  );
  return (codec, mode) => supported.has(`${codec}/${mode}`);
}

async function isSupported(
  capabilities: Pick<MediaCapabilities, "encodingInfo">,
  codec: VideoCodec,
  scalabilityMode: string,
): Promise<boolean> {
  const video = {
    contentType: contentTypes[codec],
    width: 1280,
    height: 720,
    bitrate: 1_500_000,
    framerate: 30,
    scalabilityMode,
  };
  try {
    return (await capabilities.encodingInfo({ type: "webrtc", video })).supported;
  } catch {
    return false;
  }
}
