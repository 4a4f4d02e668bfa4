import { CallError } from "@crosspoint/sdk";
import { loadPreferences, savePreferences } from "../storage.js";
import { Store } from "../store.js";
import { mediaError } from "./problems.js";

export interface DeviceChoice {
  readonly deviceId: string;
  readonly label: string;
}

export interface LocalMediaView {
  readonly microphone: MediaStreamTrack | undefined;
  readonly camera: MediaStreamTrack | undefined;
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
  readonly microphones: readonly DeviceChoice[];
  readonly cameras: readonly DeviceChoice[];
  readonly speakers: readonly DeviceChoice[];
  readonly microphoneId: string | undefined;
  readonly cameraId: string | undefined;
  readonly speakerId: string | undefined;
  /** Why there is no microphone or camera although one is wanted. */
  readonly error: CallError | undefined;
  readonly opening: boolean;
}

type Wanted = "microphone" | "camera";

const videoConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30, max: 30 },
};
const audioConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** Camera and microphone of this page. A camera that is off is released, so that its light goes out. */
export class LocalMedia {
  readonly store: Store<LocalMediaView>;
  /** The page publishes or replaces the track; undefined means there is none any more. */
  onTrack: (kind: Wanted, track: MediaStreamTrack | undefined) => void = () => undefined;

  constructor() {
    const { microphoneOn, cameraOn, microphoneId, cameraId, speakerId } = loadPreferences();
    this.store = new Store<LocalMediaView>({
      microphone: undefined,
      camera: undefined,
      microphoneOn,
      cameraOn,
      microphones: [],
      cameras: [],
      speakers: [],
      microphoneId,
      cameraId,
      speakerId,
      error: undefined,
      opening: false,
    });
    navigator.mediaDevices?.addEventListener?.("devicechange", () => void this.#onDeviceChange());
  }

  get #view(): LocalMediaView {
    return this.store.value;
  }

  /** Opens what is wanted and not open; both with one question to the person where possible. */
  async open(): Promise<void> {
    if (navigator.mediaDevices?.getUserMedia === undefined) {
      this.store.set({ error: new CallError("INSECURE_PAGE", "No access to devices on this page") });
      return;
    }
    const wantMicrophone = this.#view.microphone === undefined;
    const wantCamera = this.#view.cameraOn && this.#view.camera === undefined;
    if (!wantMicrophone && !wantCamera) return;
    this.store.set({ opening: true, error: undefined });
    try {
      await this.#acquire(wantMicrophone, wantCamera);
    } catch (error) {
      await this.#acquireSingly(wantMicrophone, wantCamera, mediaError(error));
    } finally {
      this.store.set({ opening: false });
      await this.refreshDevices();
    }
  }

  async setMicrophoneOn(on: boolean): Promise<void> {
    savePreferences({ microphoneOn: on });
    this.store.set({ microphoneOn: on });
    if (on && this.#view.microphone === undefined) await this.open();
    if (this.#view.microphone !== undefined) this.#view.microphone.enabled = on;
  }

  async setCameraOn(on: boolean): Promise<void> {
    savePreferences({ cameraOn: on });
    this.store.set({ cameraOn: on });
    if (on) await this.open();
    else this.#release("camera");
  }

  async chooseMicrophone(deviceId: string): Promise<void> {
    savePreferences({ microphoneId: deviceId });
    this.store.set({ microphoneId: deviceId });
    this.#release("microphone");
    await this.open();
  }

  async chooseCamera(deviceId: string): Promise<void> {
    savePreferences({ cameraId: deviceId });
    this.store.set({ cameraId: deviceId });
    this.#release("camera");
    if (this.#view.cameraOn) await this.open();
  }

  chooseSpeaker(deviceId: string): void {
    savePreferences({ speakerId: deviceId });
    this.store.set({ speakerId: deviceId });
  }

  async shareScreen(): Promise<MediaStreamTrack> {
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({
        video: { frameRate: { ideal: 15, max: 30 } },
      });
      const track = stream.getVideoTracks()[0];
      if (track === undefined) throw new CallError("NO_DEVICE", "Nothing was shared");
      // Text must stay sharp; motion may suffer.
      track.contentHint = "detail";
      return track;
    } catch (error) {
      throw error instanceof CallError ? error : mediaError(error);
    }
  }

  /** Lets go of everything. */
  release(): void {
    this.#release("microphone");
    this.#release("camera");
  }

  async refreshDevices(): Promise<void> {
    const devices = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => undefined)) ?? [];
    const of = (kind: MediaDeviceKind, noun: string) =>
      devices
        .filter(device => device.kind === kind && device.deviceId !== "")
        .map((device, index) => ({
          deviceId: device.deviceId,
          label: device.label || `${noun} ${index + 1}`,
        }));
    this.store.set({
      microphones: of("audioinput", "Microphone"),
      cameras: of("videoinput", "Camera"),
      speakers: of("audiooutput", "Speaker"),
    });
  }

  async #acquire(microphone: boolean, camera: boolean): Promise<void> {
    const { microphoneId, cameraId } = this.#view;
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: microphone && { ...audioConstraints, ...preferred(microphoneId) },
      video: camera && { ...videoConstraints, ...preferred(cameraId) },
    });
    for (const track of stream.getTracks())
      this.#adopt(track.kind === "audio" ? "microphone" : "camera", track);
  }

  /** One of two may work: a laptop without a camera still has a microphone. */
  async #acquireSingly(microphone: boolean, camera: boolean, first: CallError): Promise<void> {
    if (first.code === "PERMISSION_DENIED" || !(microphone && camera)) {
      this.store.set({ error: first });
      return;
    }
    const errors: CallError[] = [];
    for (const [audio, video] of [
      [true, false],
      [false, true],
    ] as const) {
      try {
        await this.#acquire(audio, video);
      } catch (error) {
        errors.push(mediaError(error));
      }
    }
    this.store.set({ error: errors.length === 2 ? errors[0] : undefined });
  }

  #adopt(kind: Wanted, track: MediaStreamTrack): void {
    if (kind === "camera" && !this.#view.cameraOn) {
      track.stop();
      return;
    }
    if (kind === "microphone") track.enabled = this.#view.microphoneOn;
    track.addEventListener("ended", () => {
      if (this.#view[kind] !== track) return;
      this.store.set({ [kind]: undefined });
      this.onTrack(kind, undefined);
      void this.#onDeviceChange();
    });
    const id = track.getSettings().deviceId;
    this.store.set({ [kind]: track, ...(id === undefined ? {} : { [`${kind}Id`]: id }) });
    this.onTrack(kind, track);
  }

  #release(kind: Wanted): void {
    const track = this.#view[kind];
    if (track === undefined) return;
    this.store.set({ [kind]: undefined });
    track.stop();
    this.onTrack(kind, undefined);
  }

  /** A device came or went: when the one in use is gone, fall back to what is there. */
  async #onDeviceChange(): Promise<void> {
    await this.refreshDevices();
    const { microphone, camera, cameraOn } = this.#view;
    const inUse = microphone !== undefined || camera !== undefined;
    if (inUse && (microphone === undefined || (cameraOn && camera === undefined))) await this.open();
  }
}

function preferred(deviceId: string | undefined): MediaTrackConstraints {
  return deviceId === undefined ? {} : { deviceId: { ideal: deviceId } };
}
