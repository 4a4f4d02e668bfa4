// End-to-end encrypted calls: real browsers on the real page, through the real server, which cannot open a frame.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, afterEach, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from './harness/browsers.mjs';
import { agree, encrypted } from './harness/encrypted-room.mjs';
import { Participant } from './harness/participant.mjs';
import { drawnCamera, inWords, pictureWatched, watchPicture } from './harness/picture.mjs';
import { startServer } from './harness/server.mjs';

const screenshots = fileURLToPath(new URL('../../artifacts/screenshots/', import.meta.url));
const limit = { timeout: 180_000 };
const longestFreezeMs = 1_000;
// Three encoders and six decoders on two shared cores pause by themselves: told of, and a failure only where the machine is quiet (QUIET=1).
const unhurried = { ...limit, ...(process.env.QUIET === undefined ? { todo: 'pauses on a busy machine' } : {}) };

for (const profile of [
  { label: 'VP8', codecs: 'opus,vp8,vp9' },
  { label: 'VP9', codecs: 'opus,vp9,vp8' },
]) {
  describe(`encrypted calls, ${profile.label}`, () => {
    let server;
    let chromium;
    let firefox;
    let people = [];

    const join = async (browser, name, options = {}) => {
      const person = await Participant.join(browser, server, name, options);
      people.push(person);
      return person;
    };
    const begin = (browser, name, prepare = async () => {}) =>
      join(browser, name, {
        prepare: async (page) => {
          await encrypted(page);
          await prepare(page);
        },
      });

    before(async () => {
      mkdirSync(screenshots, { recursive: true });
      server = await startServer({ env: { CALLS_CODECS: profile.codecs } });
      [chromium, firefox] = await Promise.all([launch('chromium'), launch('firefox')]);
    });
    afterEach(async () => {
      await Promise.all(people.map((person) => person.close()));
      people = [];
    });
    after(async () => {
      await Promise.all([chromium?.close(), firefox?.close()]);
      await server?.stop();
    });

    test('three people, two browsers: everybody sees and hears everybody, with one code', limit, async () => {
      const anna = await begin(chromium, 'Anna');
      const ben = await join(firefox, 'Ben', { link: anna.link() });
      const cleo = await join(chromium, 'Cleo', { link: anna.link() });
      await agree([anna, ben, cleo]);
      for (const person of [anna, ben, cleo]) {
        await person.seesVideo(2);
        await person.hears(2);
      }
      await anna.press('details-button');
      await anna.screenshot(`${screenshots}encrypted-${profile.label}.png`);
    });

    test('new keys every 5 s for a minute stop nobody for more than a second', unhurried, async (context) => {
      const anna = await begin(chromium, 'Anna', drawnCamera);
      const ben = await join(firefox, 'Ben', { link: anna.link() });
      const cleo = await join(chromium, 'Cleo', { link: anna.link() });
      const all = [anna, ben, cleo];
      await agree(all);
      for (const person of all) {
        await person.seesVideo(2);
        await person.press('details-button');
      }
      const sender = (await anna.inspect()).deviceId;
      for (const person of [ben, cleo]) {
        const { producerId, video } = (await person.inspect()).remoteTracks.find((track) => track.peerDeviceId === sender && track.kind === 'video');
        assert.ok(video.spatialLayers >= 2, `${video.spatialLayers} layers`);
        await watchPicture(person.page, producerId);
      }
      const before = (await anna.inspect()).epoch;
      for (let round = 0; round < 12; round++) {
        const person = all[round % 3];
        await person.press('rekey-button').catch(async () => {
          const { phase, problemCode, epoch, encryption } = await person.inspect();
          assert.fail(`${person.name} in round ${round}: ${JSON.stringify({ phase, problemCode, epoch, encryption })}\n${person.page.consoleLines.slice(-10).join('\n')}`);
        });
        await new Promise((resolve) => setTimeout(resolve, 5_000));
      }
      await agree(all);
      const { epoch } = await anna.inspect();
      assert.ok(epoch >= before + 12, `epoch ${before} to ${epoch}`);
      for (const person of [ben, cleo]) {
        const { longestMs, over, frames } = await pictureWatched(person.page);
        context.diagnostic(`${person.name}: ${frames} frames over ${epoch - before} rekeys, longest pause ${Math.round(longestMs)} ms`);
        assert.ok(longestMs <= longestFreezeMs, `${person.name}: stood still for ${inWords(over)}`);
      }
    });

    test('a page that is loaded anew comes back under the same roof', limit, async () => {
      const anna = await begin(chromium, 'Anna');
      const ben = await join(firefox, 'Ben', { link: anna.link() });
      await agree([anna, ben]);
      await anna.seesVideo(1);
      const { epoch } = await anna.inspect();
      await ben.reload();
      await anna.until('to see new keys', async () => (await anna.inspect()).epoch > epoch);
      await agree([anna, ben]);
      await anna.seesVideo(1);
      await ben.seesVideo(1);
    });

    test('who is removed is out, and the others go on with keys it does not have', limit, async () => {
      const anna = await begin(chromium, 'Anna');
      const ben = await join(firefox, 'Ben', { link: anna.link() });
      const cleo = await join(chromium, 'Cleo', { link: anna.link() });
      await agree([anna, ben, cleo]);
      const { deviceId } = await cleo.inspect();
      const { epoch } = await anna.inspect();
      await anna.press('details-button');
      await anna.page.$eval(`[data-testid="key-holder"][data-device="${deviceId}"] [data-testid="kick-button"]`, (element) => element.click());
      await cleo.until('to be told', async () => (await cleo.inspect()).phase === 'problem');
      await agree([anna, ben]);
      assert.ok((await anna.inspect()).epoch > epoch);
      await ben.seesVideo(1);
    });

    test('a link without its secret lets nobody in who would not encrypt, and opens nothing', limit, async () => {
      const anna = await begin(chromium, 'Anna');
      const link = anna.link().replace(/[#&]k=[^&]*/, '');
      const ben = await join(chromium, 'Ben', { link });
      await agree([anna, ben]);
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      for (const person of [anna, ben])
        for (const { framesDecoded = 0 } of await person.received('video')) assert.equal(framesDecoded, 0);
      await anna.until('to be told that some of it cannot be opened', async () => (await anna.inspect()).encryption.unreadable.length === 1);
    });

    test('who sends without encrypting reaches nobody', limit, async () => {
      const anna = await begin(chromium, 'Anna');
      const mallory = await join(chromium, 'Mallory', {
        link: anna.link(),
        prepare: (page) =>
          page.evaluateOnNewDocument(() => {
            // The worker gets streams that lead nowhere; the frames go out as they are.
            const real = RTCRtpSender.prototype.createEncodedStreams;
            RTCRtpSender.prototype.createEncodedStreams = function () {
              const { readable, writable } = real.call(this);
              void readable.pipeTo(writable);
              const nothing = new TransformStream();
              return { readable: nothing.readable, writable: new WritableStream() };
            };
          }),
      });
      await agree([anna, mallory]);
      // The server refuses it, its own page tries again, and then ends the call with the reason.
      const came = [];
      await mallory.until('its own page to end the call', async () => {
        came.push(...(await anna.received('video')).map(({ framesReceived = 0, framesDecoded = 0 }) => framesReceived + framesDecoded));
        return (await mallory.inspect()).problemCode === 'E2EE_FAILED';
      });
      assert.ok(['FRAMES_REFUSED', 'PLAINTEXT_LEAK'].includes((await mallory.inspect()).encryption.reason));
      assert.ok(came.every((frames) => frames === 0), `${came}`);
      assert.equal((await anna.inspect()).encryption.state, 'on');
    });
  });
}
