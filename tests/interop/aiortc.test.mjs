// aiortc (Python, its own ICE, OpenSSL through cryptography, libsrtp), both DTLS roles, both ways through the real server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Aiortc } from './harness/aiortc.mjs';
import { Door } from './harness/door.mjs';
import { startServer } from './harness/server.mjs';
import { waitFor } from './harness/wait.mjs';

let server;
const peers = [];

// The server listens everywhere and announces 127.0.0.1, aiortc never sends from there: it takes answers only from the address it asked.
before(async () => {
  server = await startServer({ env: { SFU_ANNOUNCED_IP: '127.0.0.1' } });
});
after(async () => {
  await Promise.all(peers.map((peer) => peer.stop()));
  await server?.stop();
});

const audioCodecs = [{ mimeType: 'audio/opus', payloadType: 96, clockRate: 48000, channels: 2, parameters: { useinbandfec: 1 }, rtcpFeedback: [] }];
const videoCodecs = [
  {
    mimeType: 'video/VP8',
    payloadType: 97,
    clockRate: 90000,
    parameters: {},
    rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
  },
  { mimeType: 'video/rtx', payloadType: 98, clockRate: 90000, parameters: { apt: 97 }, rtcpFeedback: [] },
];
const mid = [{ uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 1 }];

/** Joins with both transports connected; `dtlsRole` is what aiortc plays. */
async function joinWith(dtlsRole, door) {
  const peer = new Aiortc();
  peers.push(peer);
  for (const name of ['send', 'recv']) {
    const remote = await door.ask('TRANSPORT_CREATE', { roomId: door.roomId, direction: name }, 'TRANSPORT_CREATED');
    const { dtlsParameters } = await peer.call('transport', { name, dtlsRole });
    await door.request('TRANSPORT_CONNECT', { roomId: door.roomId, transportId: remote.transportId, dtlsParameters });
    const { state } = await peer.call('connect', { name, remote });
    assert.equal(state, 'connected');
    peer[name] = remote.transportId;
  }
  return peer;
}

async function produce(peer, door, kind) {
  const codecs = kind === 'audio' ? audioCodecs : videoCodecs;
  const { rtpParameters } = await peer.call('sender', { name: 'send', kind, codecs, headerExtensions: mid });
  await door.request('PRODUCE', { roomId: door.roomId, transportId: peer.send, kind, rtpParameters });
  await peer.call('send', { kind });
}

async function consume(peer, door, producerId) {
  const rtpCapabilities = { codecs: [...audioCodecs, ...videoCodecs].map(toCapability), headerExtensions: [{ kind: 'audio', uri: mid[0].uri, preferredId: 1 }, { kind: 'video', uri: mid[0].uri, preferredId: 1 }] };
  const added = await door.ask('CONSUME', { roomId: door.roomId, transportId: peer.recv, producerId, rtpCapabilities }, 'CONSUMER_ADDED');
  await peer.call('receive', { name: 'recv', consumerId: added.consumerId, kind: added.kind, rtpParameters: added.rtpParameters });
  return added.kind;
}

function toCapability({ payloadType, mimeType, ...codec }) {
  return { ...codec, mimeType, kind: mimeType.split('/')[0], preferredPayloadType: payloadType };
}

async function seen(peer, kind) {
  const { seen } = await peer.call('stats');
  return Object.values(seen).find((entry) => entry.kind === kind) ?? {};
}

for (const dtlsRole of ['client', 'server']) {
  test(`two aiortc peers as DTLS ${dtlsRole} hear and see each other`, async () => {
    const doorA = await Door.open(server, 'anna');
    const doorB = await Door.open(server, 'ben');
    await doorA.create(`aiortc-${dtlsRole}`);
    await doorB.join(`aiortc-${dtlsRole}`, doorA.joinToken);
    const a = await joinWith(dtlsRole, doorA);
    const b = await joinWith(dtlsRole, doorB);
    const announced = { a: [], b: [] };
    doorA.on('PRODUCER_ADDED', ({ producerId }) => announced.a.push(producerId));
    doorB.on('PRODUCER_ADDED', ({ producerId }) => announced.b.push(producerId));
    for (const [peer, door] of [[a, doorA], [b, doorB]]) {
      await produce(peer, door, 'audio');
      await produce(peer, door, 'video');
    }
    await waitFor('all producers to be announced', () => announced.a.length === 2 && announced.b.length === 2);
    for (const [peer, door, producers] of [[a, doorA, announced.a], [b, doorB, announced.b]]) {
      for (const producerId of producers) await consume(peer, door, producerId);
    }
    for (const peer of [a, b]) {
      const video = await waitFor('video to be decoded', async () => {
        const entry = await seen(peer, 'video');
        return entry.frames >= 10 && entry;
      });
      assert.deepEqual([video.width, video.height], [320, 240]);
      await waitFor('the tone to be heard', async () => (await seen(peer, 'audio')).loudest > 3000);
    }
    doorA.close();
    doorB.close();
  });
}
