// People in real browsers on the real page, through the real server.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, afterEach, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from './harness/browsers.mjs';
import { Participant } from './harness/participant.mjs';
import { drawnCamera, withoutDevices } from './harness/picture.mjs';
import { startServer } from './harness/server.mjs';
import { onlySays, toneMicrophone } from './harness/tone-microphone.mjs';
import { blockUdp, selectedPairs } from './harness/udp-blocker.mjs';

const screenshots = fileURLToPath(new URL('../../artifacts/screenshots/', import.meta.url));
const secret = { CALLS_JOIN_TOKEN_SECRET: 'only-for-the-tests-of-this-repository-0123456789' };

describe('calls', () => {
  let server;
  let chromium;
  let people = [];

  const join = async (browser, name, options) => {
    const person = await Participant.join(browser, server, name, options);
    people.push(person);
    return person;
  };

  before(async () => {
    mkdirSync(screenshots, { recursive: true });
    server = await startServer({ env: secret });
    chromium = await launch('chromium');
  });
  afterEach(async () => {
    await Promise.all(people.map((person) => person.close()));
    people = [];
  });
  after(async () => {
    await chromium?.close();
    await server?.stop();
  });

  test('two people in Chromium see and hear each other', async () => {
    const anna = await join(chromium, 'Anna');
    const ben = await join(chromium, 'Ben', { link: anna.link() });
    for (const person of [anna, ben]) {
      const [picture] = await person.seesVideo(1);
      assert.ok(picture.frameWidth >= 320 && picture.frameHeight >= 180, `${picture.frameWidth}×${picture.frameHeight}`);
      await person.hears(1);
    }
    await anna.screenshot(`${screenshots}two-people.png`);
  });

  test('three people see and hear each other, the third joining late', async () => {
    const anna = await join(chromium, 'Anna');
    const ben = await join(chromium, 'Ben', { link: anna.link() });
    await anna.seesVideo(1);
    const cleo = await join(chromium, 'Cleo', { link: anna.link() });
    for (const person of [cleo, anna, ben]) {
      await person.seesVideo(2);
      await person.hears(2);
    }
    await cleo.screenshot(`${screenshots}three-people.png`);
  });

  test('a muted microphone is shown, and speaking again is heard', async () => {
    const anna = await join(chromium, 'Anna');
    const ben = await join(chromium, 'Ben', { link: anna.link() });
    await anna.hears(1);
    const voice = async () => (await anna.inspect()).remoteTracks.find((track) => track.kind === 'audio');
    await ben.press('mic-button');
    await anna.until('to see that Ben is muted', async () => (await voice()).muted);
    await ben.press('mic-button');
    await anna.until('to see that Ben speaks', async () => !(await voice()).muted);
    const [before] = await anna.received('audio');
    await anna.until('to hear Ben again', async () => (await anna.received('audio'))[0].totalAudioEnergy > before.totalAudioEnergy);
  });

  test('a shared screen arrives beside the camera and goes again', async () => {
    const anna = await join(chromium, 'Anna');
    const ben = await join(chromium, 'Ben', { link: anna.link() });
    await anna.seesVideo(1);
    await ben.press('screen-button');
    await anna.seesVideo(2);
    const sources = (await anna.inspect()).remoteTracks.map((track) => track.source);
    assert.ok(sources.includes('screen') && sources.includes('camera'), sources.join());
    await anna.screenshot(`${screenshots}screen-share.png`);
    await ben.press('screen-button');
    await anna.until('to lose the screen', async () => (await anna.inspect()).remoteTracks.every((track) => track.source !== 'screen'));
  });

  test('who speaks is the main speaker everywhere, and limits let through the pictures of those who spoke last', async () => {
    const speaks = async (page) => {
      await toneMicrophone(page);
      await drawnCamera(page, { width: 320, height: 180, framesPerSecond: 10, boxes: 2 });
    };
    const ben = await join(chromium, 'Ben', { prepare: speaks });
    const cleo = await join(chromium, 'Cleo', { link: ben.link(), prepare: speaks });
    const anna = await join(chromium, 'Anna', { link: ben.link(), prepare: withoutDevices, looksOnly: true });
    const [benId, cleoId] = await Promise.all([ben, cleo].map(async (person) => (await person.inspect()).deviceId));
    await anna.seesVideo(2);

    const leads = (speaker, deviceId) =>
      Promise.all(
        [anna, ben, cleo].map((person) =>
          person.until(`to be shown ${speaker.name} as the main speaker`, async () => {
            const shown = await person.page.$$eval('.tile.dominant', (tiles) => tiles.map((tile) => tile.dataset.deviceId));
            return shown.length === 1 && shown[0] === deviceId;
          }),
        ),
      );
    await onlySays([ben, cleo], ben);
    await leads(ben, benId);
    await onlySays([ben, cleo], cleo);
    await leads(cleo, cleoId);

    /** Waits until the pictures of these people move, and nobody else's, which the server says it holds back. */
    const seesOnly = (deviceIds, reason) => {
      const before = new Map();
      return anna.until(`to see ${deviceIds.length} moving picture(s) and no other`, async () => {
        const tracks = (await anna.inspect()).remoteTracks.filter(({ source }) => source === 'camera');
        const streams = new Map((await anna.received('video')).map((stream) => [stream.producerId, stream]));
        const right = tracks.map(({ producerId, peerDeviceId, video }) => {
          const { framesDecoded = 0, packetsTotal = 0 } = streams.get(producerId) ?? {};
          const last = before.get(producerId);
          before.set(producerId, { framesDecoded, packetsTotal });
          return deviceIds.includes(peerDeviceId) ? framesDecoded > last?.framesDecoded : packetsTotal === last?.packetsTotal && video.heldBack === reason;
        });
        return right.length === 2 && right.every((one) => one);
      }, 400);
    };
    await anna.press('details-button');
    await anna.page.select('[data-testid="last-n-select"]', '1');
    await seesOnly([cleoId], 'LAST_N');
    await onlySays([ben, cleo], ben);
    await seesOnly([benId], 'LAST_N');
    await anna.page.select('[data-testid="last-n-select"]', '');
    await seesOnly([benId, cleoId]);
    await anna.page.select('[data-testid="max-video-select"]', '1');
    await seesOnly([benId], 'MAX_VIDEO');
  });

  test('who leaves is gone at once, and who reloads is back', async () => {
    const anna = await join(chromium, 'Anna');
    const ben = await join(chromium, 'Ben', { link: anna.link() });
    const cleo = await join(chromium, 'Cleo', { link: anna.link() });
    await anna.seesVideo(2);
    await cleo.press('leave-button');
    await anna.until('to be with Ben alone', async () => (await anna.others()).length === 1);

    await ben.open(ben.link());
    await ben.pressJoin();
    await ben.seesVideo(1);
    await anna.seesVideo(1);
    assert.equal((await anna.others()).length, 1);
  });

  test('a network that blocks UDP is crossed over ICE-TCP', async () => {
    const anna = await join(chromium, 'Anna', { prepare: blockUdp });
    const ben = await join(chromium, 'Ben', { link: anna.link() });
    for (const person of [anna, ben]) {
      await person.seesVideo(1);
      await person.hears(1);
    }
    const protocols = async ({ page }) => (await selectedPairs(page)).map(({ protocol }) => protocol);
    assert.deepEqual(await protocols(anna), ['tcp', 'tcp']);
  });

  test('a call outlives a restart of the server', async () => {
    const anna = await join(chromium, 'Anna');
    const ben = await join(chromium, 'Ben', { link: anna.link() });
    await anna.seesVideo(1);
    await ben.seesVideo(1);
    const { port, rtcPort } = server;
    await server.stop('SIGKILL');
    server = await startServer({ port, rtcPort, env: secret });
    for (const person of [anna, ben]) {
      await person.until('to be back in the room', async () => {
        const { roomState } = await person.inspect();
        return roomState === 'joined' && (await person.others()).length === 1;
      });
      await person.seesVideo(1);
      await person.hears(1);
    }
  });

  describe('with Firefox', () => {
    let firefox;
    before(async () => {
      firefox = await launch('firefox');
    });
    after(async () => {
      await firefox?.close();
    });

    for (const first of ['Firefox', 'Chromium']) {
      test(`${first} starts the call and both see and hear each other`, async () => {
        const browsers = first === 'Firefox' ? [firefox, chromium] : [chromium, firefox];
        const anna = await join(browsers[0], 'Anna');
        const ben = await join(browsers[1], 'Ben', { link: anna.link() });
        for (const person of [anna, ben]) {
          const [picture] = await person.seesVideo(1);
          assert.ok(picture.frameWidth >= 160, `${picture.frameWidth}×${picture.frameHeight}`);
          await person.hears(1);
        }
      });
    }
  });

  test('nothing that the browsers sent was malformed to the server', async () => {
    const text = await (await fetch(`${server.url}/metrics`, { headers: { accept: 'text/plain' } })).text();
    const refused = text.split('\n').filter((line) => /^crosspoint_media_dropped_packets_total\{[^}]*reason="malformed_rtcp"/.test(line));
    assert.ok(refused.length > 0, 'the series is there');
    for (const line of refused) assert.ok(line.endsWith(' 0'), line);
  });
});
