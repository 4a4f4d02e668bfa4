// A person in front of the calls page: types a name, presses buttons, looks at what arrives.
import { openPage } from './browsers.mjs';
import { waitFor } from './wait.mjs';

const testId = (id) => `[data-testid="${id}"]`;

export class Participant {
  constructor(page, name) {
    this.page = page;
    this.name = name;
  }

  /** Opens the page, waits for the devices and joins; without a link a new room is started. */
  static async join(browser, server, name, { link, viewport, prepare, looksOnly = false } = {}) {
    const participant = new Participant(await openPage(browser, viewport), name);
    participant.looksOnly = looksOnly;
    await prepare?.(participant.page);
    await participant.open(link ?? server.url);
    await participant.pressJoin();
    return participant;
  }

  async open(url) {
    await this.page.goto(url, { waitUntil: 'domcontentloaded' });
    await this.page.waitForSelector(testId('join-button'));
    await this.type('name-input', this.name);
    // As a person would: not before the own picture is there.
    if (!this.looksOnly) await this.page.waitForSelector(testId('video'), { timeout: 15_000 });
  }

  /** Loads the page anew in the middle of a call and joins again. */
  async reload() {
    await this.page.reload({ waitUntil: 'domcontentloaded' });
    await this.page.waitForSelector(testId('join-button'));
    if (!this.looksOnly) await this.page.waitForSelector(testId('video'), { timeout: 15_000 });
    await this.pressJoin();
  }

  async pressJoin() {
    await this.press('join-button');
    await this.until('to be in the call', async () => (await this.inspect()).phase === 'call');
  }

  async type(id, text) {
    await this.page.$eval(testId(id), (element) => {
      element.value = '';
      element.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await this.page.type(testId(id), text);
  }

  press(id) {
    return this.page.$eval(testId(id), (element) => element.click());
  }

  /** Opens the menu of a tile and chooses how its video should come: auto, low or off. */
  async chooseVideo(producerId, choice) {
    // Without a picture (switched off) the tile is the one that still has the menu.
    const menu = await this.page.waitForSelector(
      `[data-testid="remote-tile"]:has([data-producer-id="${producerId}"]) ${testId('video-menu')}, [data-testid="remote-tile"]:has([data-reason="off"]) ${testId('video-menu')}`,
    );
    await menu.evaluate((element) => element.click());
    const item = await this.page.waitForSelector(testId(`video-${choice}`));
    await item.evaluate((element) => element.click());
  }

  link() {
    return this.page.url();
  }

  inspect() {
    return this.page.evaluate(() => window.__crosspoint.inspect());
  }

  /** The device ids of everybody else in the room. */
  async others() {
    const { peers, deviceId } = await this.inspect();
    return peers.filter((peer) => peer !== deviceId);
  }

  stats() {
    return this.page.evaluate(() => window.__crosspoint.stats());
  }

  /** The streams of one kind that arrive here. */
  async received(kind) {
    return ((await this.stats())?.received ?? []).filter((stream) => stream.kind === kind);
  }

  /** Waits until pictures of `count` cameras or screens decode and keep decoding. */
  async seesVideo(count) {
    let before = new Map();
    return this.until(`to see ${count} moving pictures`, async () => {
      const streams = await this.received('video');
      const moving = streams.filter((stream) => stream.framesDecoded > (before.get(stream.producerId) ?? Infinity));
      before = new Map(streams.map((stream) => [stream.producerId, stream.framesDecoded]));
      return moving.length >= count && moving;
    }, 500).catch(async (error) => {
      error.message += `\nvideo: ${JSON.stringify(await this.received('video').catch(() => []))}`;
      throw error;
    });
  }

  /** Waits until sound of `count` microphones arrives that is not silence. */
  hears(count) {
    return this.until(`to hear ${count} voices`, async () => {
      const loud = (await this.received('audio')).filter((stream) => stream.totalAudioEnergy > 0);
      return loud.length >= count && loud;
    });
  }

  async until(what, check, everyMs = 200) {
    try {
      return await waitFor(`${this.name} ${what}`, check, { timeoutMs: 30_000, everyMs });
    } catch (error) {
      const state = await this.inspect().catch((failure) => failure.message);
      error.message += `\nstate: ${JSON.stringify(state)}\nconsole:\n${this.page.consoleLines.slice(-30).join('\n')}`;
      throw error;
    }
  }

  async screenshot(path) {
    await this.page.screenshot({ path });
  }

  /** Is gone without a word, as when the machine's lid is closed: the page cannot say that it leaves. */
  async vanish() {
    await this.page.evaluate(() => {
      WebSocket.prototype.send = () => undefined;
    });
    await this.close();
  }

  async close() {
    await this.page.browserContext().close().catch(() => {});
  }
}
