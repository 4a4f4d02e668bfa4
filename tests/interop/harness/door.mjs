// A client of the calls door written from docs/protocol/calls.md alone, so that it shares no code with the SDK.
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import WebSocket from 'ws';

export class DoorError extends Error {
  constructor(error) {
    super(`${error.code}: ${error.message}`);
    this.code = error.code;
    this.details = error.details;
    this.retryable = error.retryable;
  }
}

export class Door extends EventEmitter {
  #socket;
  #seq = 0;
  #pending = new Map();
  /** Every frame the server sent that is not an ACK, oldest first. */
  frames = [];

  static async open(server, name) {
    const door = new Door();
    const response = await fetch(`${server.url}/api/dev/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });
    if (!response.ok) throw new Error(`dev token: ${response.status} ${await response.text()}`);
    const { accessToken, token } = await response.json();
    door.#socket = new WebSocket(server.wsUrl);
    door.#socket.on('message', (data) => door.#onFrame(JSON.parse(data.toString())));
    door.#socket.on('close', (code) => door.#onClose(code));
    await once(door.#socket, 'open');
    door.deviceId = `device-${name}-${randomUUID().slice(0, 8)}`;
    await door.request('HELLO', { client: { platform: 'web', appVersion: '1', deviceId: door.deviceId } });
    await door.request('AUTH', { accessToken: accessToken ?? token });
    await door.request('E2EE_CAPS', { insertableStreams: true, sframe: true });
    return door;
  }

  /** Sends one request; resolves with the frames that came between request and ACK. */
  request(type, payload) {
    const msgId = randomUUID();
    const from = this.frames.length;
    this.#socket.send(JSON.stringify({ v: 1, type, msgId, ts: Date.now(), seq: ++this.#seq, payload }));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(msgId);
        reject(new Error(`no ACK for ${type}`));
      }, 10_000);
      this.#pending.set(msgId, { timer, resolve: () => resolve(this.frames.slice(from)), reject });
    });
  }

  /** Sends one request and resolves with the payload of the reply of the given type. */
  async ask(type, payload, replyType) {
    const frames = await this.request(type, payload);
    const reply = frames.findLast((frame) => frame.type === replyType);
    if (!reply) throw new Error(`${type} was acknowledged without ${replyType}`);
    return reply.payload;
  }

  /** Creates a room that anybody with its link may enter, and joins it. */
  async create(roomId) {
    const created = await this.ask('ROOM_CREATE', { roomId, access: 'link' }, 'ROOM_CREATED');
    this.joinToken = created.joinToken;
    return this.join(roomId, created.joinToken);
  }

  async join(roomId, joinToken) {
    this.roomId = roomId;
    const frames = await this.request('ROOM_JOIN', { roomId, joinToken });
    const payload = (type) => frames.find((frame) => frame.type === type).payload;
    const joined = payload('ROOM_JOIN_OK');
    this.snapshot = payload('ROOM_SNAPSHOT');
    await this.request('E2EE_READY', { roomId, epoch: this.#currentEpoch(joined.epoch) });
    this.on('REKEY_COMMIT', ({ epoch }) => this.request('E2EE_READY', { roomId, epoch }).catch(() => {}));
    const router = await this.ask('GET_ROUTER_RTP_CAPABILITIES', { roomId }, 'ROUTER_RTP_CAPABILITIES');
    return router.routerRtpCapabilities;
  }

  close() {
    this.#socket.close();
  }

  #currentEpoch(fallback) {
    return this.frames.findLast((frame) => frame.type === 'REKEY_COMMIT')?.payload.epoch ?? fallback;
  }

  #onFrame(frame) {
    if (!frame.ack) {
      this.frames.push(frame);
      this.emit(frame.type, frame.payload);
      return;
    }
    const pending = this.#pending.get(frame.ack.ackOfMsgId);
    if (!pending) return;
    this.#pending.delete(frame.ack.ackOfMsgId);
    clearTimeout(pending.timer);
    if (frame.ack.ok) pending.resolve();
    else pending.reject(new DoorError(frame.ack.error));
  }

  #onClose(code) {
    for (const { timer, reject } of this.#pending.values()) {
      clearTimeout(timer);
      reject(new Error(`the socket closed with ${code}`));
    }
    this.#pending.clear();
    this.emit('closed', code);
  }
}
