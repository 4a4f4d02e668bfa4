// Two devices in one page: real workers, real peer connections to each other, no server. What the tests ask for is on window.loopback.
import { trustNobody } from '../../../../web/sdk/src/e2ee/identity/trust.js';
import { FrameTransforms, failClosedSettings, transformSupport } from '../../../../web/sdk/src/e2ee/media/frame-transforms.js';
import { amountSent } from '../../../../web/sdk/src/e2ee/media/plaintext-watch.js';
import { memberId } from '../../../../web/sdk/src/e2ee/member-id.js';
import { StreamKind } from '../../../../web/sdk/src/e2ee/sframe/kid.js';
import { CoreClient, startWorker } from '../../../../web/sdk/src/e2ee/worker/client.js';

const groupId = new TextEncoder().encode('loopback');
const crashed: string[] = [];

class Device {
  readonly client = new CoreClient(startWorker(), () => crashed.push(this.dev));
  readonly transforms = new FrameTransforms(this.client);
  constructor(readonly dev: string) {}
  async open() {
    return await this.client.request('open', { userId: `u-${this.dev}`, deviceId: this.dev, trust: trustNobody, roomSecret: undefined, attestation: undefined });
  }
}

const a = new Device('a');
const b = new Device('b');
let epoch = 0;

async function spread(prepared: { commit: Uint8Array<ArrayBuffer> | undefined; tag: Uint8Array<ArrayBuffer> }, to: readonly Device[]) {
  const roomEpoch = ++epoch;
  const { commit, tag } = prepared;
  await Promise.all(to.map(({ client }) => client.request('process', { commit, tag, removes: [], roomEpoch })));
  await Promise.all(to.map(({ client }) => client.request('activate', { roomEpoch, overlapMs: 2_000 })));
}

async function begin() {
  await Promise.all([a.open(), b.open()]);
  await spread(await a.client.request('create', { groupId }), [a]);
  const created = await a.client.request('commit', { removes: [] });
  await spread(created, [a]);
  await spread(await b.client.request('join', { groupId, groupInfo: created.groupInfo, mlsEpoch: undefined }), [a, b]);
}

const rekey = async (by: Device) => await spread(await by.client.request('commit', { removes: [] }), [a, b]);

function picture(): MediaStream {
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  let turn = 0;
  setInterval(() => {
    context.fillStyle = `hsl(${(turn += 7) % 360} 70% 50%)`;
    context.fillRect(0, 0, 640, 360);
    context.fillStyle = '#000';
    context.fillRect(turn % 600, (turn * 3) % 320, 40, 40);
  }, 33);
  return canvas.captureStream(30);
}

function tone(): MediaStream {
  const context = new AudioContext();
  void context.resume();
  const oscillator = new OscillatorNode(context, { frequency: 330 });
  const out = new MediaStreamAudioDestinationNode(context);
  oscillator.connect(out);
  oscillator.start();
  return out.stream;
}

interface Line {
  readonly sender: RTCRtpSender;
  readonly receiver: () => RTCRtpReceiver | undefined;
  readonly stream: string;
}

interface Options {
  readonly kind: 'audio' | 'video';
  readonly codec?: string;
  readonly scalabilityMode?: string;
  /** Set the sender's transform so long after it was made; -1 never. */
  readonly lateMs?: number;
  /** Whether the receiver decrypts. */
  readonly decrypt?: boolean;
}

let lines = 0;

/** a sends to b. */
async function connect({ kind, codec, scalabilityMode, lateMs, decrypt = true }: Options): Promise<Line> {
  const stream = `${kind}${++lines}`;
  const [track] = kind === 'video' ? picture().getVideoTracks() : tone().getAudioTracks();
  const [from, to] = [new RTCPeerConnection(failClosedSettings), new RTCPeerConnection(failClosedSettings)];
  from.onicecandidate = ({ candidate }) => candidate && to.addIceCandidate(candidate);
  to.onicecandidate = ({ candidate }) => candidate && from.addIceCandidate(candidate);
  const streamKind = kind === 'audio' ? StreamKind.audio : StreamKind.camera;
  let receiver: RTCRtpReceiver | undefined;
  to.ontrack = event => {
    receiver = event.receiver;
    // Sound that nobody plays is not decoded.
    if (kind === 'audio') void Object.assign(new Audio(), { srcObject: new MediaStream([event.track]) }).play();
    if (decrypt) void b.transforms.attach(receiver, { side: 'receive', stream, kind: streamKind, member: memberId('u-a', 'a'), codec: undefined });
  };
  const encodings = scalabilityMode === undefined ? [{}] : [{ scalabilityMode }];
  const transceiver = from.addTransceiver(track as MediaStreamTrack, { direction: 'sendonly', sendEncodings: encodings as RTCRtpEncodingParameters[] });
  const role = { side: 'send', stream, kind: streamKind } as const;
  if (lateMs === undefined) void a.transforms.attach(transceiver.sender, role);
  else if (lateMs >= 0) setTimeout(() => void a.transforms.attach(transceiver.sender, role).catch(() => undefined), lateMs);
  const { codecs = [] } = RTCRtpSender.getCapabilities(kind) ?? {};
  const wanted = codec ?? (kind === 'audio' ? 'audio/opus' : 'video/VP8');
  transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => mimeType.toLowerCase() === wanted.toLowerCase()));
  await from.setLocalDescription();
  await to.setRemoteDescription(from.localDescription as RTCSessionDescription);
  await to.setLocalDescription();
  await from.setRemoteDescription(to.localDescription as RTCSessionDescription);
  return { sender: transceiver.sender, receiver: () => receiver, stream };
}

const open = new Map<string, Line>();

async function report(stream: string) {
  const line = open.get(stream) as Line;
  const sent = amountSent((await line.sender.getStats()).values());
  const inbound = [...((await line.receiver()?.getStats())?.values() ?? [])].find(({ type }) => type === 'inbound-rtp');
  const seen = (await a.client.request('counts', {}))[stream];
  const heard = (await b.client.request('counts', {}))[stream];
  const { framesDecoded = 0, framesReceived = 0, packetsReceived = 0, totalSamplesReceived = 0, concealedSamples = 0, totalFreezesDuration = 0, keyFramesDecoded = 0 } = inbound ?? {};
  return { sent, seen, heard, framesDecoded, framesReceived, packetsReceived, totalSamplesReceived, concealedSamples,  totalFreezesDuration, keyFramesDecoded, crashed };
}

Object.assign(window, {
  loopback: {
    support: transformSupport(),
    begin,
    connect: async (options: Options) => {
      const line = await connect(options);
      open.set(line.stream, line);
      return line.stream;
    },
    rekey: (by: 'a' | 'b') => rekey(by === 'a' ? a : b),
    mute: (muted: boolean) => a.client.request('mute', { muted }),
    report,
  },
});
