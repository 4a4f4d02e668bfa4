// Not part of ./test.sh: what FlexFEC is worth to a real Chromium behind loss. npm run drill:flexfec -w tests/interop; the figures are those of docs/rtcp.md.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch } from './harness/browsers.mjs';
import { startImpairment } from './harness/impairment.mjs';
import { Participant } from './harness/participant.mjs';
import { drawnCamera, withoutCamera } from './harness/picture.mjs';
import { inboundVideo, takesRepairStream } from './harness/repair-stream.mjs';
import { startServer } from './harness/server.mjs';
import { picture } from './harness/watched-picture.mjs';

// It is repair that is measured, so the estimate has no say in what is sent.
const seconds = Number(process.env.DRILL_SECONDS ?? 40);
const loss = process.env.DRILL_LOSS ?? '5%';
const oneWay = process.env.DRILL_ONE_WAY ?? '100ms';
const names = [
  'framesDecoded', 'packetsReceived', 'packetsLost', 'fecPacketsReceived', 'fecPacketsDiscarded', 'fecBytesReceived', 'bytesReceived', 'retransmittedPacketsReceived',
  'nackCount', 'pliCount', 'freezeCount', 'totalFreezesDuration', 'jitterBufferDelay', 'jitterBufferEmittedCount',
];

for (const [what, codecs] of [['with FlexFEC', 'opus,vp8,flexfec-03'], ['without', 'opus,vp8']]) {
  test(`${what}: ${loss} lost, ${oneWay} each way`, { timeout: 180_000 }, async () => {
    const chromium = await launch('chromium');
    const server = await startServer({ env: { CALLS_CODECS: codecs, MEDIASOUP_WORKERS: '1', CALLS_CONGESTION_CONTROL: 'off' } });
    const plain = await startImpairment(server, { down: `delay=${oneWay},loss=${loss}`, up: `delay=${oneWay}` });
    try {
      const anna = await Participant.join(chromium, server, 'Anna', { prepare: (page) => drawnCamera(page, { width: 640, height: 360, boxes: 40 }) });
      const prepare = async (page) => {
        await withoutCamera(page);
        await plain.prepare(page);
        await takesRepairStream(page);
      };
      const sam = await Participant.join(chromium, server, 'Sam', { link: anna.link(), prepare, looksOnly: true });
      await sam.seesVideo(1);
      // Protection begins when reports have told of the loss.
      await new Promise((resolve) => setTimeout(resolve, 10_000));
      const before = await inboundVideo(sam.page);
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      const after = await inboundVideo(sam.page);
      const grown = Object.fromEntries(names.map((name) => [name, after[name] === undefined ? undefined : after[name] - (before[name] ?? 0)]));
      console.log(`${what}: ${JSON.stringify(grown)}`);
      if (process.env.DRILL_STORY) console.log((await sam.page.evaluate(() => window.__described)).split('\n').filter((line) => /flexfec|FEC-FR|a=ssrc/.test(line)).join('\n'));
      assert.ok((await picture(sam)).framesDecoded > 0);
      if (what === 'with FlexFEC') assert.ok(grown.fecPacketsReceived > 0, 'no repair packet was taken');
    } finally {
      await chromium.close();
      await plain.stop();
      await server.stop();
    }
  });
}
