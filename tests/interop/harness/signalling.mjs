// A page whose signalling can be watched and held up from outside.

/** To be called before the page is opened: notes the epochs that the server announces, and can swallow what the page says. */
export async function watchedSignalling(page) {
  await page.evaluateOnNewDocument(() => {
    const state = { epochs: [], swallow: undefined, swallowed: 0 };
    const Native = window.WebSocket;
    window.WebSocket = class extends Native {
      constructor(...given) {
        super(...given);
        this.addEventListener('message', ({ data }) => {
          const { type, payload } = JSON.parse(data);
          if (type === 'REKEY_COMMIT') state.epochs.push(payload.epoch);
        });
      }
      send(data) {
        if (state.swallow !== undefined && JSON.parse(data).type === state.swallow) state.swallowed++;
        else super.send(data);
      }
    };
    window.__signalling = state;
  });
}

/** From now on messages of this type get lost on their way to the server; none do without a type. */
export function swallow(person, type) {
  return person.page.evaluate((given) => Object.assign(window.__signalling, { swallow: given, swallowed: 0 }), type);
}

/** How many were swallowed. */
export function swallowed(person) {
  return person.page.evaluate(() => window.__signalling.swallowed);
}

/** The epochs that were announced to this page since it was loaded, in the order in which they came. */
export function announcedEpochs(person) {
  return person.page.evaluate(() => window.__signalling.epochs);
}
