import type { VideoChoice } from "@crosspoint/sdk";
import type { ParticipantView } from "../call/view.js";
import { MicrophoneIcon } from "./icons.js";
import { Video } from "./media-elements.js";
import { QualityBars } from "./quality.js";
import { Resolution, VideoMenu, VideoPaused } from "./video-quality.js";

/** What a tile tells the call, and what a person does with it. */
export interface TileActions {
  onFirstFrame(producerId: string): void;
  /** The element shows this video, until the returned function is called. */
  showIn(producerId: string, element: Element): () => void;
  choose(producerId: string, choice: VideoChoice): void;
}

interface TileProps {
  readonly participant: ParticipantView;
  readonly screen?: boolean;
  readonly actions: TileActions;
}

/** One picture of one participant: the camera, or what they share. */
export function Tile({ participant, screen = false, actions }: TileProps) {
  const { name, isSelf, speaking, dominant, microphoneMuted, quality } = participant;
  const track = screen ? participant.screen : participant.camera;
  const producerId = screen ? participant.screenProducerId : participant.cameraProducerId;
  const video = screen ? participant.screenVideo : participant.cameraVideo;
  const caption = screen ? `${isSelf ? "Your" : `${name}’s`} screen` : isSelf ? "You" : name;
  return (
    <figure
      class={`tile${speaking && !screen ? " speaking" : ""}${dominant && !screen ? " dominant" : ""}${screen ? " screen" : ""}`}
      data-testid={isSelf ? "self-tile" : "remote-tile"}
      data-device-id={participant.deviceId}
      data-source={screen ? "screen" : "camera"}
      aria-label={describe(caption, participant, screen)}
    >
      {track === undefined || video?.choice === "off" ? (
        <Avatar name={name} />
      ) : (
        <Video
          track={track}
          mirrored={isSelf && !screen}
          contain={screen}
          label={caption}
          producerId={producerId}
          {...(isSelf || producerId === undefined
            ? {}
            : {
                onFirstFrame: () => actions.onFirstFrame(producerId),
                onShown: element => actions.showIn(producerId, element),
              })}
        />
      )}
      {video !== undefined && producerId !== undefined && (
        <VideoPaused video={video} onShow={() => actions.choose(producerId, "auto")} />
      )}
      {participant.away && (
        <div class="tile-away" data-testid="tile-away">
          <span class="spinner" aria-hidden="true" /> Reconnecting…
        </div>
      )}
      <figcaption class="tile-bar">
        <span class="tile-name" data-testid="tile-name">
          {!screen && microphoneMuted && (
            <span class="tile-muted" data-testid="tile-muted" title="Microphone off">
              <MicrophoneIcon off />
            </span>
          )}
          <span class="ellipsis">{caption}</span>
        </span>
        <span class="tile-signs">
          {video !== undefined && <Resolution video={video} />}
          <QualityBars level={quality} />
        </span>
      </figcaption>
      {video !== undefined && producerId !== undefined && (
        <VideoMenu
          name={caption}
          choice={video.choice}
          onChoose={choice => actions.choose(producerId, choice)}
        />
      )}
    </figure>
  );
}

function describe(caption: string, participant: ParticipantView, screen: boolean): string {
  if (screen) return caption;
  const facts = [caption];
  if (participant.cameraVideo?.heldBack === "BANDWIDTH") facts.push("video paused: slow connection");
  if (participant.microphoneMuted) facts.push("microphone off");
  if (participant.cameraOff) facts.push("camera off");
  if (participant.away) facts.push("reconnecting");
  if (participant.speaking) facts.push("speaking");
  if (participant.dominant) facts.push("main speaker");
  return facts.join(", ");
}

/** A steady colour per name, so that people are told apart before they are read. */
function Avatar({ name }: { readonly name: string }) {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 360;
  const initials = name
    .split(/\s+/)
    .map(word => [...word][0] ?? "")
    .slice(0, 2)
    .join("")
    .toUpperCase();
  return (
    <div class="avatar" style={{ "--hue": String(hash) }} aria-hidden="true">
      <span>{initials || "?"}</span>
    </div>
  );
}
