import type { ParticipantView } from "../call/view.js";
import { MicrophoneIcon } from "./icons.js";
import { Video } from "./media-elements.js";
import { QualityBars } from "./quality.js";

interface TileProps {
  readonly participant: ParticipantView;
  readonly screen?: boolean;
  readonly onFirstFrame: (producerId: string) => void;
}

/** One picture of one participant: the camera, or what they share. */
export function Tile({ participant, screen = false, onFirstFrame }: TileProps) {
  const { name, isSelf, speaking, microphoneMuted, quality } = participant;
  const track = screen ? participant.screen : participant.camera;
  const producerId = screen ? participant.screenProducerId : participant.cameraProducerId;
  const caption = screen ? `${isSelf ? "Your" : `${name}’s`} screen` : isSelf ? "You" : name;
  return (
    <figure
      class={`tile${speaking && !screen ? " speaking" : ""}${screen ? " screen" : ""}`}
      data-testid={isSelf ? "self-tile" : "remote-tile"}
      data-device-id={participant.deviceId}
      data-source={screen ? "screen" : "camera"}
      aria-label={describe(caption, participant, screen)}
    >
      {track === undefined ? (
        <Avatar name={name} />
      ) : (
        <Video
          track={track}
          mirrored={isSelf && !screen}
          contain={screen}
          label={caption}
          producerId={producerId}
          {...(isSelf || producerId === undefined ? {} : { onFirstFrame: () => onFirstFrame(producerId) })}
        />
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
        <QualityBars level={quality} />
      </figcaption>
    </figure>
  );
}

function describe(caption: string, participant: ParticipantView, screen: boolean): string {
  if (screen) return caption;
  const facts = [caption];
  if (participant.microphoneMuted) facts.push("microphone off");
  if (participant.cameraOff) facts.push("camera off");
  if (participant.away) facts.push("reconnecting");
  if (participant.speaking) facts.push("speaking");
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
