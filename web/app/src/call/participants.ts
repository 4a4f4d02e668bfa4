import type { LocalPublication, PeerInfo, QualityLevel, RemoteTrack, Room, RoomStats } from "@crosspoint/sdk";
import type { LocalMediaView } from "./local-media.js";
import type { ParticipantView, VideoView } from "./view.js";

/** What the page knows of a call besides what the room says at any time. */
export interface CallFacts {
  readonly speaking: ReadonlySet<string>;
  readonly stats: RoomStats | undefined;
}

export interface OwnSide {
  readonly name: string;
  readonly devices: LocalMediaView;
  readonly microphone: LocalPublication | undefined;
  readonly camera: LocalPublication | undefined;
  readonly screen: LocalPublication | undefined;
}

/** Everyone to be shown, ourselves first. */
export function participants(room: Room, own: OwnSide, facts: CallFacts): ParticipantView[] {
  const others = room.peers.filter(peer => peer.deviceId !== room.deviceId);
  return [ownView(room, own, facts), ...others.map(peer => remoteView(room, peer, facts))];
}

/** Until a name is known, a few letters of the device tell people apart. */
export function displayName(peer: PeerInfo): string {
  const name = peer.displayName?.trim();
  return name ? name : `Guest ${peer.deviceId.slice(-4)}`;
}

function ownView(room: Room, own: OwnSide, facts: CallFacts): ParticipantView {
  const { camera, cameraOn, microphoneOn, microphone } = own.devices;
  return {
    deviceId: room.deviceId,
    name: own.name || "You",
    isSelf: true,
    camera: cameraOn ? camera : undefined,
    screen: own.screen?.track,
    audio: undefined,
    audioProducerId: own.microphone?.producerId,
    cameraProducerId: own.camera?.producerId,
    screenProducerId: own.screen?.producerId,
    cameraVideo: undefined,
    screenVideo: undefined,
    microphoneMuted: !microphoneOn || microphone === undefined,
    cameraOff: !cameraOn || camera === undefined,
    speaking: microphoneOn && facts.speaking.has(room.deviceId),
    dominant: dominates(room, room.deviceId),
    away: false,
    quality: qualityOf(facts, room.deviceId),
  };
}

function remoteView(room: Room, peer: PeerInfo, facts: CallFacts): ParticipantView {
  const of = (source: RemoteTrack["source"]) =>
    room.remoteTracks.find(track => track.peerDeviceId === peer.deviceId && track.source === source);
  const [camera, screen, audio] = [of("camera"), of("screen"), of("microphone")];
  return {
    deviceId: peer.deviceId,
    name: displayName(peer),
    isSelf: false,
    camera: camera?.muted ? undefined : camera?.track,
    screen: screen?.track,
    audio: audio?.track,
    audioProducerId: audio?.producerId,
    cameraProducerId: camera?.producerId,
    screenProducerId: screen?.producerId,
    cameraVideo: videoView(camera, facts),
    screenVideo: videoView(screen, facts),
    microphoneMuted: audio === undefined || audio.muted,
    cameraOff: camera === undefined || camera.muted,
    speaking: audio !== undefined && !audio.muted && facts.speaking.has(peer.deviceId),
    dominant: dominates(room, peer.deviceId),
    away: peer.state === "rejoining",
    quality: qualityOf(facts, peer.deviceId),
  };
}

function videoView(track: RemoteTrack | undefined, { stats }: CallFacts): VideoView | undefined {
  if (track?.video === undefined || track.muted) return undefined;
  const stream = stats?.received.find(received => received.producerId === track.producerId);
  const { choice, heldBack, paused, current } = track.video;
  return {
    choice,
    heldBack,
    paused,
    height: stream?.frameHeight,
    framesPerSecond: stream?.framesPerSecond,
    layer: current?.spatialLayer,
    layers: track.video.spatialLayers,
  };
}

// Between two people nobody has to be told whom to look at.
function dominates(room: Room, deviceId: string): boolean {
  return room.peers.length > 2 && room.dominantSpeaker === deviceId;
}

function qualityOf({ stats }: CallFacts, deviceId: string): QualityLevel {
  return stats?.quality.get(deviceId)?.level ?? "unknown";
}
