// A page whose signalling can be watched and held up from outside.

/** To be called before the page is opened: notes the epochs that the server announces, can swallow what the page says, and spoil what it hears. */
export async function watchedSignalling(page) {
  await page.evaluateOnNewDocument(() => {
    const state = { epochs: [], swallow: [], swallowed: 0, spoil: false, deaf: false, leases: 0 };
    const Native = window.WebSocket;
    window.WebSocket = class extends Native {
      constructor(...given) {
        super(...given);
        // Heard before the page does, which sets its own listener later.
        this.addEventListener('message', (event) => {
          const message = JSON.parse(event.data);
          const { type, payload } = message;
          if (state.deaf && type === 'REKEY_BEGIN' && payload.leaseId !== undefined) {
            state.leases++;
            event.stopImmediatePropagation();
          }
          if (type !== 'REKEY_COMMIT') return;
          state.epochs.push(payload.epoch);
          if (!state.spoil || payload.mls?.commit === undefined) return;
          state.spoil = false;
          event.stopImmediatePropagation();
          const { commit } = payload.mls;
          payload.mls.commit = commit.slice(0, -8) + (commit.at(-8) === 'A' ? 'B' : 'A') + commit.slice(-7);
          this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }));
        });
      }
      send(data) {
        if (state.swallow.length > 0 && state.swallow.includes(JSON.parse(data).type)) state.swallowed++;
        else super.send(data);
      }
    };
    window.__signalling = state;
  });
}

/** From now on messages of these types get lost on their way to the server; none do without a type. */
export function swallow(person, ...types) {
  return person.page.evaluate((given) => void Object.assign(window.__signalling, { swallow: given, swallowed: 0 }), types);
}

/** The next commit arrives here with a bit turned over. */
export function spoilNextCommit(person) {
  return person.page.evaluate(() => {
    window.__signalling.spoil = true;
  });
}

/** Whether the page does not hear that it may commit: without that it comes to no new keys. The server offers it again, three times. */
export function deafToLeases(person, deaf) {
  return person.page.evaluate((given) => void Object.assign(window.__signalling, { deaf: given, leases: 0 }), deaf);
}

/** How many leases it did not hear of. */
export function leasesMissed(person) {
  return person.page.evaluate(() => window.__signalling.leases);
}

/** How many were swallowed. */
export function swallowed(person) {
  return person.page.evaluate(() => window.__signalling.swallowed);
}

/** The epochs that were announced to this page since it was loaded, in the order in which they came. */
export function announcedEpochs(person) {
  return person.page.evaluate(() => window.__signalling.epochs);
}
