import { describe, expect, it } from "vitest";
import { type Bytes, concat } from "../../src/e2ee/bytes.js";
import { clearBytes, type FrameCodec, frameCodec } from "../../src/e2ee/sframe/clear-bytes.js";
import { CounterCipher } from "../../src/e2ee/sframe/counter-cipher.js";
import { EpochKeys, roomSuite } from "../../src/e2ee/sframe/epoch-keys.js";
import { FrameReceiver } from "../../src/e2ee/sframe/frame-receiver.js";
import { FrameSender } from "../../src/e2ee/sframe/frame-sender.js";
import { decodeHeader, encodeHeader } from "../../src/e2ee/sframe/header.js";
import { deriveKey, importBaseKey, open, seal } from "../../src/e2ee/sframe/key.js";
import { KeyStore } from "../../src/e2ee/sframe/key-store.js";
import { packKid, StreamKind, unpackKid } from "../../src/e2ee/sframe/kid.js";
import { ReplayWindow, replayWindowSize } from "../../src/e2ee/sframe/replay-window.js";
import { type SframeSuite, sframeSuites } from "../../src/e2ee/sframe/suite.js";
import { ManualClock } from "../support/manual-clock.js";
import { fromHex, seeded, toHex } from "./bytes.js";
import { counterVectors, frameVectors, headerVectors } from "./vectors/rfc9605.js";

describe("SFrame header (RFC 9605 §4.3)", () => {
  it("agrees with all 289 vectors both ways", () => {
    expect(headerVectors).toHaveLength(289);
    for (const [kid, ctr, encoded] of headerVectors) {
      expect(toHex(encodeHeader({ kid: BigInt(kid), ctr: BigInt(ctr) }))).toBe(encoded);
      const length = encoded.length / 2;
      expect(decodeHeader(fromHex(encoded))).toEqual({ kid: BigInt(kid), ctr: BigInt(ctr), length });
    }
  });

  it.each([
    ["8007", "a KID that fits into the config byte"],
    ["0800", "a CTR that fits into the config byte"],
    ["900012", "a KID with a leading zero"],
    ["090012", "a CTR with a leading zero"],
  ])("refuses %s: %s", encoded => {
    expect(decodeHeader(fromHex(encoded))).toBe("NOT_MINIMAL");
  });

  it("says when it ends early, at every length", () => {
    const whole = encodeHeader({ kid: 0x1234567n, ctr: 0x89ab_cdefn });
    for (let length = 0; length < whole.length; length++)
      expect(decodeHeader(whole.subarray(0, length))).toBe("TRUNCATED");
  });

  it("reads any bytes or refuses them, and what it reads it writes back the same", () => {
    const seed = 9605;
    const random = seeded(seed);
    for (let round = 0; round < 20_000; round++) {
      const bytes = Uint8Array.from({ length: Math.floor(random() * 20) }, () => Math.floor(random() * 256));
      const header = decodeHeader(bytes);
      if (typeof header === "string") continue;
      expect(toHex(encodeHeader(header)), `seed ${seed}, round ${round}`).toBe(
        toHex(bytes.subarray(0, header.length)),
      );
    }
  });
});

describe("SFrame keys and frames (RFC 9605 §4.4)", () => {
  it.each(frameVectors)("agrees with the vector of suite $suite", async vector => {
    const key = await deriveKey(
      suiteOf(vector.suite),
      await importBaseKey(fromHex(vector.baseKey)),
      vector.kid,
    );
    expect(toHex(key.salt)).toBe(vector.salt);
    const header = encodeHeader(vector);
    const aad = concat(header, fromHex(vector.metadata));
    const sealed = await seal(key, vector.ctr, aad, fromHex(vector.plain));
    expect(toHex(concat(header, sealed))).toBe(vector.sealed);
    const opened = await open(key, vector.ctr, aad, sealed);
    expect(toHex(opened ?? new Uint8Array())).toBe(vector.plain);
  });

  it.each(counterVectors)("agrees with the vector of AES-CTR with HMAC, suite $suite", async vector => {
    const { encryptionKeyLength, tagLength } = suiteOf(vector.suite);
    const cipher = await CounterCipher.from(fromHex(vector.key), encryptionKeyLength, tagLength);
    const [nonce, aad] = [fromHex(vector.nonce), fromHex(vector.aad)];
    expect(toHex(await cipher.seal(nonce, aad, fromHex(vector.plain)))).toBe(vector.sealed);
    expect(toHex((await cipher.open(nonce, aad, fromHex(vector.sealed))) ?? new Uint8Array())).toBe(
      vector.plain,
    );
  });

  it.each(sframeSuites)("opens nothing that was changed in any byte or cut, suite $id", async suite => {
    const key = await deriveKey(suite, await importBaseKey(new Uint8Array(16).fill(7)), 5n);
    const aad = Uint8Array.from([1, 2, 3]);
    const plain = Uint8Array.from({ length: 40 }, (_, index) => index);
    const sealed = await seal(key, 9n, aad, plain);
    expect(sealed).toHaveLength(plain.length + suite.tagLength);
    for (let at = 0; at < sealed.length; at++) {
      const bent = sealed.slice();
      bent[at] = (bent[at] ?? 0) ^ 1;
      expect(await open(key, 9n, aad, bent), `byte ${at}`).toBeUndefined();
      expect(await open(key, 9n, aad, sealed.subarray(0, at)), `${at} bytes`).toBeUndefined();
    }
    expect(await open(key, 9n, aad.subarray(1), sealed)).toBeUndefined();
    expect(await open(key, 10n, aad, sealed)).toBeUndefined();
    expect(await open(key, 9n, aad, sealed)).toEqual(plain);
  });

  it("of an empty frame is a tag alone, in every suite", async () => {
    for (const suite of sframeSuites) {
      const key = await deriveKey(suite, await importBaseKey(new Uint8Array(16)), 0n);
      const sealed = await seal(key, 0n, new Uint8Array(), new Uint8Array());
      expect(sealed).toHaveLength(suite.tagLength);
      expect(await open(key, 0n, new Uint8Array(), sealed)).toEqual(new Uint8Array());
    }
  });

  it("is suite 4 in rooms, as E2EE_CAPS says", () => {
    expect(roomSuite.id).toBe(4);
  });
});

function suiteOf(id: number): SframeSuite {
  const suite = sframeSuites.find(known => known.id === id);
  if (suite === undefined) throw new Error(`No suite ${id}`);
  return suite;
}

describe("KID", () => {
  it("carries instance, kind, leaf and epoch", () => {
    const parts = { instance: 12_345, kind: StreamKind.screen, leaf: 1_023, epoch: 0x1ab };
    expect(unpackKid(packKid(parts))).toEqual({ ...parts, epoch: 0xab });
    expect(packKid({ instance: 0, kind: StreamKind.camera, leaf: 3, epoch: 7 })).toBe((1n << 18n) | 0x307n);
  });

  it("refuses what does not fit", () => {
    expect(() => packKid({ instance: 0, kind: 0, leaf: 1_024, epoch: 0 })).toThrow(RangeError);
    expect(unpackKid(2n ** 64n - 1n)).toBeUndefined();
  });
});

describe("ReplayWindow", () => {
  it("takes every counter once, in any order within the window", () => {
    const window = new ReplayWindow();
    for (const ctr of [5, 3, 4, 0, 5_000, 4_999]) expect(window.accept(ctr)).toBe(true);
    for (const ctr of [5_000, 4_999, 3, 5_000 - replayWindowSize]) expect(window.admits(ctr)).toBe(false);
    expect(window.admits(5_000 - replayWindowSize + 1)).toBe(true);
  });

  it("agrees with a set over random counters", () => {
    const seed = 2_048;
    const random = seeded(seed);
    const window = new ReplayWindow();
    const seen = new Set<number>();
    let newest = -1;
    for (let round = 0; round < 50_000; round++) {
      const jump = random() < 0.001 ? 5_000 : 40;
      const ctr = Math.max(0, newest + Math.floor(random() * jump) - (random() < 0.5 ? 2_500 : 20));
      const expected = ctr > newest - replayWindowSize && !seen.has(ctr);
      expect(window.accept(ctr), `seed ${seed}, round ${round}, counter ${ctr}`).toBe(expected);
      seen.add(ctr);
      newest = Math.max(newest, ctr);
    }
  });
});

describe("clear bytes", () => {
  it.each<[FrameCodec, number[], number]>([
    ["opus", [0x78, 1, 2], 0],
    ["vp9", [0x82, 1, 2], 0],
    ["vp8", [0x11, 1, 2], 1],
    ["vp8", [0x10, ...Array(20).fill(1)], 10],
    ["vp8", [0x10, 1, 2], 3],
    ["vp8", [], 0],
  ])("%s %j leaves %i", (codec, frame, clear) => {
    expect(clearBytes(codec, Uint8Array.from(frame))).toBe(clear);
  });

  it("takes only what it can encrypt", () => {
    expect(["audio/opus", "video/VP8", "video/VP9"].map(frameCodec)).toEqual(["opus", "vp8", "vp9"]);
    expect(["audio/red", "video/AV1", "video/H264", undefined].map(frameCodec)).toEqual(
      Array(4).fill(undefined),
    );
  });
});

const alice = '["alice","a"]';
const bob = '["bob","b"]';
const owners = new Map([
  [0, alice],
  [1, bob],
]);

async function epoch(roomEpoch: number, ownLeaf: number, roomSecret?: Bytes): Promise<EpochKeys> {
  const facts = { roomEpoch, mlsEpoch: roomEpoch, ownLeaf, owners };
  return await EpochKeys.from(facts, new Uint8Array(16).fill(roomEpoch + 1), roomSecret);
}

async function pair(clock = new ManualClock()) {
  const sending = new KeyStore(clock);
  const receiving = new KeyStore(clock);
  sending.install(await epoch(1, 0));
  receiving.install(await epoch(1, 1));
  sending.switchTo(1, 0);
  const sender = new FrameSender(sending, 0, StreamKind.camera);
  const receiver = new FrameReceiver(receiving, { member: alice, kind: StreamKind.camera });
  return { clock, sending, receiving, sender, receiver };
}

async function sealed(sender: FrameSender, codec: FrameCodec, frame: Bytes): Promise<Bytes> {
  const result = await sender.protect(codec, frame);
  if (typeof result === "string") throw new Error(result);
  return result;
}

const keyFrame = Uint8Array.from({ length: 64 }, (_, index) => index * 2);
const interFrame = Uint8Array.from({ length: 64 }, (_, index) => index * 2 + 1);

describe("frames between two members", () => {
  it("come through whole, with their head readable and the rest not", async () => {
    const { sender, receiver } = await pair();
    for (const [codec, frame, clear] of [
      ["vp8", keyFrame, 10],
      ["vp8", interFrame, 1],
      ["vp9", interFrame, 0],
      ["opus", interFrame.subarray(0, 3), 0],
    ] as const) {
      const wire = await sealed(sender, codec, frame);
      expect(wire.subarray(0, clear)).toEqual(frame.subarray(0, clear));
      expect(toHex(wire)).not.toContain(toHex(frame.subarray(clear)));
      expect(await receiver.unprotect(codec, wire)).toEqual(frame);
    }
  });

  it("are dropped when changed in any byte, the readable ones included", async () => {
    const { sender, receiver } = await pair();
    const wire = await sealed(sender, "vp8", interFrame);
    for (let at = 0; at < wire.length; at++) {
      const bent = wire.slice();
      bent[at] = (bent[at] ?? 0) ^ 0x02;
      expect(typeof (await receiver.unprotect("vp8", bent)), `byte ${at}`).toBe("string");
    }
    expect(await receiver.unprotect("vp8", wire)).toEqual(interFrame);
  });

  it("are dropped when cut short at any length, and when they are not encrypted", async () => {
    const { sender, receiver } = await pair();
    const wire = await sealed(sender, "vp8", keyFrame);
    for (let length = 0; length < wire.length; length++)
      expect(typeof (await receiver.unprotect("vp8", wire.subarray(0, length)))).toBe("string");
    expect(typeof (await receiver.unprotect("vp8", keyFrame))).toBe("string");
  });

  it("are taken once, even when both copies are under way together", async () => {
    const { sender, receiver } = await pair();
    const wire = await sealed(sender, "opus", interFrame);
    const both = await Promise.all([receiver.unprotect("opus", wire), receiver.unprotect("opus", wire)]);
    expect(both.filter(result => result === "REPLAYED")).toHaveLength(1);
    expect(await receiver.unprotect("opus", wire)).toBe("REPLAYED");
  });

  it("are dropped when they are another member's or of another kind", async () => {
    const { sender, receiving } = await pair();
    const wire = await sealed(sender, "opus", interFrame);
    const asBob = new FrameReceiver(receiving, { member: bob, kind: StreamKind.camera });
    const asScreen = new FrameReceiver(receiving, { member: alice, kind: StreamKind.screen });
    expect(await asBob.unprotect("opus", wire)).toBe("WRONG_SENDER");
    expect(await asScreen.unprotect("opus", wire)).toBe("WRONG_KIND");
  });

  it("never leave without a key, nor while muted", async () => {
    const { sender, sending } = await pair();
    expect(await new FrameSender(new KeyStore(new ManualClock()), 0, 0).protect("opus", interFrame)).toBe(
      "NO_KEY",
    );
    sending.mute();
    expect(await sender.protect("opus", interFrame)).toBe("NO_KEY");
    sending.unmute();
    expect(typeof (await sender.protect("opus", interFrame))).toBe("object");
  });
});

describe("epochs of keys", () => {
  it("can be read before they are sent with, and for the overlap after they were", async () => {
    const { clock, sending, receiving, sender, receiver } = await pair();
    const old = await sealed(sender, "opus", interFrame);
    const older = await sealed(sender, "opus", interFrame);
    sending.install(await epoch(2, 0));
    receiving.install(await epoch(2, 1));
    expect(sending.sending?.roomEpoch).toBe(1);
    sending.switchTo(2, 10_000);
    receiving.switchTo(2, 10_000);
    expect(await receiver.unprotect("opus", await sealed(sender, "opus", interFrame))).toEqual(interFrame);
    await clock.advance(9_999);
    expect(await receiver.unprotect("opus", old)).toEqual(interFrame);
    await clock.advance(1);
    expect(await receiver.unprotect("opus", older)).toBe("UNKNOWN_EPOCH");
  });

  it("never go back", async () => {
    const { sending } = await pair();
    sending.install(await epoch(2, 0));
    expect(sending.switchTo(2, 0)).toBe(true);
    expect(sending.switchTo(1, 0)).toBe(false);
    expect(() => sending.install(new Proxy({} as EpochKeys, { get: () => 2 }))).toThrow(RangeError);
  });

  it("of a new group replace those that share the epoch byte", async () => {
    const store = new KeyStore(new ManualClock());
    const facts = { ownLeaf: 0, owners };
    store.install(await EpochKeys.from({ ...facts, roomEpoch: 3, mlsEpoch: 1 }, new Uint8Array(16)));
    store.install(await EpochKeys.from({ ...facts, roomEpoch: 9, mlsEpoch: 1 }, new Uint8Array(16)));
    expect(store.find(1)?.roomEpoch).toBe(9);
  });

  it("are useless without the room's secret where there is one", async () => {
    const clock = new ManualClock();
    const secret = new Uint8Array(32).fill(7);
    const [sending, knowing, unknowing] = [new KeyStore(clock), new KeyStore(clock), new KeyStore(clock)];
    sending.install(await epoch(1, 0, secret));
    knowing.install(await epoch(1, 1, secret));
    unknowing.install(await epoch(1, 1));
    sending.switchTo(1, 0);
    const wire = await sealed(new FrameSender(sending, 0, StreamKind.camera), "opus", interFrame);
    const expected = { member: alice, kind: StreamKind.camera };
    expect(await new FrameReceiver(knowing, expected).unprotect("opus", wire)).toEqual(interFrame);
    expect(await new FrameReceiver(unknowing, expected).unprotect("opus", wire)).toBe("NOT_AUTHENTIC");
  });

  it("use a key of their own for every stream", async () => {
    const { sending, receiving } = await pair();
    const first = await sealed(new FrameSender(sending, 1, StreamKind.camera), "opus", interFrame);
    const second = await sealed(new FrameSender(sending, 2, StreamKind.camera), "opus", interFrame);
    expect(toHex(first.subarray(-32))).not.toBe(toHex(second.subarray(-32)));
    const receiver = new FrameReceiver(receiving, { member: alice, kind: StreamKind.camera });
    expect(await receiver.unprotect("opus", first)).toEqual(interFrame);
    expect(await receiver.unprotect("opus", second)).toEqual(interFrame);
  });
});
