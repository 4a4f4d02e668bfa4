// A page whose worker is not quite the SDK's: it keeps its keys and its connections when it is told to go, and lets a test look at
// encrypted frames and hand it some. Keys, transforms and everything that opens a frame stay the page's own.

/** What is added to the worker, in the worker. It talks over a port of its own, beside the page's messages. */
function workerAddition() {
  const serve = self.onmessage;
  const transform = self.onrtctransform;
  const recorded = [];
  const asked = new Map();
  let questions = 0;
  let recording = false;
  let holding = false;
  let kept = false;
  let port;

  /** What comes from the network, before it is opened. */
  function tapped(role, readable) {
    if (role.side !== 'receive') return readable;
    const tap = new TransformStream({
      transform(frame, controller) {
        if (recording && frame.data.byteLength > 0)
          recorded.push({ at: performance.timeOrigin + performance.now(), member: role.member, kind: role.kind, codec: role.codec, data: frame.data.slice(0) });
        if (!holding) controller.enqueue(frame);
      },
    });
    void readable.pipeTo(tap.writable).catch(() => undefined);
    return tap.readable;
  }

  /** The page's own way to open frames, with frames that a test brings. */
  function feed({ stream, member, kind, codec, frames }) {
    const readable = new ReadableStream({
      start(controller) {
        for (const data of frames) controller.enqueue({ data, getMetadata: () => ({}) });
        controller.close();
      },
    });
    const opened = [];
    const end = new Promise((resolve) => {
      const writable = new WritableStream({ write: ({ data }) => void opened.push(data.byteLength), close: () => resolve(opened.length), abort: () => resolve(-1) });
      serve({ data: { id: -1, kind: 'attach', request: { role: { side: 'receive', stream, member, kind, codec }, readable, writable } } });
    });
    return end;
  }

  const commands = {
    record: ({ on }) => {
      recording = on;
      return recorded.length;
    },
    take: () => recorded.splice(0),
    count: () => recorded.length,
    hold: ({ on }) => (holding = on),
    /** From now on nothing that the page says reaches the keys. */
    keep: () => (kept = true),
    feed,
    /** The page's own question to its keys, with its own answer. */
    ask: ({ kind, request }) =>
      new Promise((resolve) => {
        const id = -2 - questions++;
        asked.set(id, resolve);
        serve({ data: { id, kind, request } });
      }),
  };

  const post = self.postMessage.bind(self);
  self.postMessage = (message, ...rest) => {
    const answer = asked.get(message.id);
    if (answer !== undefined) answer(message);
    else if (message.id !== -1) post(message, ...rest);
  };
  self.onmessage = (event) => {
    const { data } = event;
    if (data.modified !== undefined) {
      port = data.modified;
      port.onmessage = async ({ data: { id, name, given } }) => port.postMessage({ id, answer: await commands[name](given ?? {}) });
      return;
    }
    if (kept) return;
    if (data.kind === 'attach') {
      const { role, readable } = data.request;
      serve({ data: { ...data, request: { ...data.request, readable: tapped(role, readable) } } });
    } else serve(event);
  };
  self.onrtctransform = (event) => {
    const { options, readable, writable } = event.transformer;
    transform({ transformer: { options, readable: tapped(options, readable), writable } });
  };
}

/** What is added to the page. */
function pageAddition(addition) {
  const connections = [];
  const commits = [];
  let kept = false;
  let port;
  let asked = 0;
  const waiting = new Map();

  const NativeWorker = window.Worker;
  window.Worker = class extends NativeWorker {
    constructor(url, options) {
      if (!String(url).includes('e2ee-worker')) {
        super(url, options);
        return;
      }
      const source = `import ${JSON.stringify(new URL(url, location.href).href)};\n(${addition})();`;
      super(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })), options);
      const channel = new MessageChannel();
      port = channel.port1;
      port.onmessage = ({ data: { id, answer } }) => {
        waiting.get(id)(answer);
        waiting.delete(id);
      };
      this.postMessage({ modified: channel.port2 }, [channel.port2]);
    }
    terminate() {
      if (!kept) super.terminate();
    }
  };

  const NativeConnection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends NativeConnection {
    constructor(...given) {
      super(...given);
      connections.push(this);
    }
    close() {
      if (!kept) super.close();
    }
  };
  // A transceiver that is put to rest would say that nothing comes any more.
  for (const name of ['setRemoteDescription', 'setLocalDescription', 'createOffer', 'createAnswer']) {
    const native = NativeConnection.prototype[name];
    window.RTCPeerConnection.prototype[name] = function (...given) {
      return kept ? new Promise(() => undefined) : native.apply(this, given);
    };
  }

  const NativeSocket = window.WebSocket;
  window.WebSocket = class extends NativeSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        const { type, payload } = JSON.parse(data);
        if (type === 'REKEY_COMMIT' && payload.mls !== undefined) commits.push(payload);
      });
    }
  };

  const bytesOf = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (character) => character.charCodeAt(0));
  const textOf = (buffer) => {
    let text = '';
    for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
    return btoa(text);
  };
  const command = (name, given) =>
    new Promise((resolve) => {
      const id = asked++;
      waiting.set(id, resolve);
      port.postMessage({ id, name, given });
    });

  window.__modified = {
    commits: () => commits,
    record: (on) => command('record', { on }),
    count: () => command('count'),
    take: async () => (await command('take')).map((frame) => ({ ...frame, data: textOf(frame.data) })),
    hold: (on) => command('hold', { on }),
    keep: () => {
      kept = true;
      return command('keep');
    },
    feed: (given) => command('feed', { ...given, frames: given.frames.map((text) => bytesOf(text).buffer) }),
    counts: async (stream) => (await command('ask', { kind: 'counts', request: {} })).reply[stream],
    process: ({ epoch, mls }) =>
      command('ask', {
        kind: 'process',
        request: { commit: bytesOf(mls.commit), tag: bytesOf(mls.tag), removes: mls.removes.map(({ leaf }) => leaf), roomEpoch: epoch },
      }),
    /** All packets of media that came to this page since it was opened. */
    packetsReceived: async () => {
      let packets = 0;
      for (const connection of connections)
        for (const report of (await connection.getStats()).values()) if (report.type === 'inbound-rtp') packets += report.packetsReceived ?? 0;
      return packets;
    },
    connectionStates: () => connections.map(({ connectionState }) => connectionState),
  };
}

/** To be called before the page is opened. What it can do is on `window.__modified`. */
export function modifiedClient(page) {
  return page.evaluateOnNewDocument(
    (addition, inPage) => new Function(`return (${inPage});`)()(addition),
    workerAddition.toString(),
    pageAddition.toString(),
  );
}

/** Calls one of `window.__modified`. */
export function modified(person, name, given) {
  return person.page.evaluate((what, value) => window.__modified[what](value), name, given);
}
