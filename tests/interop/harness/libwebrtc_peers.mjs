// Two peers of libwebrtc outside a browser (@roamhq/wrtc) with an unmodified mediasoup-client; prints what each saw and heard.
// A process of its own: the addon aborts when Node tears it down, so whoever started this ends it.
import wrtc from '@roamhq/wrtc';
import { Door } from './door.mjs';
import { MediasoupPeer } from './mediasoup-peer.mjs';
import { waitFor } from './wait.mjs';

const { RTCVideoSource, RTCVideoSink, RTCAudioSource, RTCAudioSink } = wrtc.nonstandard;
Object.assign(globalThis, {
  RTCPeerConnection: wrtc.RTCPeerConnection,
  MediaStream: wrtc.MediaStream,
  MediaStreamTrack: wrtc.MediaStreamTrack,
  RTCRtpReceiver: wrtc.RTCRtpReceiver,
  RTCRtpSender: wrtc.RTCRtpSender,
});

const width = 320;
const height = 240;
const server = { url: process.argv[2], wsUrl: process.argv[3] };

function movingPicture() {
  const source = new RTCVideoSource();
  const data = new Uint8ClampedArray((width * height * 3) / 2);
  let n = 0;
  setInterval(() => {
    data.fill(128);
    for (let y = 0; y < height; y++) data.fill((y + n * 3) & 255, y * width, y * width + ((n * 7) % width));
    n++;
    source.onFrame({ width, height, data });
  }, 40);
  return source.createTrack();
}

function tone() {
  const source = new RTCAudioSource();
  const sampleRate = 48000;
  const samples = new Int16Array(sampleRate / 100);
  let t = 0;
  setInterval(() => {
    for (let i = 0; i < samples.length; i++) samples[i] = Math.sin((2 * Math.PI * 440 * t++) / sampleRate) * 12000;
    source.onData({ samples, sampleRate, bitsPerSample: 16, channelCount: 1, numberOfFrames: samples.length });
  }, 10);
  return source.createTrack();
}

function watchVideo(track) {
  const seen = { frames: 0, width: 0, height: 0 };
  const sink = new RTCVideoSink(track);
  sink.onframe = ({ frame }) => Object.assign(seen, { frames: seen.frames + 1, width: frame.width, height: frame.height });
  return seen;
}

function watchAudio(track) {
  const seen = { loudest: 0 };
  const sink = new RTCAudioSink(track);
  sink.ondata = ({ samples }) => {
    for (const sample of samples) seen.loudest = Math.max(seen.loudest, Math.abs(sample));
  };
  return seen;
}

async function call() {
  const doorA = await Door.open(server, 'anna');
  const a = await MediasoupPeer.join(doorA, await doorA.create('libwebrtc-room'), 'Chrome111');
  await a.produce(movingPicture());
  await a.produce(tone());

  // Ben comes later: what is already in the room reaches him through the snapshot.
  const doorB = await Door.open(server, 'ben');
  const added = [];
  doorA.on('PRODUCER_ADDED', (payload) => added.push(payload.producerId));
  const b = await MediasoupPeer.join(doorB, await doorB.join('libwebrtc-room', doorA.joinToken), 'Chrome111');
  await b.produce(movingPicture());
  await b.produce(tone());

  const seenByB = await consumeAll(b, doorB.snapshot.producers.map(({ producerId }) => producerId));
  await waitFor('both of the later producers to be announced', () => added.length === 2);
  const seenByA = await consumeAll(a, added);
  for (const [who, seen] of [['the first peer', seenByA], ['the second peer', seenByB]]) {
    await waitFor(`${who} to decode video`, () => seen.video.frames >= 10);
    await waitFor(`${who} to hear the tone`, () => seen.audio.loudest > 3000);
  }
  return { seenByA, seenByB, producersInSnapshot: doorB.snapshot.producers.length };
}

async function consumeAll(peer, producerIds) {
  const seen = {};
  for (const producerId of producerIds) {
    const consumer = await peer.consume(producerId);
    seen[consumer.kind] = consumer.kind === 'video' ? watchVideo(consumer.track) : watchAudio(consumer.track);
  }
  return seen;
}

const result = await call().catch((error) => ({ error: error.stack }));
console.log(JSON.stringify(result));
