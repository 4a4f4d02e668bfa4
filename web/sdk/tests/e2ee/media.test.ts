import { describe, expect, it } from "vitest";
import { encryptableCapabilities } from "../../src/e2ee/media/encryptable-codecs.js";
import { streamKind } from "../../src/e2ee/media/frame-transforms.js";
import { HeldTrack } from "../../src/e2ee/media/held-track.js";
import { amountSent, audioUnit, PlaintextWatch } from "../../src/e2ee/media/plaintext-watch.js";
import { seenEpochs } from "../../src/e2ee/session/seen-epochs.js";
import { StreamKind } from "../../src/e2ee/sframe/kid.js";
import { FramePipe } from "../../src/e2ee/worker/frame-pipe.js";
import type { EncodedFrame } from "../../src/e2ee/worker/protocol.js";
import { deferred } from "../../src/support/deferred.js";
import { settle } from "../support/manual-clock.js";

describe("the watch over what leaves", () => {
  const steady = (gap: number) =>
    Array.from({ length: 26 }, (_, look) => [look * 10 + gap, look * 10] as const);

  it.each<[string, readonly (readonly [sent: number, seen: number])[], boolean]>([
    ["all seen", steady(0), false],
    ["two frames under way", steady(2), false],
    ["three encodings, each some frames behind on a busy machine", steady(9), false],
    [
      "the worker is behind, and catches up",
      [
        [10, 2],
        [40, 12],
        [60, 41],
        [80, 60],
        [90, 70],
        [95, 94],
        [99, 80],
      ],
      false,
    ],
    [
      "nothing seen",
      [
        [10, 0],
        [20, 0],
        [30, 0],
        [40, 0],
      ],
      true,
    ],
    ["a few passed by at the beginning", steady(13), true],
    [
      "from some moment on everything passes by",
      [
        [10, 10],
        [20, 20],
        [30, 20],
        [40, 20],
        [50, 20],
        [60, 20],
      ],
      true,
    ],
    [
      "nothing sent",
      [
        [0, 0],
        [0, 50],
        [0, 50],
        [0, 50],
        [0, 50],
      ],
      false,
    ],
    [
      "the stream is paused",
      [
        [10, 10],
        [10, 10],
        [10, 10],
        [10, 10],
        [10, 10],
        [10, 10],
      ],
      false,
    ],
  ])("%s", (_, looks, leaks) => {
    const watch = new PlaintextWatch();
    expect(looks.map(([sent, seen]) => watch.observe(sent, seen)).includes(true)).toBe(leaks);
  });

  it("adds up encodings of video, and audio without what was sent again", () => {
    const video = (framesSent: number) => ({
      type: "outbound-rtp",
      kind: "video",
      framesSent,
      packetsSent: 999,
    });
    expect(amountSent([video(10), video(20), { type: "codec" }])).toBe(30);
    const audio = { type: "outbound-rtp", kind: "audio", packetsSent: 50 };
    expect(amountSent([{ ...audio, bytesSent: 5_000, retransmittedBytesSent: 300 }])).toBe(4_700);
  });

  it("takes empty packets of audio, by which a browser probes, for nothing", () => {
    const watch = new PlaintextWatch(audioUnit);
    for (let look = 1; look <= 100; look++) {
      const bytesSent = look * 1_200;
      const probed = { type: "outbound-rtp", kind: "audio", packetsSent: look * 30, bytesSent };
      expect(watch.observe(amountSent([probed]), bytesSent)).toBe(false);
    }
  });

  it("notices audio of which the worker saw nothing", () => {
    const watch = new PlaintextWatch(audioUnit);
    const looks = Array.from({ length: 8 }, (_, look) => watch.observe((look + 1) * 1_200, 0));
    expect(looks).toContain(true);
  });
});

describe("a track that is held back", () => {
  function sender() {
    const tracks: unknown[] = [];
    const end = { replaceTrack: async (track: unknown) => void tracks.push(track) };
    return { tracks, end: end as unknown as RTCRtpSender };
  }
  const track = { kind: "video" } as MediaStreamTrack;

  it("is off in the task that made its sender, and on only when the worker took the frames and it may be sent", async () => {
    const { tracks, end } = sender();
    const taken = deferred<void>();
    const held = new HeldTrack(end, track, taken.promise);
    expect(tracks).toEqual([null]);
    const released = held.release();
    await settle();
    expect(tracks).toEqual([null]);
    taken.resolve();
    await released;
    expect(tracks).toEqual([null, track]);
  });

  it("stays off when the worker does not take them", async () => {
    const { tracks, end } = sender();
    const held = new HeldTrack(end, track, Promise.reject(new Error("no worker")));
    await expect(held.release()).rejects.toThrow("no worker");
    expect(tracks).toEqual([null]);
  });
});

describe("codecs of an encrypted room", () => {
  it("are those whose frames arrive as they were encrypted, with their repair", () => {
    const codec = (mimeType: string, preferredPayloadType: number, apt?: number) => ({
      kind: mimeType.startsWith("audio") ? ("audio" as const) : ("video" as const),
      mimeType,
      preferredPayloadType,
      clockRate: 90_000,
      ...(apt === undefined ? {} : { parameters: { apt } }),
    });
    const codecs = [
      codec("audio/opus", 100),
      codec("audio/red", 101),
      codec("video/VP8", 102),
      codec("video/rtx", 103, 102),
      codec("video/H264", 104),
      codec("video/rtx", 105, 104),
      codec("video/AV1", 106),
      codec("video/rtx", 107, 106),
      codec("video/VP9", 108),
      codec("video/rtx", 109, 108),
      codec("video/flexfec-03", 110),
    ];
    const kept = encryptableCapabilities({ codecs } as Parameters<typeof encryptableCapabilities>[0]);
    expect(kept.codecs?.map(({ preferredPayloadType }) => preferredPayloadType)).toEqual([
      100, 102, 103, 108, 109,
    ]);
  });

  it("have kinds of their own", () => {
    expect(streamKind("audio", "microphone")).toBe(StreamKind.audio);
    expect(streamKind("video", "camera")).toBe(StreamKind.camera);
    expect(streamKind("video", "screen")).toBe(StreamKind.screen);
    expect(streamKind("audio", "screen")).toBe(StreamKind.screenAudio);
  });
});

describe("frames through the worker", () => {
  async function through(pipe: FramePipe, frames: EncodedFrame[]): Promise<EncodedFrame[]> {
    const out: EncodedFrame[] = [];
    let done: () => void = () => undefined;
    const ended = new Promise<void>(resolve => (done = resolve));
    const readable = new ReadableStream<EncodedFrame>({
      start(controller) {
        for (const frame of frames) controller.enqueue(frame);
        controller.close();
      },
    });
    pipe.run({
      readable,
      writable: new WritableStream({ write: frame => void out.push(frame), close: done }),
    });
    await ended;
    return out;
  }

  const frame = (length: number, mimeType?: string): EncodedFrame => ({
    data: new Uint8Array(length).buffer,
    getMetadata: () => (mimeType === undefined ? {} : { mimeType }),
  });

  it("never come out as they went in: what is refused or fails is dropped and counted", async () => {
    const answers = ["NO_KEY", "NOT_AUTHENTIC"] as const;
    let call = 0;
    const pipe = new FramePipe(async (_, bytes) => {
      call++;
      if (call <= 2) return answers[call - 1] ?? "NO_KEY";
      if (call === 3) throw new Error("broken");
      return new Uint8Array([...bytes, 1]);
    }, "opus");
    const inputs = [frame(4), frame(4), frame(4), frame(4), frame(0), frame(4, "video/AV1")];
    const out = await through(pipe, inputs);
    expect(out.map(({ data }) => data.byteLength)).toEqual([5, 0, 5]);
    expect(pipe.counts).toMatchObject({
      seen: 6,
      passed: 3,
      dropped: { NO_KEY: 1, NOT_AUTHENTIC: 1, FAULT: 1 },
    });
  });

  it("of a codec that is not taken are dropped where nobody said another", async () => {
    const pipe = new FramePipe(async (_, bytes) => bytes);
    expect(await through(pipe, [frame(4, "video/AV1"), frame(4)])).toEqual([]);
    expect(pipe.counts.dropped).toEqual({ CODEC: 2 });
  });
});

describe("epochs seen", () => {
  it("outlive the page, and a storage that refuses is none", () => {
    const kept = new Map<string, string>();
    const shelf = {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, text: string) => void kept.set(name, text),
    };
    seenEpochs(shelf).write("r", { generation: 1, epoch: 7 });
    expect(seenEpochs(shelf).read("r")).toEqual({ generation: 1, epoch: 7 });
    expect(seenEpochs(shelf).read("other")).toBeUndefined();
    kept.set("crosspoint-epoch:r", '{"generation":"x"}');
    expect(seenEpochs(shelf).read("r")).toBeUndefined();
    const refuse = () => {
      throw new Error("blocked");
    };
    const blocked = seenEpochs({ getItem: refuse, setItem: refuse });
    blocked.write("r", { generation: 1, epoch: 8 });
    expect(blocked.read("r")).toEqual({ generation: 1, epoch: 8 });
  });
});
