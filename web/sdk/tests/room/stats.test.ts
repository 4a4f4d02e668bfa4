import { describe, expect, it } from "vitest";
import { readStream, type StreamSubject } from "../../src/media/stats.js";

const subject = (direction: "send" | "recv"): StreamSubject => ({
  direction,
  producerId: "p",
  peerDeviceId: "d",
  kind: "video",
  source: "camera",
  paused: false,
});
const report = (...entries: object[]) =>
  new Map(entries.map((entry, id) => [String(id), entry])) as unknown as RTCStatsReport;
const sent = (rid: string, frameHeight: number | undefined, bytesSent: number, active = true) => ({
  type: "outbound-rtp",
  kind: "video",
  rid,
  active,
  frameHeight,
  bytesSent,
  packetsSent: bytesSent / 1000,
  framesEncoded: 30,
  qualityLimitationReason: "none",
});

describe("what the browser reports of a video", () => {
  it("several encodings are one stream: everything that flows, and the largest picture", () => {
    const baseline = { at: 0, bytes: 0, packets: 0, lost: 0 };
    const read = readStream(
      report(
        sent("r1", 360, 40_000),
        sent("r0", 180, 10_000),
        sent("r2", undefined, 0, false),
        { type: "remote-inbound-rtp", packetsLost: 3, fractionLost: 0 },
        { type: "remote-inbound-rtp", packetsLost: 1, fractionLost: 0.5, roundTripTime: 0.08 },
      ),
      subject("send"),
      baseline,
      1_000,
      undefined,
    );
    expect(read?.stats).toMatchObject({
      bitrateBps: 400_000,
      packets: 50,
      packetsLostTotal: 4,
      rttMs: 80,
      frameHeight: 360,
      limitedBy: "none",
    });
    expect(read?.stats.encodings.map(e => [e.rid, e.active, e.frameHeight])).toEqual([
      ["r0", true, 180],
      ["r1", true, 360],
      ["r2", false, undefined],
    ]);
  });

  it("freezes are told with how long they were", () => {
    const inbound = { type: "inbound-rtp", kind: "video", freezeCount: 2, totalFreezesDuration: 0.75 };
    const read = readStream(report(inbound), subject("recv"), undefined, 0, undefined);
    expect(read?.stats).toMatchObject({ freezeCount: 2, freezesMsTotal: 750, encodings: [] });
  });

  it("a report without the stream is none", () => {
    expect(readStream(report(), subject("recv"), undefined, 0, undefined)).toBeUndefined();
  });
});
