import type { LocalPublication, Room } from "@crosspoint/sdk";
import type { LocalMedia } from "./local-media.js";

const cameraVideo = { maxBitrate: 1_700_000 };
const screenVideo = { maxBitrate: 2_500_000, maxFramerate: 30 };
const opus = { opusFec: true, opusDtx: true, opusStereo: false };

/** What the room is sent of this device: microphone, camera and screen, each once. */
export class LocalPublications {
  // given
  readonly #media: LocalMedia;
  // state
  #microphone: LocalPublication | undefined;
  #camera: LocalPublication | undefined;
  #screen: LocalPublication | undefined;

  constructor(media: LocalMedia) {
    this.#media = media;
  }

  get microphone(): LocalPublication | undefined {
    return this.#microphone;
  }

  get camera(): LocalPublication | undefined {
    return this.#camera;
  }

  get screen(): LocalPublication | undefined {
    return this.#screen;
  }

  /** Queued before the join: the room publishes as soon as its transports stand. */
  async publish(room: Room): Promise<void> {
    const { microphone, camera } = this.#media.store.value;
    this.#microphone = undefined;
    this.#camera = undefined;
    if (microphone !== undefined) this.#microphone = await this.#publishMicrophone(room, microphone);
    if (camera !== undefined) this.#camera = await room.publish(camera, "camera", { video: cameraVideo });
  }

  /** Devices that were opened, or changed, while the call was being joined. */
  late(): readonly ("microphone" | "camera")[] {
    const { microphone, camera } = this.#media.store.value;
    const late: ("microphone" | "camera")[] = [];
    if (microphone !== undefined && this.#microphone?.track !== microphone) late.push("microphone");
    if (camera !== undefined && this.#camera?.track !== camera) late.push("camera");
    return late;
  }

  async onCamera(room: Room, track: MediaStreamTrack | undefined): Promise<void> {
    if (track === undefined) await this.#camera?.mute();
    else if (this.#camera === undefined) {
      this.#camera = await room.publish(track, "camera", { video: cameraVideo });
    } else {
      await this.#camera.replaceTrack(track);
      await this.#camera.unmute();
    }
  }

  async onMicrophone(room: Room, track: MediaStreamTrack | undefined): Promise<void> {
    if (track === undefined) await this.#microphone?.mute();
    else if (this.#microphone === undefined) {
      this.#microphone = await this.#publishMicrophone(room, track);
    } else {
      const muted = !this.#media.store.value.microphoneOn;
      await this.#microphone.replaceTrack(track);
      if (!muted) await this.#microphone.unmute();
    }
  }

  async share(room: Room): Promise<MediaStreamTrack> {
    const track = await this.#media.shareScreen();
    this.#screen = await room.publish(track, "screen", { video: screenVideo });
    return track;
  }

  /** The screen is no longer taken at once; resolves when the room knows. */
  async stopSharing(): Promise<void> {
    const screen = this.#screen;
    this.#screen = undefined;
    screen?.track.stop();
    await screen?.unpublish();
  }

  #publishMicrophone(room: Room, track: MediaStreamTrack): Promise<LocalPublication> {
    const muted = !this.#media.store.value.microphoneOn;
    return room.publish(track, "microphone", { codecOptions: opus, muted });
  }
}
