// Whoever is removed opens nothing that is sent afterwards, also when its page keeps everything it ever had.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch } from './harness/browsers.mjs';
import { agree, encrypted, epochByte } from './harness/encrypted-room.mjs';
import { modified, modifiedClient } from './harness/modified-client.mjs';
import { Participant } from './harness/participant.mjs';
import { withoutCamera } from './harness/picture.mjs';
import { startServer } from './harness/server.mjs';

const limit = { timeout: 120_000 };
/** For how long it is looked whether anything still comes to who was removed. */
const silenceMs = 3_000;
/** Frames of each stream that are tried. */
const enough = 40;

/** One per stream, in the order in which they came. */
function byStream(frames) {
  const streams = new Map();
  for (const frame of frames) {
    const name = `${frame.member} ${frame.kind}`;
    streams.set(name, [...(streams.get(name) ?? []), frame]);
  }
  return [...streams.values()];
}

describe('a modified client that is removed and keeps its keys', () => {
  let server;
  const browsers = {};

  before(async () => {
    server = await startServer({ env: { CALLS_CODECS: 'opus,vp8,vp9' } });
    [browsers.chromium, browsers.firefox] = await Promise.all([launch('chromium'), launch('firefox')]);
  });
  after(async () => {
    await Promise.all(Object.values(browsers).map((browser) => browser.close()));
    await server?.stop();
  });

  for (const [removed, witness] of [
    ['chromium', 'firefox'],
    ['firefox', 'chromium'],
  ]) {
    test(`${removed} is sent nothing more and opens nothing of what the others get`, limit, async (context) => {
      const anna = await Participant.join(browsers.chromium, server, 'Anna', { prepare: encrypted });
      const link = anna.link();
      const looksOn = { link, looksOnly: true, prepare: (page) => withoutCamera(page).then(() => modifiedClient(page)) };
      const ben = await Participant.join(browsers[witness], server, 'Ben', looksOn);
      const mallory = await Participant.join(browsers[removed], server, 'Mallory', looksOn);
      const people = [anna, ben, mallory];
      try {
        const epochBefore = await agree(people);
        for (const person of [ben, mallory]) await person.seesVideo(1);
        const annas = (await anna.inspect()).deviceId;

        // Frames of Anna's that Mallory has every right to, and has not opened yet: the network's, as they came to Ben.
        await modified(mallory, 'hold', true);
        await modified(ben, 'record', true);
        const earlier = await recordedOf(ben, annas, (streams) => streams.length === 2 && streams.every(({ length }) => length >= 2 * enough));
        const packets = await modified(mallory, 'packetsReceived');
        await mallory.until('to be sent media', async () => (await modified(mallory, 'packetsReceived')) > packets + 50);

        await modified(mallory, 'keep');
        const { deviceId } = await mallory.inspect();
        const removedAt = Date.now();
        await anna.page.$eval('[data-testid="details-button"]', (element) => element.click());
        await anna.page.$eval(`[data-testid="key-holder"][data-device="${deviceId}"] [data-testid="kick-button"]`, (element) => element.click());
        await mallory.until('to be told', async () => (await mallory.inspect()).problemCode === 'KICKED');
        const told = await modified(mallory, 'packetsReceived');
        const epoch = await agree([anna, ben]);
        assert.ok(epoch > epochBefore, `epoch ${epochBefore} to ${epoch}`);

        // (a) Its connection is open as far as it goes, and nothing comes.
        await ben.seesVideo(1);
        await silent(mallory);
        const last = await modified(mallory, 'packetsReceived');
        assert.ok(last > packets);

        // (b) What the others get: everything of a stream from its first frame under the new keys on.
        const commit = (await modified(ben, 'commits')).find((payload) => payload.epoch === epoch);
        const newByte = commit.mls.mlsEpoch & 0xff;
        const later = await recordedOf(ben, annas, (streams) => streams.length === 2 && streams.every((frames) => sinceEpoch(frames, newByte).length >= enough));

        // It keeps its keys: what was sent before opens to the last frame. Half now, half after it was given what it must not open.
        for (const [index, frames] of earlier.entries()) await opens(mallory, `earlier ${index}`, frames.slice(0, enough));
        const lateness = [];
        for (const [index, frames] of later.entries()) {
          const since = sinceEpoch(frames, newByte).slice(0, enough);
          assert.deepEqual(new Set(since.map(({ codec, data }) => epochByte(codec, Buffer.from(data, 'base64')))), new Set([newByte]));
          assert.equal(await feed(mallory, `later ${index}`, since), 0, 'it opened frames of after its removal');
          const { seen, dropped } = await modified(mallory, 'counts', `later ${index}`);
          assert.deepEqual({ seen, dropped }, { seen: since.length, dropped: { UNKNOWN_EPOCH: since.length } });
          lateness.push(Math.round(since[0].at - removedAt));
        }

        // Nor does it get any further with the commit that removed it, which is no secret.
        const { refusal } = await modified(mallory, 'process', commit);
        assert.ok(refusal !== undefined, 'it followed the commit that removed it');
        for (const [index, frames] of later.entries())
          assert.equal(await feed(mallory, `later still ${index}`, sinceEpoch(frames, newByte).slice(0, enough)), 0);
        for (const [index, frames] of earlier.entries()) await opens(mallory, `earlier still ${index}`, frames.slice(enough, 2 * enough));
        context.diagnostic(
          `${removed} removed: new keys on the wire ${lateness.join(' and ')} ms after the button, ${last - told} packets came after it was told, then none for ${silenceMs} ms; ` +
            `${JSON.stringify(refusal)} for the commit; connections ${await modified(mallory, 'connectionStates')}`,
        );
      } finally {
        await Promise.all(people.map((person) => person.close()));
      }
    });
  }
});

/** Waits until nothing has come for so long. What waited in the browser's own queues may come first. */
async function silent(person) {
  let last;
  let since = Date.now();
  await person.until('to be sent nothing more', async () => {
    const packets = await modified(person, 'packetsReceived');
    if (packets !== last) since = Date.now();
    last = packets;
    return Date.now() - since >= silenceMs;
  });
}

/** Frames of one device as the network brought them, by stream; waits until they suffice. */
async function recordedOf(person, deviceId, suffice) {
  const frames = [];
  let streams = [];
  await person.until(`to record what ${deviceId} sends`, async () => {
    frames.push(...(await modified(person, 'take')).filter(({ member }) => member.includes(deviceId)));
    streams = byStream(frames);
    return suffice(streams);
  });
  return streams;
}

function sinceEpoch(frames, wanted) {
  const first = frames.findIndex(({ codec, data }) => epochByte(codec, Buffer.from(data, 'base64')) === wanted);
  return first < 0 ? [] : frames.slice(first);
}

/** Gives frames to the page's own worker, as of the sender they are of. Resolves with how many it opened. */
function feed(person, stream, frames) {
  const [{ member, kind, codec }] = frames;
  return modified(person, 'feed', { stream, member, kind, codec, frames: frames.map(({ data }) => data) });
}

/** All of them open, but for those that the page had opened when they came to itself: a frame opens once. */
async function opens(person, stream, frames) {
  const passed = await feed(person, stream, frames);
  const { dropped } = await modified(person, 'counts', stream);
  assert.ok(passed > frames.length / 2, 'it has lost the keys it had, so this proves nothing');
  assert.deepEqual({ passed, dropped }, { passed, dropped: passed === frames.length ? {} : { REPLAYED: frames.length - passed } });
}
