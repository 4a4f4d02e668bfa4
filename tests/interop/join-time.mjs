// From click to first decoded remote frame in Chromium: `npm run bench:join -- 20` prints each join, p50 and p95.
import { launch } from './harness/browsers.mjs';
import { Participant } from './harness/participant.mjs';
import { startServer } from './harness/server.mjs';

const joins = Number(process.argv[2] ?? 20);
const server = await startServer();
const browser = await launch('chromium');
try {
  const host = await Participant.join(browser, server, 'Host');
  const times = [];
  for (let i = 0; i < joins; i++) {
    const guest = await Participant.join(browser, server, `Guest ${i + 1}`, { link: host.link() });
    const { timings } = await guest.until('to see the first picture', async () => {
      const state = await guest.inspect();
      return state.timings.firstRemoteFrameMs !== undefined && state;
    });
    times.push(timings.firstRemoteFrameMs);
    console.log(`join ${i + 1}: ${timings.firstRemoteFrameMs.toFixed(0)} ms (in the room after ${timings.joinedMs.toFixed(0)} ms)`);
    await guest.close();
  }
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.ceil(share * times.length) - 1)].toFixed(0);
  console.log(`click to first decoded remote frame, ${joins} joins: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`);
} finally {
  await browser.close();
  await server.stop();
}
