// A peer on werift's ORTC objects: sends made-up Opus and VP8 packets, counts what arrives by SSRC.
import { randomInt } from 'node:crypto';
import { IceCandidate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport, RTCIceGatherer, RTCIceTransport, RtpHeader } from 'werift';

const SRTP_AES128_CM_HMAC_SHA1_80 = 1;
const codecs = {
  audio: { mimeType: 'audio/opus', payloadType: 96, clockRate: 48000, channels: 2, parameters: {}, rtcpFeedback: [] },
  video: { mimeType: 'video/VP8', payloadType: 97, clockRate: 90000, parameters: {}, rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }] },
};
const capabilities = {
  codecs: Object.entries(codecs).map(([kind, { payloadType, ...codec }]) => ({ ...codec, kind, preferredPayloadType: payloadType })),
  headerExtensions: [],
};
const ticks = { audio: 960, video: 1800 };
const payloads = {
  audio: Buffer.concat([Buffer.from([0x78]), Buffer.from('opusopus')]),
  // RFC 7741 §4.2: start of a partition; §4.3: a key frame of 320×240, so that a consumer may begin with any packet.
  video: Buffer.concat([Buffer.from([0x10, 0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00]), Buffer.from('vp8-vp8-')]),
};

export class WeriftPeer {
  /** By SSRC: packets decrypted and parsed, payload type, last packet. */
  received = new Map();
  reports = 0;
  #timers = [];
  #transports = [];

  /** `peers` collects what has to be closed, also when joining fails. */
  static async join(door, dtlsRole, peers) {
    const peer = new WeriftPeer();
    peers.push(peer);
    peer.door = door;
    [peer.send, peer.recv] = await Promise.all([peer.#connect('send', dtlsRole), peer.#connect('recv', dtlsRole)]);
    peer.recv.dtls.onRtp.subscribe((packet) => peer.#count(packet));
    peer.send.dtls.onRtcp.subscribe((packet) => (peer.reports += packet.type === 201 ? 1 : 0));
    return peer;
  }

  async produce(kind) {
    const ssrc = randomInt(1, 2 ** 32 - 1);
    const rtpParameters = { mid: kind, codecs: [codecs[kind]], headerExtensions: [], encodings: [{ ssrc }], rtcp: { cname: 'werift', reducedSize: true } };
    await this.door.request('PRODUCE', { roomId: this.door.roomId, transportId: this.send.id, kind, rtpParameters });
    let sequenceNumber = randomInt(0, 2 ** 16);
    let timestamp = randomInt(0, 2 ** 32 - 1);
    this.#timers.push(
      setInterval(() => {
        const header = new RtpHeader({ version: 2, ssrc, payloadType: codecs[kind].payloadType, sequenceNumber, timestamp, marker: true });
        this.send.dtls.sendRtp(payloads[kind], header);
        sequenceNumber = (sequenceNumber + 1) & 0xffff;
        timestamp = (timestamp + ticks[kind]) >>> 0;
      }, 20),
    );
  }

  async consume(producerId) {
    const { door } = this;
    const { kind, rtpParameters } = await door.ask(
      'CONSUME',
      { roomId: door.roomId, transportId: this.recv.id, producerId, rtpCapabilities: capabilities },
      'CONSUMER_ADDED',
    );
    return { kind, ssrc: rtpParameters.encodings[0].ssrc, payloadType: rtpParameters.codecs[0].payloadType };
  }

  async close() {
    this.#timers.forEach(clearInterval);
    for (const { ice, dtls } of this.#transports) {
      await dtls.stop();
      await ice.stop();
    }
  }

  async #connect(direction, role) {
    const { door } = this;
    const created = await door.ask('TRANSPORT_CREATE', { roomId: door.roomId, direction }, 'TRANSPORT_CREATED');
    const ice = new RTCIceTransport(new RTCIceGatherer({}));
    const dtls = new RTCDtlsTransport({}, ice, await RTCDtlsTransport.SetupCertificate(), [SRTP_AES128_CM_HMAC_SHA1_80]);
    this.#transports.push({ ice, dtls });
    dtls.role = role;
    ice.connection.iceControlling = true;
    ice.connection.stunServer = undefined; // by default it asks one on the Internet
    const { fingerprints } = dtls.localParameters;
    await door.request('TRANSPORT_CONNECT', { roomId: door.roomId, transportId: created.transportId, dtlsParameters: { role, fingerprints } });

    await ice.gather();
    ice.setRemoteParams({ ...created.iceParameters, iceLite: true });
    for (const c of created.iceCandidates.filter(({ protocol }) => protocol === 'udp')) {
      await ice.addRemoteCandidate(new IceCandidate(1, c.foundation, c.address, c.port, c.priority, c.protocol, c.type));
    }
    await ice.addRemoteCandidate(undefined);
    await ice.start();
    const theirs = created.dtlsParameters.fingerprints.map(({ algorithm, value }) => new RTCDtlsFingerprint(algorithm, value));
    dtls.setRemoteParams(new RTCDtlsParameters(theirs, 'auto'));
    await dtls.start();
    return { id: created.transportId, ice, dtls };
  }

  #count({ header, payload }) {
    const entry = this.received.get(header.ssrc) ?? { packets: 0 };
    this.received.set(header.ssrc, entry);
    Object.assign(entry, { packets: entry.packets + 1, payloadType: header.payloadType, last: { payload } });
  }
}
