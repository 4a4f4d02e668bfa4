// werift (TypeScript: ICE, DTLS, SRTP and RTP all its own), both DTLS roles, both ways through the real server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Door } from './harness/door.mjs';
import { startServer } from './harness/server.mjs';
import { waitFor } from './harness/wait.mjs';
import { WeriftPeer } from './harness/werift-peer.mjs';

let server;
const peers = [];

before(async () => {
  server = await startServer();
});
after(async () => {
  await Promise.all(peers.map((peer) => peer.close()));
  await server?.stop();
});

for (const dtlsRole of ['client', 'server']) {
  test(`two werift peers as DTLS ${dtlsRole} exchange Opus and VP8 packets`, async () => {
    const doors = [await Door.open(server, 'anna'), await Door.open(server, 'ben')];
    await doors[0].create(`werift-${dtlsRole}`);
    await doors[1].join(`werift-${dtlsRole}`, doors[0].joinToken);
    const announced = doors.map((door) => {
      const list = [];
      door.on('PRODUCER_ADDED', ({ producerId }) => list.push(producerId));
      return list;
    });
    const pair = await Promise.all(doors.map((door) => WeriftPeer.join(door, dtlsRole, peers)));
    for (const peer of pair) {
      await peer.produce('audio');
      await peer.produce('video');
    }
    await waitFor('all producers to be announced', () => announced.every((list) => list.length === 2));
    for (const [i, peer] of pair.entries()) {
      const consumers = [];
      for (const producerId of announced[i]) consumers.push(await peer.consume(producerId));
      for (const { kind, ssrc, payloadType } of consumers) {
        const { payload } = await waitFor(`50 packets of ${kind}`, () => peer.received.get(ssrc)?.packets >= 50 && peer.received.get(ssrc).last);
        assert.equal(peer.received.get(ssrc).payloadType, payloadType);
        // The bytes the other peer sent, not merely some bytes: decryption and forwarding changed nothing.
        assert.equal(payload.subarray(-8).toString('latin1'), kind === 'audio' ? 'opusopus' : 'vp8-vp8-');
      }
      // What the server says of what it received: werift reads SRTCP too.
      await waitFor('receiver reports', () => peer.reports > 0);
    }
    for (const door of doors) door.close();
  });
}
