import { describe, expect, it, vi } from "vitest";
import { svcSupport } from "../../src/media/svc-support.js";
import {
  planVideo,
  type VideoCodec,
  type VideoOptions,
  type VideoSubject,
} from "../../src/media/video-plan.js";
import type { MediaSource } from "../../src/protocol/messages.js";

const codec = (name: string) => ({
  kind: "video" as const,
  mimeType: `video/${name}`,
  clockRate: 90_000,
  preferredPayloadType: 101,
});
const chromium = (name: VideoCodec, mode: string) =>
  name === "VP9" || name === "AV1" || (mode.startsWith("L1") && name === "VP8");
const nothing = () => false;

function subject(
  codecs: readonly string[],
  supports: VideoSubject["supports"] = chromium,
  size: readonly [number | undefined, number | undefined] = [1280, 720],
  source: MediaSource = "camera",
): VideoSubject {
  return { source, width: size[0], height: size[1], codecs: codecs.map(codec), supports };
}

function told(of: VideoSubject, options?: VideoOptions): string {
  const { codec: chosen, encodings } = planVideo(of, options);
  const layers = encodings.map(e => e.scalabilityMode ?? `1/${e.scaleResolutionDownBy}`);
  return `${chosen?.mimeType.slice(6)} ${layers.join(" ")}`;
}

describe("how a video is sent", () => {
  it.each([
    ["the room's first codec, in three encodings", ["VP8", "VP9"], chromium, "VP8 L1T3 L1T3 L1T3"],
    ["VP9 first: layers of one stream", ["VP9", "VP8"], chromium, "VP9 L3T3_KEY"],
    ["AV1 first: layers of one stream", ["rtx", "AV1", "VP8"], chromium, "AV1 L3T3_KEY"],
    ["VP9 first in a browser without SVC: VP8", ["VP9", "VP8"], nothing, "VP8 1/4 1/2 1/1"],
    ["VP9 alone in a browser without SVC: whole", ["VP9"], nothing, "VP9 1/1"],
    ["H264 without temporal layers", ["H264", "VP8"], chromium, "H264 1/4 1/2 1/1"],
    ["nothing shared", ["rtx"], chromium, "undefined 1/1"],
  ] as const)("%s", (_, codecs, supports, expected) => {
    expect(told(subject(codecs, supports))).toBe(expected);
  });

  it.each([
    [1280, 720, 3],
    [960, 540, 3],
    [640, 480, 2],
    [640, 360, 2],
    [480, 270, 2],
    [320, 240, 1],
    [undefined, undefined, 3],
  ])("%s×%s is worth %s encodings", (width, height, count) => {
    expect(planVideo(subject(["VP8"], nothing, [width, height])).encodings).toHaveLength(count);
    const mode = count === 1 ? "L1T3" : `L${count}T3_KEY`;
    expect(told(subject(["VP9"], chromium, [width, height]))).toBe(`VP9 ${mode}`);
  });

  it("keeps to what it is told", () => {
    expect(told(subject(["VP8", "VP9"]), { codec: "VP9", layers: 2 })).toBe("VP9 L2T3_KEY");
    expect(told(subject(["VP8"]), { codec: "AV1" })).toBe("VP8 L1T3 L1T3 L1T3");
    const { encodings } = planVideo(subject(["VP8"]), { maxBitrate: 1_000_000, maxFramerate: 15 });
    expect(encodings.map(e => [e.maxBitrate, e.maxFramerate])).toEqual([
      [90_000, 15],
      [300_000, 15],
      [1_000_000, 15],
    ]);
  });

  it("a screen comes whole and at half its size", () => {
    expect(told(subject(["VP8"], nothing, [1920, 1080], "screen"))).toBe("VP8 1/2 1/1");
    expect(told(subject(["VP9"], chromium, [1920, 1080], "screen"))).toBe("VP9 L1T3");
  });

  it("a mode without _KEY is taken where there is no other", () => {
    expect(told(subject(["VP9"], (_, mode) => mode === "L3T3"))).toBe("VP9 L3T3");
    expect(told(subject(["VP9"], (_, mode) => mode === "L1T3"))).toBe("VP9 L1T3");
  });
});

describe("what the browser encodes", () => {
  const encodingInfo = vi.fn(async (question: MediaEncodingConfiguration) => {
    const video = question.video as VideoConfiguration & { scalabilityMode: string };
    if (video.contentType === "video/AV1") throw new TypeError("never heard of it");
    const supported = video.contentType === "video/VP9" || video.scalabilityMode === "L1T3";
    return { supported, smooth: true, powerEfficient: true } as MediaCapabilitiesEncodingInfo;
  });

  it("is asked of Chromium", async () => {
    const supports = await svcSupport("Chrome111", { encodingInfo });
    expect(supports("VP9", "L3T3_KEY")).toBe(true);
    expect(supports("VP8", "L1T3")).toBe(true);
    expect(supports("VP8", "L3T3_KEY")).toBe(false);
    expect(supports("AV1", "L1T3")).toBe(false);
  });

  it("is not believed of others, which say yes and send one layer", async () => {
    const supports = await svcSupport("Firefox120", { encodingInfo });
    expect(supports("VP9", "L3T3_KEY")).toBe(false);
  });

  it("is nothing where nobody can be asked", async () => {
    expect((await svcSupport("Chrome111", undefined))("VP9", "L1T3")).toBe(false);
  });
});
