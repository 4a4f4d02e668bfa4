/** What frames are encrypted of. H.264 needs its NAL units kept apart and AV1 is rewritten on the way: neither is taken. */
export type FrameCodec = "opus" | "vp8" | "vp9";

const vp8KeyFrameHeader = 10;
const vp8InterFrameHeader = 1;

/** How many bytes at the head of a frame stay readable, so that a server finds key frames. Both ends work it out from the frame itself. */
export function clearBytes(codec: FrameCodec, frame: Uint8Array): number {
  if (codec !== "vp8") return 0; // Opus shows nothing, VP9 says it in the payload descriptor
  // RFC 6386 §9.1: the lowest bit of a VP8 frame is 0 in key frames, whose header has ten bytes.
  const isKeyFrame = ((frame[0] ?? 1) & 1) === 0;
  return Math.min(frame.length, isKeyFrame ? vp8KeyFrameHeader : vp8InterFrameHeader);
}

/** From "video/VP8" and the like; undefined for what is not encrypted and therefore not sent. */
export function frameCodec(mimeType: string | undefined): FrameCodec | undefined {
  switch (mimeType?.toLowerCase()) {
    case "audio/opus":
      return "opus";
    case "video/vp8":
      return "vp8";
    case "video/vp9":
      return "vp9";
    default:
      return undefined;
  }
}
