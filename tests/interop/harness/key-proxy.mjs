// A delivery service of keys in front of a server that has none: passes everything on, and answers what is about keys itself.
import { createServer as createHttp, request } from 'node:http';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createServer as createVite } from 'vite';
import { WebSocket, WebSocketServer } from 'ws';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const own = new Set(['E2EE_READY', 'REKEY_COMMIT', 'E2EE_SYNC', 'E2EE_FAULT', 'REKEY_REQUEST']);
const toClient = { onPolicy: 'E2EE_POLICY', onBegin: 'REKEY_BEGIN', onCommit: 'REKEY_COMMIT', onActive: 'REKEY_ACTIVE', onKeyLog: 'KEY_LOG' };

/** Every room behind it is encrypted. */
export async function startKeyProxy(server) {
  const vite = await createVite({ root, configFile: false, logLevel: 'error', server: { middlewareMode: true, hmr: false, watch: null }, optimizeDeps: { noDiscovery: true } });
  const { DeliveryService } = await vite.ssrLoadModule('/web/sdk/tests/e2ee/delivery-service.ts');
  const rooms = new Map();
  const roomOf = (roomId) => {
    if (!rooms.has(roomId)) rooms.set(roomId, Object.assign(new DeliveryService(), { roomId }));
    return rooms.get(roomId);
  };
  const http = createHttp((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const onward = request({ host: '127.0.0.1', port: server.port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  const sockets = new WebSocketServer({ server: http });
  const lines = new Set();
  sockets.on('connection', (socket) => lines.add(new Line(socket, server, roomOf, lines)));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address();
  return {
    ...server,
    port,
    url: `http://127.0.0.1:${port}`,
    rooms,
    stop: async () => {
      for (const line of lines) line.close();
      http.closeAllConnections();
      http.close();
      await vite.close();
      await server.stop();
    },
  };
}

/** One client's connection and its continuation to the server. */
class Line {
  #seq = 0;
  #ids = 0;
  #waiting = [];
  #injected = new Set();
  #joins = new Map();
  #caps = {};
  deviceId;
  room;

  constructor(socket, server, roomOf, lines) {
    this.socket = socket;
    this.roomOf = roomOf;
    this.lines = lines;
    this.upstream = new WebSocket(server.wsUrl);
    this.upstream.on('open', () => this.#waiting.splice(0).forEach((frame) => this.#onward(frame)));
    this.upstream.on('message', (data) => this.#fromServer(JSON.parse(String(data)), String(data)));
    this.upstream.on('close', (code, reason) => socket.close(code >= 4000 ? code : 1001, String(reason)));
    this.upstream.on('error', () => socket.close());
    socket.on('message', (data) => this.#fromClient(JSON.parse(String(data))));
    socket.on('close', () => this.close());
  }

  close() {
    this.lines.delete(this);
    if (this.room?.clients.get(this.deviceId) === this.client) this.room?.clients.delete(this.deviceId);
    this.socket.close();
    this.upstream.close();
  }

  #onward(frame) {
    if (this.upstream.readyState !== WebSocket.OPEN) this.#waiting.push(frame);
    else this.upstream.send(JSON.stringify({ ...frame, seq: ++this.#seq }));
  }

  tell(type, payload) {
    if (this.socket.readyState === WebSocket.OPEN)
      this.socket.send(JSON.stringify({ v: 1, type, msgId: this.#id(), ts: Date.now(), payload: { roomId: this.room.roomId, ...payload } }));
  }

  #acknowledge(ackOfMsgId, error) {
    const ack = { ackOfMsgId, ok: error === undefined, ...(error && { error: { message: error.code, retryable: false, details: {}, ...error } }) };
    this.socket.send(JSON.stringify({ v: 1, type: 'ACK', msgId: this.#id(), ts: Date.now(), ack, payload: {} }));
  }

  #id() {
    return `proxy-${Math.random().toString(36).slice(2)}-${++this.#ids}`;
  }

  #fromClient(frame) {
    const { type, msgId, payload } = frame;
    if (type === 'E2EE_CAPS') {
      this.#caps = payload;
      frame = { ...frame, payload: { insertableStreams: true, sframe: true } };
    }
    if (type === 'ROOM_CREATE') frame = { ...frame, payload: { ...payload, e2eeProfile: undefined } };
    if (type === 'ROOM_JOIN') {
      if (!this.#caps.profiles?.includes('mls-sframe-v1')) return this.#acknowledge(msgId, { code: 'UNSUPPORTED_E2EE' });
      this.#joins.set(msgId, payload.roomId);
      this.deviceId = this.#caps.device.dev;
    }
    if (type === 'PEER_KICK') {
      this.#acknowledge(msgId);
      return this.#kick(payload.deviceId);
    }
    if (!own.has(type)) return this.#onward(frame);
    try {
      this.room.take(this.deviceId, type, payload);
      this.#acknowledge(msgId);
    } catch (error) {
      this.#acknowledge(msgId, { code: error.code ?? 'INTERNAL_ERROR', retryable: true });
    }
  }

  #kick(deviceId) {
    const victim = [...this.lines].find((line) => line.deviceId === deviceId && line.room === this.room);
    victim?.tell('PEER_LEFT', { userId: '', deviceId, reason: 'KICKED' });
    victim?.close();
    this.room.kick(deviceId);
  }

  #fromServer(frame, text) {
    const { type, ack } = frame;
    if (type === 'E2EE_POLICY' || type === 'REKEY_REQUIRED') return;
    if (ack !== undefined && this.#injected.delete(ack.ackOfMsgId)) return;
    const roomId = ack?.ok === true ? this.#joins.get(ack.ackOfMsgId) : undefined;
    if (roomId !== undefined) this.#enter(roomId);
    this.socket.send(text);
  }

  /** Between the room's snapshot and the join's ACK, where the server's own policy would come. */
  #enter(roomId) {
    this.room = this.roomOf(roomId);
    const readyId = this.#id();
    this.#injected.add(readyId);
    this.#onward({ v: 1, type: 'E2EE_READY', msgId: readyId, ts: Date.now(), payload: { roomId, epoch: 0 } });
    const keys = Object.fromEntries(Object.entries(toClient).map(([name, type]) => [name, (payload) => this.tell(type, payload)]));
    this.client = { dev: this.deviceId, keys };
    if (this.room.members.has(this.deviceId)) {
      this.room.clients.set(this.deviceId, this.client);
      this.tell('E2EE_POLICY', this.room.policy('resume'));
    } else this.room.enter(this.client);
  }
}
