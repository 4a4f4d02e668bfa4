// A bad network between one page and the server: `crosspoint impair`, and candidates that lead the page there.
import { createInterface } from 'node:readline';
import { startChild, stopChild } from './children.mjs';
import { binary } from './server.mjs';

const address = process.env.CROSSPOINT_TEST_ADDRESS ?? '127.0.0.1';

/** Starts a proxy in front of the server's UDP port. Plans are those of docs/operations/drills.md. */
export async function startImpairment(server, { up = '', down = '' } = {}) {
  const child = startChild(binary, ['impair', '--listen', `${address}:0`, '--to', `${address}:${server.rtcPort}`, '--up', up, '--down', down], { stdio: ['pipe', 'pipe', 'pipe'] });
  const errors = [];
  child.stderr.setEncoding('utf8').on('data', (text) => errors.push(text));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`crosspoint impair ended: ${errors.join('')}`);
    return value;
  };
  const port = Number(/impair: [^ ]*:(\d+) ->/.exec(await next())[1]);
  return {
    /** Another plan for everybody, from now on: "rate=300kbit,delay=20ms". */
    async order(direction, plan) {
      child.stdin.write(`${direction} ${plan}\n`);
      const answer = await next();
      if (answer !== 'ok') throw new Error(`impair ${direction} ${plan}: ${answer}`);
    },
    /** To be called before the page is opened: it meets the server through here, and nowhere else. */
    prepare: (page) => leadThrough(page, port),
    stop: () => stopChild(child, 'SIGKILL'),
  };
}

/** Puts the proxy's port into the server's UDP candidates, and leaves the TCP ones out. */
async function leadThrough(page, port) {
  await page.evaluateOnNewDocument((proxyPort) => {
    const changed = (text) => {
      const frame = JSON.parse(text);
      const { iceCandidates } = frame.payload ?? {};
      if (iceCandidates) frame.payload.iceCandidates = iceCandidates.filter(({ protocol }) => protocol === 'udp').map((one) => ({ ...one, port: proxyPort }));
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
          const other = new MessageEvent('message', { data: changed(event.data), origin: event.origin });
          passed.add(other);
          this.dispatchEvent(other);
        });
      }
    };
  }, port);
}
