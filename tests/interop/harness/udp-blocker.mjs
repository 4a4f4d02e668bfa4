// Puts a page into a network where no UDP gets through, as far as a page can tell: it never hears of the server's UDP candidates.

/** To be called before the page is opened. */
export async function blockUdp(page) {
  await page.evaluateOnNewDocument(() => {
    const connections = [];
    const Native = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Native {
      constructor(...given) {
        super(...given);
        connections.push(this);
      }
    };

    const withoutUdp = (text) => {
      const frame = JSON.parse(text);
      if (frame.payload?.iceCandidates) frame.payload.iceCandidates = frame.payload.iceCandidates.filter(({ protocol }) => protocol !== 'udp');
      return JSON.stringify(frame);
    };
    // Registered before any of the page's own listeners, so that it can put another event in the place of the first.
    const passed = new WeakSet();
    window.WebSocket = class extends window.WebSocket {
      constructor(...given) {
        super(...given);
        this.addEventListener('message', (event) => {
          if (passed.has(event) || typeof event.data !== 'string') return;
          event.stopImmediatePropagation();
          const changed = new MessageEvent('message', { data: withoutUdp(event.data), origin: event.origin });
          passed.add(changed);
          this.dispatchEvent(changed);
        });
      }
    };

    window.__selectedPairs = () =>
      Promise.all(
        connections
          .filter(({ connectionState }) => connectionState === 'connected')
          .map(async (connection) => {
            const stats = await connection.getStats();
            const transport = [...stats.values()].find(({ type }) => type === 'transport');
            const pair = stats.get(transport.selectedCandidatePairId);
            const local = stats.get(pair.localCandidateId);
            const remote = stats.get(pair.remoteCandidateId);
            return { protocol: local.protocol, local: local.address, remote: `${remote.address}:${remote.port}/${remote.protocol}` };
          }),
      );
  });
}

/** The selected candidate pair of each connection of such a page. */
export function selectedPairs(page) {
  return page.evaluate(() => window.__selectedPairs());
}
