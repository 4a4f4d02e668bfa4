// Real browsers with fake devices, driven from outside the page.
import puppeteer from 'puppeteer-core';

const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--auto-select-desktop-capture-source=Entire screen',
  '--auto-accept-this-tab-capture',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  // A page in the background must go on sending: the tests look at several pages of one browser.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

const firefoxPreferences = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  // Loopback candidates, because everything here is one machine.
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
};

/** Chromium, or Firefox over WebDriver BiDi. */
export function launch(browser) {
  return browser === 'firefox'
    ? puppeteer.launch({ browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: true, extraPrefsFirefox: firefoxPreferences })
    : puppeteer.launch({ executablePath: '/usr/bin/chromium', headless: true, args: chromiumArguments });
}

/** A participant: a page of its own profile, with what it printed to its console. */
export async function openPage(browser, viewport = { width: 1280, height: 800 }) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport(viewport).catch(() => {});
  page.consoleLines = [];
  page.on('console', (message) => {
    page.consoleLines.push(`${message.type()}: ${message.text()}`);
    if (page.consoleLines.length > 200) page.consoleLines.shift();
  });
  page.on('pageerror', (error) => page.consoleLines.push(`uncaught: ${error.message}`));
  return page;
}
