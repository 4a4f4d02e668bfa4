import {
  CallClient,
  CallError,
  type EncryptionStatus,
  type PeerInfo,
  type RemoteTrack,
  type Room,
  type RoomStats,
  type VideoChoice,
  type VideoLimits,
} from "@crosspoint/sdk";
import type { AppConfig } from "../config.js";
import { newRoomId, type Route, roomUrl } from "../route.js";
import type { SignIn } from "../sign-in.js";
import { loadPreferences, savePreferences, setTabValue, tabValue } from "../storage.js";
import { Store } from "../store.js";
import { type Guard, showConnection } from "./connection-banner.js";
import { encryptionOptions, frameCapabilities, newRoomSecret, remember, viewOf } from "./encryption.js";
import { LocalMedia } from "./local-media.js";
import { LocalPublications } from "./local-publications.js";
import { displayName, participants } from "./participants.js";
import { problemOf } from "./problems.js";
import { TimingRecorder } from "./timings.js";
import { VideoChoices } from "./video-choices.js";
import { type CallView, emptyCall } from "./view.js";

const screenPriority = 100;
/** Quieter than this is not speaking. */
const speakingDbov = -50;

/** Everything the page does with a call: what the buttons mean, and what the room's events mean for the picture. */
export class CallController {
  // made
  readonly store = new Store<CallView>(emptyCall);
  readonly media = new LocalMedia();
  readonly timings = new TimingRecorder();
  readonly #local = new LocalPublications(this.media);
  readonly #choices = new VideoChoices();
  // given
  readonly #config: AppConfig;
  readonly #signIn: SignIn;
  // state
  #client: CallClient | undefined;
  #room: Room | undefined;
  #joinToken: string | undefined;
  #roomSecret: string | undefined;
  #speaking = new Set<string>();
  #ids = 0;

  constructor(config: AppConfig, signIn: SignIn, route: Route) {
    this.#config = config;
    this.#signIn = signIn;
    this.#joinToken = route.joinToken;
    this.#roomSecret = route.roomSecret;
    this.store.set({
      roomId: route.roomId,
      videoChoice: this.#choices.overall,
      videoLimits: this.#choices.limits,
    });
    this.media.onTrack = (kind, track) => void this.#onLocalTrack(kind, track);
    this.media.store.subscribe(() => this.#refresh());
    window.addEventListener("online", () => this.#room?.networkChanged());
    window.addEventListener("pagehide", () => void this.#room?.leave());
    if (!config.enabled) this.#fail(new CallError("CALLS_DISABLED", "Calls are switched off"));
  }

  get room(): Room | undefined {
    return this.#room;
  }

  get connectionState(): string | undefined {
    return this.#client?.connection.state;
  }

  get displayName(): string {
    return this.#config.host.displayName ?? loadPreferences().name;
  }

  /** Opens the signalling connection while the person still looks at the lobby: the join is then quick. */
  async prepare(): Promise<void> {
    if (!this.#config.enabled) return;
    try {
      await this.#ensureClient().connect();
    } catch {
      // The join tries again and tells what is wrong.
    }
  }

  /** The join button. Without a room in the address, a new one is made. */
  async join(name: string): Promise<void> {
    if (this.store.value.phase === "joining") return;
    this.timings.clicked();
    savePreferences({ name });
    this.store.set({ phase: "joining", problem: undefined, banner: undefined });
    try {
      await this.#enterRoomAsSomeone();
      this.timings.joined();
      this.store.set({ phase: "call", startedAt: Date.now() });
      this.announce("You are in the call.");
      this.#refresh();
      await this.#publishLate();
    } catch (error) {
      this.#fail(error);
    }
  }

  async leave(): Promise<void> {
    const room = this.#room;
    this.#room = undefined;
    await this.stopSharing();
    this.media.release();
    this.store.set({ phase: "ended", banner: undefined, participants: [], stats: undefined });
    this.announce("You left the call.");
    await room?.leave();
    this.#close();
  }

  /** From the screens after a call: back to the lobby of the same room, or of none. */
  async toLobby(sameRoom: boolean): Promise<void> {
    await this.#room?.leave();
    this.#room = undefined;
    this.#close();
    if (!sameRoom) {
      this.#joinToken = undefined;
      this.#roomSecret = undefined;
      history.pushState(null, "", "/");
    }
    this.store.set({
      ...emptyCall,
      videoChoice: this.#choices.overall,
      videoLimits: this.#choices.limits,
      roomId: sameRoom ? this.store.value.roomId : undefined,
    });
    await this.media.open();
    void this.prepare();
  }

  async openRoute(route: Route): Promise<void> {
    this.#joinToken = route.joinToken;
    this.#roomSecret = route.roomSecret;
    this.store.set({ roomId: route.roomId });
    if (route.roomId !== undefined) history.pushState(null, "", this.#urlOf("", route.roomId));
  }

  /** A person compared this device's safety number, or takes that back. */
  setCompared(deviceId: string, compared: boolean): void {
    const status = this.#room?.encryption;
    const member = status?.members.find(known => known.deviceId === deviceId);
    if (status === undefined || member === undefined) return;
    remember(member, compared);
    void this.#onEncryption(status);
  }

  /** New keys for everybody, now. */
  async rekey(): Promise<void> {
    await this.#orTell(this.#room?.rekey(), "New keys could not be asked for. Wait a moment and try again.");
  }

  async kick(deviceId: string): Promise<void> {
    await this.#orTell(this.#room?.kick(deviceId), "Only whoever started the call can remove somebody.");
  }

  async #orTell(work: Promise<void> | undefined, otherwise: string): Promise<void> {
    await work?.catch(() => this.toast(otherwise));
  }

  async toggleMicrophone(): Promise<void> {
    const on = !this.media.store.value.microphoneOn;
    await this.media.setMicrophoneOn(on);
    await (on ? this.#local.microphone?.unmute() : this.#local.microphone?.mute());
    this.announce(on ? "Microphone on." : "Microphone off.");
    this.#refresh();
  }

  async toggleCamera(): Promise<void> {
    const on = !this.media.store.value.cameraOn;
    await this.media.setCameraOn(on);
    this.announce(on ? "Camera on." : "Camera off.");
    this.#refresh();
  }

  async toggleSharing(): Promise<void> {
    if (this.#local.screen !== undefined) {
      await this.stopSharing();
      this.announce("Screen sharing stopped.");
      return;
    }
    const room = this.#room;
    if (room === undefined) return;
    try {
      const track = await this.#local.share(room);
      track.addEventListener("ended", () => void this.stopSharing());
      this.announce("You are sharing your screen.");
    } catch (error) {
      const cause = CallError.from(error);
      // Closing the browser's own picker is a decision, not a problem.
      if (cause.code !== "PERMISSION_DENIED") this.toast("The screen could not be shared.");
    }
    this.#refresh();
  }

  async stopSharing(): Promise<void> {
    const told = this.#local.stopSharing();
    this.#refresh();
    await told;
  }

  async copyLink(): Promise<void> {
    const { roomLink } = this.store.value;
    if (roomLink === undefined) return;
    try {
      await navigator.clipboard.writeText(roomLink);
      this.toast("Link copied. Send it to whoever should join.");
    } catch {
      this.toast("Copying is blocked; the link is in the address bar.");
    }
  }

  /** From a problem in the middle of a call: the same room again, with what is open. */
  async rejoin(): Promise<void> {
    const room = this.#room;
    this.#room = undefined;
    await room?.leave().catch(() => undefined);
    this.#close();
    await this.media.open();
    await this.join(this.displayName);
  }

  /** The element shows this video from now on, until the returned function is called. */
  showIn(producerId: string, element: Element): () => void {
    return this.#room?.receiving.showIn(producerId, element) ?? (() => undefined);
  }

  chooseVideo(producerId: string, choice: VideoChoice): void {
    this.#choices.choose(this.#room, producerId, choice);
    this.announce(choice === "off" ? "Video switched off." : `Video quality: ${choice}.`);
  }

  limitVideo(limits: VideoLimits): void {
    this.#choices.limit(this.#room, limits);
    this.store.set({ videoLimits: limits });
  }

  chooseAllVideo(choice: VideoChoice): void {
    this.#choices.chooseAll(this.#room, choice);
    this.store.set({ videoChoice: choice });
    this.announce(choice === "off" ? "All videos switched off." : `Quality of all videos: ${choice}.`);
    this.#refresh();
  }

  onAudioBlocked(): void {
    if (this.store.value.banner === undefined) this.store.set({ banner: { kind: "audio-blocked" } });
  }

  clearAudioBlocked(): void {
    if (this.store.value.banner?.kind === "audio-blocked") this.store.set({ banner: undefined });
  }

  announce(text: string): void {
    this.store.set({ announcement: { id: ++this.#ids, text } });
  }

  toast(text: string): void {
    const id = ++this.#ids;
    this.store.set({ toast: { id, text } });
    this.announce(text);
    setTimeout(() => {
      if (this.store.value.toast?.id === id) this.store.set({ toast: undefined });
    }, 4_000);
  }

  #ensureClient(): CallClient {
    if (this.#client !== undefined && this.#client.connection.state !== "closed") return this.#client;
    this.#client = new CallClient({
      endpoints: this.#config.endpoints,
      deviceId: tabValue("deviceId", () => `web-${crypto.randomUUID?.() ?? newRoomId()}`),
      getAccessToken: reason => this.#signIn.token(reason),
      rekeyIntervalMs: this.#config.rekeyIntervalMs,
      capabilities: frameCapabilities(this.#config.advertiseSframe),
    });
    return this.#client;
  }

  /** A copied tab brings a device id that belongs to another sign-in: it becomes a device of its own, once. */
  async #enterRoomAsSomeone(): Promise<void> {
    try {
      await this.#enterRoom();
    } catch (error) {
      if (!isForeignDevice(error)) throw error;
      setTabValue("deviceId", undefined);
      this.#close();
      await this.#enterRoom();
    }
  }

  async #enterRoom(): Promise<void> {
    const client = this.#ensureClient();
    let { roomId } = this.store.value;
    if (roomId === undefined) {
      const { encrypt } = loadPreferences();
      const created = await client.createRoom(newRoomId(), encrypt ? { e2eeProfile: "mls-sframe-v1" } : {});
      roomId = created.roomId;
      this.#joinToken = created.joinToken;
      this.#roomSecret = encrypt ? newRoomSecret() : undefined;
      history.pushState(null, "", this.#urlOf("", roomId));
    }
    this.store.set({ roomId, roomLink: this.#urlOf(location.origin, roomId) });
    const room = client.room(roomId, {
      ...(this.#joinToken === undefined ? {} : { joinToken: this.#joinToken }),
      ...(this.displayName === "" ? {} : { displayName: this.displayName }),
      encryption: encryptionOptions(this.#roomSecret, false),
    });
    this.#room = room;
    room.receiving.setLimits(this.#choices.limits);
    this.#listen(client, room);
    const local = this.#local.publish(room);
    await room.join();
    await local;
  }

  #urlOf(origin: string, roomId: string): string {
    return roomUrl(origin, roomId, this.#joinToken, this.#roomSecret);
  }

  async #onEncryption(status: EncryptionStatus): Promise<void> {
    const room = this.#room;
    if (room === undefined) return;
    const before = this.store.value.encryption.state;
    const encryption = await viewOf(status, room.deviceId, this.#roomSecret !== undefined);
    if (this.#room !== room) return;
    this.store.set({ encryption });
    if (encryption.state === before) return;
    if (encryption.state === "blocked")
      this.announce("Encryption problem. Nobody hears or sees you right now.");
    if (encryption.state === "on") this.announce("The call is end-to-end encrypted.");
  }

  /** A device that was opened, or changed, while the call was being joined. */
  async #publishLate(): Promise<void> {
    const devices = this.media.store.value;
    await Promise.all(this.#local.late().map(kind => this.#onLocalTrack(kind, devices[kind])));
  }

  async #onLocalTrack(kind: "microphone" | "camera", track: MediaStreamTrack | undefined): Promise<void> {
    const room = this.#room;
    if (room === undefined || this.store.value.phase !== "call") return;
    try {
      if (kind === "camera") await this.#local.onCamera(room, track);
      else await this.#local.onMicrophone(room, track);
    } catch (error) {
      this.toast(problemOf(error).title);
    }
    this.#refresh();
  }

  #listen(client: CallClient, room: Room): void {
    const mine: Guard = handle => event => {
      if (this.#room === room) handle(event);
    };
    const nameOf = (peer: PeerInfo) => displayName(peer);
    room.on(
      "peerJoined",
      mine(({ peer }) => this.#afterChange(`${nameOf(peer)} joined.`)),
    );
    room.on(
      "peerLeft",
      mine(({ peer }) => this.#afterChange(`${nameOf(peer)} left.`)),
    );
    room.on(
      "peerChanged",
      mine(() => this.#refresh()),
    );
    room.on(
      "trackAdded",
      mine(({ track }) => this.#onTrackAdded(track)),
    );
    room.on(
      "trackChanged",
      mine(() => this.#refresh()),
    );
    room.on(
      "trackRemoved",
      mine(({ track }) => {
        this.#choices.forget(track.producerId);
        this.#refresh();
      }),
    );
    room.on(
      "publicationChanged",
      mine(() => this.#refresh()),
    );
    room.on(
      "activeSpeakers",
      mine(({ speakers }) => {
        this.#speaking = new Set(speakers.filter(s => s.levelDbov > speakingDbov).map(s => s.deviceId));
        this.#refresh();
      }),
    );
    room.on(
      "dominantSpeaker",
      mine(() => this.#refresh()),
    );
    room.on(
      "stats",
      mine(stats => this.#onStats(stats)),
    );
    room.on(
      "bandwidth",
      mine(({ availableBitrate }) => this.store.set({ availableBitrate })),
    );
    room.on(
      "encryption",
      mine(status => void this.#onEncryption(status)),
    );
    room.on(
      "epoch",
      mine(({ epoch }) => this.store.set({ epoch })),
    );
    room.on(
      "failed",
      mine(({ error }) => {
        if (this.store.value.phase === "call") this.#fail(error);
      }),
    );
    room.on(
      "problem",
      mine(({ error }) => console.warn(`[crosspoint] ${error.code}: ${error.message}`)),
    );
    showConnection(client, room, mine, this.store, text => this.announce(text));
  }

  #onTrackAdded(track: RemoteTrack): void {
    if (this.#room !== undefined) this.#choices.apply(this.#room, track.producerId, track.kind);
    if (track.source === "screen") {
      // What is shared is what everybody looks at.
      this.#room?.receiving.setPriority(track.producerId, screenPriority);
      const peer = this.#room?.peers.find(({ deviceId }) => deviceId === track.peerDeviceId);
      if (peer !== undefined) this.announce(`${displayName(peer)} shares the screen.`);
    }
    this.#refresh();
  }

  #afterChange(announcement: string): void {
    this.#refresh();
    if (this.store.value.phase === "call") this.announce(announcement);
  }

  #onStats(stats: RoomStats): void {
    this.store.set({ stats });
    this.#refresh();
  }

  #refresh(): void {
    const room = this.#room;
    if (room === undefined) return;
    const own = {
      name: this.displayName,
      devices: this.media.store.value,
      microphone: this.#local.microphone,
      camera: this.#local.camera,
      screen: this.#local.screen,
    };
    const facts = { speaking: this.#speaking, stats: this.store.value.stats };
    this.store.set({
      participants: participants(room, own, facts),
      sharing: this.#local.screen !== undefined,
    });
  }

  #fail(error: unknown): void {
    const problem = problemOf(error);
    if (problem.code === "DEVICE_REPLACED") this.#room = undefined;
    this.store.set({ phase: "problem", problem, banner: undefined });
    this.announce(`${problem.title}. ${problem.text}`);
    if (
      problem.actions.length > 0 &&
      this.#room?.state === "failed" &&
      problem.code !== "MEDIA_CONNECTION_FAILED"
    ) {
      this.#close();
    }
  }

  #close(): void {
    this.#client?.close();
    this.#client = undefined;
  }
}

function isForeignDevice(error: unknown): boolean {
  return error instanceof CallError && error.details.reason === "DEVICE_ID_IN_USE";
}
