// The node dies while a commit is under way, and comes back with what it kept: the call goes on, and its epoch never goes back.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch } from './harness/browsers.mjs';
import { agree, encrypted } from './harness/encrypted-room.mjs';
import { Participant } from './harness/participant.mjs';
import { drawnCamera, withoutCamera } from './harness/picture.mjs';
import { startServer } from './harness/server.mjs';
import { announcedEpochs, swallow, swallowed, watchedSignalling } from './harness/signalling.mjs';
import { waitFor } from './harness/wait.mjs';

const limit = { timeout: 150_000 };

describe('an encrypted call whose node restarts', () => {
  let folder;
  let server;
  let chromium;
  let firefox;
  let people = [];

  const env = () => ({ CALLS_STATE_DIR: folder, CALLS_JOIN_TOKEN_SECRET: 'only-for-the-tests-of-this-repository-0123456789' });
  const join = async (browser, name, { link, prepare = async () => {}, ...rest } = {}) => {
    const prepared = async (page) => {
      await watchedSignalling(page);
      await prepare(page);
    };
    const person = await Participant.join(browser, server, name, { link, prepare: prepared, ...rest });
    people.push(person);
    return person;
  };

  const smallCamera = (page) => drawnCamera(page, { width: 320, height: 180, framesPerSecond: 10, boxes: 2 });

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'crosspoint-restart-'));
    server = await startServer({ env: env() });
    [chromium, firefox] = await Promise.all([launch('chromium'), launch('firefox')]);
  });
  after(async () => {
    await Promise.all([chromium?.close(), firefox?.close()]);
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('goes on by itself, wherever in a commit the node died', limit, async (context) => {
    const anna = await join(chromium, 'Anna', { prepare: (page) => encrypted(page).then(() => smallCamera(page)) });
    const link = anna.link();
    const ben = await join(firefox, 'Ben', { link, prepare: smallCamera });
    const cleo = await join(chromium, 'Cleo', { link, prepare: withoutCamera, looksOnly: true });
    let epoch = await agree(people);
    const see = async () => {
      await anna.seesVideo(1);
      await ben.seesVideo(1);
      await cleo.seesVideo(2);
    };
    await see();
    await anna.press('details-button');

    for (const [type, where, atLeast] of [
      ['REKEY_COMMIT', 'a lease is out and its commit never came', 0],
      ['E2EE_READY', 'a commit is kept and told, and nobody is ready', 1],
    ]) {
      for (const person of people) await swallow(person, type);
      await anna.press('rekey-button');
      await waitFor(`until ${where}`, async () => {
        const counts = await Promise.all(people.map(swallowed));
        // One holds the lease; its commit makes the others ready.
        return counts.reduce((sum, count) => sum + count, 0) >= (type === 'E2EE_READY' ? people.length - 1 : 1);
      });
      const { port, rtcPort } = server;
      await server.stop('SIGKILL');
      const died = Date.now();
      for (const person of people) await swallow(person);
      server = await startServer({ port, rtcPort, env: env() });
      const upMs = Date.now() - died;
      // A browser that just missed the node looks again after up to 14 s.
      for (const person of people)
        await waitFor(
          `${person.name} to be back in the room`,
          async () => (await person.inspect()).roomState === 'joined' && (await person.others()).length === people.length - 1,
          { timeoutMs: 60_000 },
        );
      const joinedMs = Date.now() - died;
      const back = await agree(people);
      const agreedMs = Date.now() - died;
      assert.ok(back >= epoch + atLeast, `${where}: epoch ${epoch} to ${back}`);
      await see();
      context.diagnostic(`${where}: epoch ${epoch}, then ${back}; node up again ${upMs} ms after it died, everybody back after ${joinedMs}, agreed after ${agreedMs}, in the picture after ${Date.now() - died}`);

      await anna.press('rekey-button');
      await anna.until('to have new keys', async () => (await anna.inspect()).epoch > back);
      epoch = await agree(people);
      assert.ok(epoch > back);
    }
    for (const person of people) {
      const epochs = await announcedEpochs(person);
      assert.ok(epochs.every((value, index) => index === 0 || value > epochs[index - 1]), `${person.name}: ${epochs}`);
      assert.deepEqual((await person.inspect()).encryption.unreadable, []);
    }
  });
});
