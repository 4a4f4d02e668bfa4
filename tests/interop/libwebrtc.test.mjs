// libwebrtc outside a browser with an unmodified mediasoup-client, both ways through the real server.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startChild, stopChild } from './harness/children.mjs';
import { startServer } from './harness/server.mjs';

let server;
let peers;

before(async () => {
  server = await startServer();
});
after(async () => {
  if (peers) await stopChild(peers);
  await server?.stop();
});

test('two libwebrtc peers hear and see each other', async () => {
  peers = startChild(process.execPath, [fileURLToPath(new URL('harness/libwebrtc_peers.mjs', import.meta.url)), server.url, server.wsUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await Promise.race([once(createInterface({ input: peers.stdout }), 'line'), failWhenEnded(peers)]);
  const { error, seenByA, seenByB, producersInSnapshot } = JSON.parse(line);
  assert.equal(error, undefined);
  assert.equal(producersInSnapshot, 2);
  for (const seen of [seenByA, seenByB]) {
    assert.deepEqual([seen.video.width, seen.video.height], [320, 240]);
    assert.ok(seen.video.frames >= 10 && seen.audio.loudest > 3000, JSON.stringify(seen));
  }
});

async function failWhenEnded(child) {
  const [code, signal] = await once(child, 'exit');
  throw new Error(`the peers ended with ${signal ?? code}`);
}
