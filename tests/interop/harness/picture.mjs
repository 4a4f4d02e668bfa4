// A moving picture of a known size in the place of the camera, and a stopwatch on the picture that arrives.

/** To be called before the page is opened: the camera is a drawing; the more boxes move in it, the more bits it needs. */
export async function drawnCamera(page, { width = 960, height = 540, framesPerSecond = 12, boxes = 8 } = {}) {
  await page.evaluateOnNewDocument(
    (size) => {
      const draw = () => {
        const canvas = document.createElement('canvas');
        canvas.width = size.width;
        canvas.height = size.height;
        const pen = canvas.getContext('2d');
        let frame = 0;
        const paint = () => {
          frame++;
          pen.fillStyle = '#203040';
          pen.fillRect(0, 0, size.width, size.height);
          for (let box = 0; box < size.boxes; box++) {
            const turn = frame / 12 + box * 2.399;
            pen.fillStyle = `hsl(${(box * 97) % 360} 60% 55%)`;
            pen.fillRect(
              size.width * (0.5 + 0.46 * Math.sin(turn + box)),
              size.height * (0.5 + 0.46 * Math.cos(turn * 1.3)),
              size.width / 24,
              size.height / 18,
            );
          }
          pen.fillStyle = '#fff';
          pen.font = `${size.height / 6}px sans-serif`;
          pen.fillText(String(frame), size.width / 20, size.height / 5);
        };
        paint();
        setInterval(paint, 1000 / size.framesPerSecond);
        return canvas.captureStream(size.framesPerSecond).getVideoTracks()[0];
      };
      const native = MediaDevices.prototype.getUserMedia;
      MediaDevices.prototype.getUserMedia = async function getUserMedia({ audio, video }) {
        const stream = audio ? await native.call(this, { audio }) : new MediaStream();
        if (video) stream.addTrack(draw());
        return stream;
      };
    },
    { width, height, framesPerSecond, boxes },
  );
}

// In the page: hands over what sends video, when it is made.
function handVideoSenders(take) {
  const native = RTCPeerConnection.prototype.addTransceiver;
  RTCPeerConnection.prototype.addTransceiver = function addTransceiver(...given) {
    const transceiver = native.apply(this, given);
    if (transceiver.sender.track?.kind === 'video') take(transceiver.sender);
    return transceiver;
  };
}

/**
 * To be called before the page is opened: a sender short of processor leaves pictures out and keeps their size. By itself Chromium makes them smaller,
 * and of a picture below 960×540 VP9 and AV1 have two layers instead of three.
 */
export async function keepsResolution(page) {
  const take = (sender) => void sender.setParameters({ ...sender.getParameters(), degradationPreference: 'maintain-resolution' });
  await page.evaluateOnNewDocument(`(${handVideoSenders})(${take})`);
}

/** To be called before the page is opened: the browser says that it encodes no mode in which layers are apart but for keyframes, so the page sends L3T3 instead of L3T3_KEY. */
export async function withoutKeyModes(page) {
  await page.evaluateOnNewDocument(() => {
    const native = MediaCapabilities.prototype.encodingInfo;
    MediaCapabilities.prototype.encodingInfo = async function encodingInfo(asked) {
      const info = await native.call(this, asked);
      return asked.video?.scalabilityMode?.endsWith('_KEY') ? { ...info, supported: false } : info;
    };
  });
}

/**
 * To be called before the page is opened: the page then knows of every encoded frame it sends, for `watchSent`. Statistics would not do: layers in one stream
 * are one there, and an encoder leaves out frames of one layer.
 */
export async function notesFramesSent(page) {
  const take = (sender) => {
    const pass = () => {
      globalThis.onrtctransform = ({ transformer: { readable, writable } }) => {
        const note = new TransformStream({
          transform(frame, controller) {
            globalThis.postMessage({ lines: frame.getMetadata().height, at: performance.timeOrigin + performance.now() });
            controller.enqueue(frame);
          },
        });
        void readable.pipeThrough(note).pipeTo(writable);
      };
    };
    const worker = new Worker(URL.createObjectURL(new Blob([`(${pass})()`])));
    const sent = (window.__sent = {});
    worker.onmessage = ({ data: { lines, at } }) => {
      const frames = (sent[lines] ??= { pauses: [] });
      if (at - frames.at > 300) frames.pauses.push({ ms: Math.round(at - frames.at), at });
      frames.at = at;
    };
    sender.transform = new RTCRtpScriptTransform(worker);
  };
  await page.evaluateOnNewDocument(`(${handVideoSenders})(${take})`);
}

/** Starts to note when the sender sends no frame of each size; what was noted before is forgotten. */
export function watchSent(page) {
  return page.evaluate(() => Object.values(window.__sent).forEach((frames) => (frames.pauses = [])));
}

/** The times above 300 ms between two frames sent and when they ended (Unix time in ms), by the frames' lines. */
export function sentWatched(page) {
  return page.evaluate(() => Object.fromEntries(Object.entries(window.__sent).map(([lines, { pauses }]) => [lines, pauses])));
}

/** To be called before the page is opened: who only looks on spares the machine an encoder. */
export async function withoutCamera(page) {
  await page.evaluateOnNewDocument(() => localStorage.setItem('crosspoint.preferences', JSON.stringify({ cameraOn: false })));
}

/** To be called before the page is opened: who only looks on and listens. */
export async function withoutDevices(page) {
  await page.evaluateOnNewDocument(() => localStorage.setItem('crosspoint.preferences', JSON.stringify({ cameraOn: false, microphoneOn: false })));
}

/** Starts to measure how long the picture of a producer stands still between two frames; what was measured before is forgotten. */
export async function watchPicture(page, producerId) {
  await page.evaluate((id) => {
    const video = document.querySelector(`video[data-producer-id="${id}"]`);
    if (!video) throw new Error(`no picture of ${id}`);
    const watch = { longestMs: 0, frames: 0, last: undefined, over: [] };
    window.__watch = watch;
    const onFrame = (now) => {
      if (window.__watch !== watch) return;
      if (watch.last !== undefined) {
        const gap = now - watch.last;
        if (gap > watch.longestMs) watch.longestMs = gap;
        if (gap > 300) watch.over.push({ ms: Math.round(gap), lines: video.videoHeight, at: performance.timeOrigin + now });
      }
      watch.last = now;
      watch.frames++;
      video.requestVideoFrameCallback(onFrame);
    };
    video.requestVideoFrameCallback(onFrame);
  }, producerId);
}

/** What was measured since: frames shown, the longest time between two, and the times above 300 ms with the lines of the picture that ended them and when (Unix time in ms). */
export function pictureWatched(page) {
  return page.evaluate(() => {
    const { longestMs, frames, over } = window.__watch;
    return { longestMs: Math.round(longestMs), frames, over };
  });
}

/** The times above 300 ms in words. */
export const inWords = (over) => over.map(({ ms, lines }) => `${ms} ms to ${lines} lines`).join(', ');
