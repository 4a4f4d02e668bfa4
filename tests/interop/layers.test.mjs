// Each receiver gets the layer it can use: Chromium sends VP8 simulcast, VP9 and AV1 SVC, on the real page, through the real server.
// The picture is 960×540 at 12 frames a second: large enough for three layers, small enough for software encoders on two shared cores.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from './harness/browsers.mjs';
import { Participant } from './harness/participant.mjs';
import { drawnCamera, withoutCamera } from './harness/picture.mjs';
import { picture, withoutFreeze } from './harness/watched-picture.mjs';
import { startServer } from './harness/server.mjs';

const screenshots = fileURLToPath(new URL('../../artifacts/screenshots/', import.meta.url));
// Large enough that every tile is worth the largest layer.
const viewport = { width: 1600, height: 1000 };
const limit = { timeout: 90_000 };

/** Waits for a picture in a layer, moving. */
function sees(person, layer) {
  let before;
  return person.until(`to see layer ${layer} move`, async () => {
    const seen = await picture(person);
    const moves = seen?.framesDecoded > before;
    before = seen?.framesDecoded;
    return moves && seen.video.current?.spatialLayer === layer && seen;
  });
}

/** Waits until one picture has less than half the lines of the other: encoders under load make all layers smaller, but not alike. */
function seesLess(person, other) {
  return person.until(`to see a much smaller picture than ${other.name}`, async () => {
    const [mine, theirs] = [await picture(person), await picture(other)];
    return mine.frameHeight * 2 < theirs.frameHeight && mine;
  });
}

/**
 * Waits until one picture is the lowest of the other's three layers and is decoded on so, by a receiver that is told by the bitmask of active decode
 * targets (dependency descriptor) that the larger ones do not come. Encoders round up an odd number of lines.
 */
async function seesQuarter(person, other) {
  const isQuarter = (mine, theirs) => mine.frameWidth > 0 && mine.frameWidth * 4 === theirs.frameWidth && mine.frameHeight === 2 * Math.ceil(theirs.frameHeight / 8);
  const first = await person.until(`to see a quarter of what ${other.name} sees`, async () => {
    const [mine, theirs] = [await picture(person), await picture(other)];
    return isQuarter(mine, theirs) && mine;
  });
  await person.until('to decode it on', async () => {
    const [mine, theirs] = [await picture(person), await picture(other)];
    return isQuarter(mine, theirs) && mine.framesDecoded >= first.framesDecoded + 12;
  });
}

describe('layers', () => {
  let chromium;
  let firefox;
  let server;
  let people = [];

  before(async () => {
    mkdirSync(screenshots, { recursive: true });
    [chromium, firefox] = await Promise.all([launch('chromium'), launch('firefox')]);
  });
  beforeEach(() => {
    people = [];
  });
  afterEach(async () => {
    await Promise.all(people.map((person) => person.close()));
    await server?.stop();
    server = undefined;
  });
  after(async () => {
    await Promise.all([chromium?.close(), firefox?.close()]);
  });

  const serve = async (codecs) => {
    server = await startServer({ env: { CALLS_CODECS: codecs } });
  };
  const join = async (browser, name, options) => {
    const person = await Participant.join(browser, server, name, { viewport, ...options });
    people.push(person);
    return person;
  };
  for (const [codec, codecs, other] of [
    ['VP8', 'opus,vp8', 'chromium'],
    ['VP9', 'opus,vp9,vp8', 'firefox'],
    ['AV1', 'opus,av1,vp8', 'firefox'],
  ]) {
    test(`${codec}: receivers choose differently, each gets what it chose, and changes without a freeze`, limit, async () => {
      await serve(codecs);
      const anna = await join(chromium, 'Anna', { prepare: drawnCamera });
      const looksOnly = { link: anna.link(), prepare: withoutCamera, looksOnly: true };
      const sam = await join(chromium, 'Sam', looksOnly);
      const finn = await join(other === 'firefox' ? firefox : chromium, 'Finn', looksOnly);
      const { producerId, codec: received } = await sees(sam, 2);
      assert.equal(received, `video/${codec}`);
      await sees(finn, 2);

      const down = await withoutFreeze(sam, 'down', async () => {
        await sam.chooseVideo(producerId, 'low');
        await sees(sam, 0);
      });
      await (codec === 'VP8' ? seesLess : seesQuarter)(sam, finn);
      await sam.screenshot(`${screenshots}layers-${codec}-low.png`);
      const up = await withoutFreeze(sam, 'up', async () => {
        await sam.chooseVideo(producerId, 'auto');
        await sees(sam, 2);
      });
      await finn.chooseVideo(producerId, 'low');
      await sees(finn, 0);
      await seesLess(finn, sam);
      console.log(`${codec}: longest time between two pictures: ${down}, ${up}`);
    });
  }

  test('VP8: what nobody watches is not sent', limit, async () => {
    await serve('opus,vp8');
    const anna = await join(chromium, 'Anna', { prepare: drawnCamera });
    const sam = await join(chromium, 'Sam', { link: anna.link(), prepare: withoutCamera, looksOnly: true });
    const { producerId } = await sees(sam, 2);
    const sent = async () => (await anna.stats()).sent.find(({ kind }) => kind === 'video').encodings.map(({ active }) => active).join();
    assert.equal(await sent(), 'true,true,true');
    await sam.chooseVideo(producerId, 'low');
    await anna.until('to stop the encodings that nobody watches', async () => (await sent()) === 'true,false,false');
    await sam.chooseVideo(producerId, 'off');
    await anna.until('to stop all of them', async () => (await sent()) === 'false,false,false');
    await sam.chooseVideo(producerId, 'auto');
    await sees(sam, 2);
  });

  test('VP8: Firefox sends encodings too, and a receiver takes one of them', limit, async () => {
    await serve('opus,vp8');
    const finn = await join(firefox, 'Finn', { prepare: drawnCamera });
    const lara = await join(chromium, 'Lara', { link: finn.link(), prepare: withoutCamera, looksOnly: true });
    const { producerId, video, frameHeight } = await lara.until('to see a layer above the lowest', async () => {
      const seen = await picture(lara);
      return seen?.video.current?.spatialLayer > 0 && seen.frameHeight > 0 && seen;
    });
    assert.ok(video.spatialLayers >= 2, `${video.spatialLayers} encodings`);
    await lara.chooseVideo(producerId, 'low');
    await sees(lara, 0);
    await lara.until('to see a smaller picture', async () => (await picture(lara)).frameHeight < frameHeight);
  });
});
