// What the page shows of the encryption: a badge, numbers to compare, and a warning that nobody can miss while nothing may be sent.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from './harness/browsers.mjs';
import { agree, encrypted } from './harness/encrypted-room.mjs';
import { Participant } from './harness/participant.mjs';
import { withoutCamera } from './harness/picture.mjs';
import { startServer } from './harness/server.mjs';
import { deafToLeases, leasesMissed, spoilNextCommit, watchedSignalling } from './harness/signalling.mjs';

const screenshots = fileURLToPath(new URL('../../artifacts/screenshots/', import.meta.url));
const limit = { timeout: 120_000 };
/** For how long nothing may come of who is blocked. */
const silenceMs = 1_000;
const text = (person, selector) => person.page.$eval(selector, (element) => element.textContent.trim());
const badge = (person) => person.page.$eval('[data-testid="encryption-badge"]', (element) => ({ state: element.dataset.state, label: element.textContent.trim() }));

for (const name of ['chromium', 'firefox']) {
  describe(`encryption on the page, ${name}`, () => {
    let server;
    let chromium;
    let browser;
    let anna;
    let ben;
    let cleo;

    before(async () => {
      mkdirSync(screenshots, { recursive: true });
      server = await startServer();
      chromium = await launch('chromium');
      browser = name === 'chromium' ? chromium : await launch(name);
      anna = await Participant.join(chromium, server, 'Anna', { prepare: encrypted });
      const prepare = (page) => withoutCamera(page).then(() => watchedSignalling(page));
      ben = await Participant.join(browser, server, 'Ben', { link: anna.link(), looksOnly: true, prepare });
      // With three, one that cannot follow is the one that is wrong.
      cleo = await Participant.join(chromium, server, 'Cleo', { link: anna.link(), looksOnly: true, prepare: withoutCamera });
      await agree([anna, ben, cleo]);
    });
    after(async () => {
      await Promise.all([chromium?.close(), browser?.close()]);
      await server?.stop();
    });

    test('both see one code and one safety number, and can say that they compared it', limit, async () => {
      for (const person of [anna, ben]) {
        await person.press('details-button');
        await person.page.waitForSelector('[data-testid="safety-number"]');
        assert.deepEqual(await badge(person), { state: 'on', label: 'End-to-end encrypted' });
      }
      const [annas, bens] = [(await anna.inspect()).deviceId, (await ben.inspect()).deviceId];
      const numberOf = (device) => `[data-device="${device}"] [data-testid="safety-number"]`;
      for (const [ofAnna, ofBen] of [
        ['[data-testid="room-code"]', '[data-testid="room-code"]'],
        ['[data-testid="room-code-emoji"]', '[data-testid="room-code-emoji"]'],
        [numberOf(bens), numberOf(annas)],
      ]) {
        const [one, other] = [await text(anna, ofAnna), await text(ben, ofBen)];
        assert.equal(one, other);
        assert.ok(one.length >= 30, one);
      }
      await ben.page.$eval(`[data-device="${annas}"] details`, (element) => {
        element.open = true;
      });
      await ben.page.$eval(`[data-device="${annas}"] input[type="checkbox"]`, (element) => element.click());
      await ben.until('to see that it was compared', async () => (await text(ben, `[data-device="${annas}"] summary`)).startsWith('Compared'));
      await ben.screenshot(`${screenshots}encryption-details-${name}.png`);
      await ben.page.$eval(`[data-device="${annas}"]`, (element) => element.scrollIntoView({ block: 'center' }));
      await ben.screenshot(`${screenshots}encryption-holders-${name}.png`);
      await ben.page.setViewport({ width: 390, height: 780 });
      await ben.screenshot(`${screenshots}encryption-details-${name}-phone.png`);
      await ben.press('details-button');
      await ben.screenshot(`${screenshots}encrypted-${name}-phone.png`);
      await ben.page.setViewport({ width: 1280, height: 800 });
    });

    test('keys that cannot be followed: a warning over everything, nothing is sent, and it heals by itself', limit, async () => {
      await deafToLeases(ben, true);
      await spoilNextCommit(ben);
      await anna.press('rekey-button');
      await ben.page.waitForSelector('[data-testid="encryption-alert"]', { timeout: 20_000 });
      assert.equal((await badge(ben)).state, 'blocked');
      // Wherever in the picture one looks, there it is: also over the pictures of the others.
      const covered = await ben.page.evaluate(() => {
        const { left, top, width, height } = document.querySelector('.call-main').getBoundingClientRect();
        const at = (x, y) => document.elementFromPoint(left + width * x, top + height * y)?.closest('[data-testid="encryption-alert"], [data-testid="encryption-badge"]') !== null;
        return [0.1, 0.3, 0.5, 0.7, 0.9].every((x) => [0.2, 0.5, 0.8].every((y) => at(x, y)));
      });
      assert.ok(covered, 'the warning can be overlooked');
      assert.equal(await ben.page.$eval('[data-testid="encryption-alert"]', (element) => element.getAttribute('role')), 'alert');
      await ben.until('to be offered new keys', async () => (await leasesMissed(ben)) > 0);
      await ben.screenshot(`${screenshots}encryption-blocked-${name}.png`);
      const { deviceId } = await ben.inspect();
      const { producerId } = (await anna.inspect()).remoteTracks.find((track) => track.peerDeviceId === deviceId);
      const packets = async () => (await anna.received('audio')).find((stream) => stream.producerId === producerId).packetsTotal;
      let before = await packets();
      let since = Date.now();
      await anna.until('to hear nothing of Ben any more', async () => {
        const now = await packets();
        if (now !== before) since = Date.now();
        before = now;
        return Date.now() - since >= silenceMs;
      });
      assert.equal((await badge(ben)).state, 'blocked');

      await deafToLeases(ben, false);
      await ben.page.waitForFunction(() => document.querySelector('[data-testid="encryption-alert"]') === null, { timeout: 60_000 });
      await agree([anna, ben, cleo]);
      await anna.until('to hear Ben again', async () => (await packets()) > before);
      await ben.until('to see that all is well', async () => (await badge(ben)).label === 'End-to-end encrypted');
    });
  });
}
