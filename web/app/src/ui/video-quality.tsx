import type { VideoChoice } from "@crosspoint/sdk";
import { useEffect, useRef, useState } from "preact/hooks";
import type { VideoView } from "../call/view.js";
import { SlidersIcon } from "./icons.js";

export const choiceLabels: Readonly<Record<VideoChoice, { readonly name: string; readonly hint: string }>> = {
  auto: { name: "Automatic", hint: "As sharp as your connection carries" },
  low: { name: "Low", hint: "A small picture, saves data" },
  off: { name: "Off", hint: "Sound only" },
};
const choices: readonly VideoChoice[] = ["auto", "low", "off"];

/** How tall the picture is that arrives: "360p". Nothing while nobody knows. */
export function Resolution({ video }: { readonly video: VideoView }) {
  if (video.height === undefined || video.paused || video.heldBack !== undefined) return null;
  const { height, framesPerSecond, layer, layers } = video;
  const facts = [
    `${height} lines`,
    framesPerSecond === undefined ? undefined : `${Math.round(framesPerSecond)} pictures a second`,
    layer === undefined || layers < 2 ? undefined : `layer ${layer + 1} of ${layers}`,
    video.choice === "low" ? "low by your choice" : undefined,
  ].filter(fact => fact !== undefined);
  return (
    <span class="resolution" data-testid="resolution" data-layer={layer} title={facts.join(", ")}>
      {height}p
    </span>
  );
}

/** Why there is no picture although there is a camera, in words of the person's world. */
export function VideoPaused({ video, onShow }: { readonly video: VideoView; readonly onShow: () => void }) {
  const words = reasonOf(video);
  if (words === undefined) return null;
  return (
    <div class="video-paused" data-testid="video-paused" data-reason={words.reason}>
      <p class="video-paused-title">{words.title}</p>
      <p class="video-paused-text">{words.text}</p>
      {words.reason === "off" && (
        <button type="button" class="secondary" data-testid="show-video" onClick={onShow}>
          Show the video
        </button>
      )}
    </div>
  );
}

function reasonOf(video: VideoView): { reason: string; title: string; text: string } | undefined {
  if (video.choice === "off")
    return { reason: "off", title: "Video switched off", text: "You chose sound only for this one." };
  switch (video.heldBack) {
    case undefined:
      return undefined;
    case "BANDWIDTH":
      return {
        reason: "bandwidth",
        title: "Video paused",
        text: "Your connection is too slow for it right now. The sound goes on; the picture comes back by itself.",
      };
    default:
      return {
        reason: "limit",
        title: "Video not shown",
        text: "It comes back when this person speaks.",
      };
  }
}

interface VideoMenuProps {
  readonly name: string;
  readonly choice: VideoChoice;
  readonly onChoose: (choice: VideoChoice) => void;
}

/** A small button on a tile that opens the choice of quality for this one video. */
export function VideoMenu({ name, choice, onChoose }: VideoMenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>("[aria-checked=true]")?.focus();
    const onPress = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", onPress);
    return () => document.removeEventListener("pointerdown", onPress);
  }, [open]);
  const close = () => {
    setOpen(false);
    root.current?.querySelector<HTMLElement>(".video-menu-button")?.focus();
  };
  return (
    <div class={`video-menu${open ? " open" : ""}`} ref={root}>
      <button
        type="button"
        class="video-menu-button"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={`Video quality of ${name}`}
        title="Video quality"
        data-testid="video-menu"
        onClick={() => setOpen(!open)}
      >
        <SlidersIcon />
      </button>
      {open && (
        <div
          class="video-menu-list"
          role="menu"
          tabIndex={-1}
          aria-label={`Video quality of ${name}`}
          onKeyDown={event => {
            if (event.key === "Escape") {
              event.stopPropagation();
              close();
            }
            if (event.key === "ArrowDown" || event.key === "ArrowUp") moveFocus(event);
          }}
        >
          {choices.map(one => (
            <button
              type="button"
              key={one}
              role="menuitemradio"
              aria-checked={one === choice}
              data-testid={`video-${one}`}
              onClick={() => {
                onChoose(one);
                close();
              }}
            >
              <span>{choiceLabels[one].name}</span>
              <small>{choiceLabels[one].hint}</small>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function moveFocus(event: KeyboardEvent): void {
  const items = [
    ...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("[role=menuitemradio]"),
  ];
  if (items.length === 0) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement as HTMLElement);
  const step = event.key === "ArrowDown" ? 1 : -1;
  items[(at + step + items.length) % items.length]?.focus();
}

interface OverallQualityProps {
  readonly choice: VideoChoice;
  readonly availableBitrate: number | undefined;
  readonly onChoose: (choice: VideoChoice) => void;
}

/** The choice for all videos at once. */
export function OverallQuality({ choice, availableBitrate, onChoose }: OverallQualityProps) {
  return (
    <section aria-label="Video quality">
      <h3>Video quality</h3>
      <div class="segments" role="radiogroup" aria-label="Quality of all videos">
        {choices.map(one => (
          <label key={one} class={one === choice ? "chosen" : ""}>
            <input
              type="radio"
              name="overall-quality"
              checked={one === choice}
              data-testid={`all-video-${one}`}
              onChange={() => onChoose(one)}
            />
            {choiceLabels[one].name}
          </label>
        ))}
      </div>
      <p class="muted">
        {choiceLabels[choice].hint}.
        {availableBitrate !== undefined && ` Your connection carries about ${speed(availableBitrate)}.`}
      </p>
    </section>
  );
}

function speed(bitsPerSecond: number): string {
  return bitsPerSecond >= 1_000_000
    ? `${(bitsPerSecond / 1_000_000).toFixed(1)} Mbit/s`
    : `${Math.round(bitsPerSecond / 1000)} kbit/s`;
}
