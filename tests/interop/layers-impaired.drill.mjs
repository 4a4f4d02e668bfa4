// Not part of ./test.sh: it times pictures on a machine that also runs three browsers and two links in real time, so it wants nothing else there.
// npm run drill:layers -w tests/interop (what to expect: docs/bitrate-allocation.md); DRILL_STORY=1 tells what each receives as it changes,
// DRILL_MODE=L3T3 sends VP9 and AV1 in that mode instead of L3T3_KEY.
// Each receiver gets the layer its link carries: Chromium sends VP8 simulcast, VP9 and AV1 SVC, on the real page, through the real server.
// The picture is 960×540 at 12 frames a second: large enough for three layers, small enough for software encoders on two shared cores.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from './harness/browsers.mjs';
import { startImpairment } from './harness/impairment.mjs';
import { Participant } from './harness/participant.mjs';
import { drawnCamera, keepsResolution, notesFramesSent, withoutCamera, withoutKeyModes } from './harness/picture.mjs';
import { picture, withoutFreeze } from './harness/watched-picture.mjs';
import { startServer } from './harness/server.mjs';

const screenshots = fileURLToPath(new URL('../../artifacts/screenshots/', import.meta.url));
// Large enough that every tile is worth the largest layer.
const viewport = { width: 1600, height: 1000 };
const limit = { timeout: 90_000 };

/** Waits for a picture of so many lines, moving; of one layer, if it is given. */
function sees(person, least, most = least, layer = undefined) {
  let before;
  return person.until(`to see a picture of ${least} to ${most} lines`, async () => {
    const seen = await picture(person);
    const moves = seen?.framesDecoded > before;
    before = seen?.framesDecoded;
    // A picture that still decodes may be the last of a layer that is left already.
    const isLayer = layer === undefined || seen?.video.current?.spatialLayer === layer;
    return moves && seen.video.current && isLayer && seen.frameHeight >= least && seen.frameHeight <= most && seen;
  });
}

const started = Date.now();
const layers = (value) => (value ? `${value.spatialLayer}/${value.temporalLayer ?? '-'}` : '-');

/** With DRILL_STORY=1: what a person receives, line by line, as it changes. */
async function tell(person, isOver) {
  let last;
  while (process.env.DRILL_STORY && !isOver()) {
    const seen = await picture(person).catch(() => undefined);
    const { video } = seen ?? {};
    const { availableBitrate } = await person.inspect().catch(() => ({}));
    const { sent = [] } = (await person.stats().catch(() => undefined)) ?? {};
    const encodings = sent.find(({ kind }) => kind === 'video')?.encodings ?? [];
    let line = 'no video';
    if (encodings.length > 0) line = `sends ${encodings.map(({ active, frameHeight }) => (active ? frameHeight : 'off')).join(', ')}`;
    else if (video)
      line = `${seen.frameHeight} lines, now ${layers(video.current)}, then ${layers(video.target)}, held back ${video.heldBack ?? 'no'}, estimate ${Math.round((availableBitrate ?? 0) / 1000)} kbit/s`;
    if (line !== last) console.log(`${((Date.now() - started) / 1000).toFixed(1)} ${person.name}: ${line}, ${seen?.framesDecoded} decoded`);
    last = line;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

describe('layers behind bad links', () => {
  let chromium;
  let firefox;
  let server;
  let people = [];
  let proxies = [];

  before(async () => {
    mkdirSync(screenshots, { recursive: true });
    chromium = await launch('chromium');
  });
  beforeEach(() => {
    people = [];
    proxies = [];
  });
  afterEach(async () => {
    await Promise.all(people.splice(0).map((person) => person.close()));
    await Promise.all(proxies.map((proxy) => proxy.stop()));
    await firefox?.close();
    firefox = undefined;
    await server?.stop();
    server = undefined;
  });
  after(async () => {
    await chromium?.close();
  });

  // One worker has one UDP port, which is where proxies lead.
  const serve = async (codecs) => {
    server = await startServer({ env: { CALLS_CODECS: codecs, MEDIASOUP_WORKERS: '1' } });
  };
  const join = async (browser, name, options) => {
    const person = await Participant.join(browser, server, name, { viewport, ...options });
    people.push(person);
    void tell(person, () => !people.includes(person));
    return person;
  };
  const joinWithCamera = (codec) =>
    join(chromium, 'Anna', {
      prepare: async (page) => {
        await drawnCamera(page, { boxes: 120 });
        await notesFramesSent(page);
        // Simulcast keeps its three sizes anyway.
        if (codec !== 'VP8') await keepsResolution(page);
        if (process.env.DRILL_MODE === 'L3T3') await withoutKeyModes(page);
      },
    });
  const joinThrough = async (plan, name, link) => {
    const proxy = await startImpairment(server, { down: plan, up: 'delay=20ms' });
    proxies.push(proxy);
    const prepare = async (page) => {
      await withoutCamera(page);
      await proxy.prepare(page);
    };
    return { person: await join(chromium, name, { link, prepare, looksOnly: true }), proxy };
  };

  for (const [codec, codecs] of [
    ['VP8', 'opus,vp8'],
    ['VP9', 'opus,vp9,vp8'],
    ['AV1', 'opus,av1,vp8'],
  ]) {
    test(`${codec}: each gets the layer its link carries, changes without a freeze`, limit, async () => {
      await serve(codecs);
      const anna = await joinWithCamera(codec);
      const mia = await joinThrough('rate=1000kbit,delay=20ms', 'Mia', anna.link());
      const sam = await joinThrough('rate=330kbit,delay=20ms', 'Sam', anna.link());
      const middle = await sees(mia.person, 270);
      assert.equal(middle.codec, `video/${codec}`);
      await sees(sam.person, 130, 140, 0);
      await sam.person.screenshot(`${screenshots}layers-${codec}-narrow.png`);

      const widen = async () => {
        await sam.proxy.order('down', 'rate=6mbit,delay=20ms');
        await sees(sam.person, 540);
      };
      const narrow = async () => {
        await mia.proxy.order('down', 'rate=330kbit,delay=20ms');
        await sees(mia.person, 130, 140);
      };
      const up = await withoutFreeze(sam.person, 'up', widen, anna);
      const down = await withoutFreeze(mia.person, 'down', narrow, anna);
      console.log(`${codec}: longest time between two pictures: ${up}, ${down}`);
    });
  }

  test('a link that carries no picture at all is told in words, and the picture comes back by itself', limit, async () => {
    await serve('opus,vp8');
    const anna = await joinWithCamera('VP8');
    const { person: sam, proxy } = await joinThrough('rate=1mbit,delay=20ms', 'Sam', anna.link());
    await sees(sam, 130, 270);
    await proxy.order('down', 'rate=64kbit,delay=20ms');
    await sam.page.waitForSelector('[data-testid="video-paused"][data-reason="bandwidth"]', { timeout: 30_000 });
    await sam.screenshot(`${screenshots}video-paused.png`);
    await sam.hears(1);
    await proxy.order('down', 'rate=2mbit,delay=20ms');
    await sam.until('to lose the notice', async () => (await sam.page.$('[data-testid="video-paused"]')) === null);
    await sees(sam, 130, 540);
  });
});
