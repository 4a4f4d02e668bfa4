// Three stay in an encrypted call while others come and go in every way a person can: whoever is there agrees, and sees and hears the rest.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch } from './harness/browsers.mjs';
import { agree, encrypted } from './harness/encrypted-room.mjs';
import { Participant } from './harness/participant.mjs';
import { drawnCamera, withoutCamera, withoutDevices } from './harness/picture.mjs';
import { startServer } from './harness/server.mjs';
import { announcedEpochs, watchedSignalling } from './harness/signalling.mjs';

const limit = { timeout: 240_000 };
/** Who vanishes without a word keeps its leaf for so long: short, because the test waits for it. */
const graceSeconds = 3;

describe('an encrypted call in which people come and go', () => {
  let server;
  let chromium;
  let firefox;
  const stayers = [];
  const visitors = new Set();
  const past = new Map();
  let epoch = -1;

  // A small drawing: what is tried is who holds which keys, not how much the machine can encode.
  const smallCamera = (page) => drawnCamera(page, { width: 320, height: 180, framesPerSecond: 10, boxes: 2 });
  const watched = (prepare) => async (page) => {
    await watchedSignalling(page);
    await prepare(page);
  };
  const looksOnly = { looksOnly: true, prepare: watched(withoutCamera) };
  const silent = { looksOnly: true, prepare: watched(withoutDevices) };
  const everybody = () => [...stayers, ...visitors];

  const visit = async (browser, name) => {
    const person = await Participant.join(browser, server, name, { ...looksOnly, link: stayers[0].link() });
    visitors.add(person);
    return person;
  };
  const leavesByButton = async (person) => {
    visitors.delete(person);
    await person.press('leave-button');
    await person.until('to have left', async () => (await person.inspect()).phase === 'ended');
    await person.close();
  };
  const vanishes = async (person) => {
    visitors.delete(person);
    await person.vanish();
  };
  /** What a page heard before it is loaded anew would be lost with it. */
  const reloads = async (person) => {
    past.set(person, [...(past.get(person) ?? []), ...(await announcedEpochs(person))]);
    await person.reload();
  };

  /** Whoever is there holds the same keys, newer than before, and gets what the others send. */
  const settled = async (what) => {
    const people = everybody();
    const next = await agree(people);
    assert.ok(next > epoch, `${what}: epoch ${epoch} to ${next}`);
    epoch = next;
    const all = Promise.all(
      people.map(async (person) => {
        await person.seesVideo(person.looksOnly ? 2 : 1);
        // Cleo says nothing.
        await person.hears(people.filter((other) => other !== person && other !== stayers[2]).length);
        await person.until('to be able to open everything', async () => (await person.inspect()).encryption.unreadable.length === 0);
        const { phase, peers, encryption } = await person.inspect();
        assert.deepEqual([phase, peers.length, encryption.holders.length], ['call', people.length, people.length], `${person.name}, ${what}`);
      }),
    );
    await all.catch(async (error) => {
      for (const person of people) {
        const { sent, remoteTracks, deviceId } = await person.inspect();
        error.message += `\n${person.name} ${deviceId}: sends ${JSON.stringify(sent)}, gets ${JSON.stringify(remoteTracks)}\n${person.page.consoleLines.slice(-10).join('\n')}`;
      }
      throw error;
    });
  };

  before(async () => {
    server = await startServer({ env: { CALLS_RESUME_GRACE_SEC: String(graceSeconds) } });
    [chromium, firefox] = await Promise.all([launch('chromium'), launch('firefox')]);
  });
  after(async () => {
    await Promise.all([chromium?.close(), firefox?.close()]);
    await server?.stop();
  });

  test('is one call with one epoch and one code after every round', limit, async (context) => {
    stayers.push(await Participant.join(chromium, server, 'Anna', { prepare: watched((page) => encrypted(page).then(() => smallCamera(page))) }));
    const link = stayers[0].link();
    stayers.push(await Participant.join(firefox, server, 'Ben', { link, prepare: watched(smallCamera) }));
    stayers.push(await Participant.join(chromium, server, 'Cleo', { ...silent, link }));
    await settled('the beginning');
    const [anna, ben, cleo] = stayers;
    await anna.press('details-button');
    const from = Date.now();

    const dora = await visit(chromium, 'Dora');
    await settled('one comes');
    await leavesByButton(dora);
    await settled('one leaves by the button');

    const emil = await visit(firefox, 'Emil');
    const [fay] = await Promise.all([visit(chromium, 'Fay'), reloads(ben)]);
    await settled('one comes while one loads its page anew');
    await vanishes(emil);
    await settled('one vanishes');

    const [gus] = await Promise.all([visit(firefox, 'Gus'), leavesByButton(fay), reloads(cleo)]);
    await settled('one comes, one leaves, one loads its page anew');

    const [hal] = await Promise.all([visit(chromium, 'Hal'), visit(chromium, 'Ivy'), anna.press('rekey-button')]);
    await settled('two come at once with new keys asked for');
    await Promise.all([vanishes(hal), leavesByButton(gus), anna.press('rekey-button')]);
    await settled('one vanishes, one leaves, and new keys are asked for');

    for (const person of everybody()) {
      const heard = [...(past.get(person) ?? []), ...(await announcedEpochs(person))];
      assert.ok(heard.length > 0);
      for (const [index, value] of heard.entries()) assert.ok(index === 0 || value > heard[index - 1], `${person.name}: ${heard.join(', ')}`);
    }
    context.diagnostic(`8 rounds in ${Math.round((Date.now() - from) / 1_000)} s, epoch ${epoch}`);
  });
});
