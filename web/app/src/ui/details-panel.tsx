import type { StreamStats } from "@crosspoint/sdk";
import { useEffect, useRef } from "preact/hooks";
import type { CallController } from "../call/controller.js";
import type { CallView, ParticipantView } from "../call/view.js";
import { useStore } from "../store.js";
import { DeviceSelect } from "./device-select.js";
import { EncryptionPanel } from "./encryption-panel.js";
import { CloseIcon } from "./icons.js";
import { VideoLimitsChoice } from "./video-limits.js";
import { OverallQuality } from "./video-quality.js";

interface DetailsPanelProps {
  readonly view: CallView;
  readonly controller: CallController;
  readonly onClose: () => void;
}

export function DetailsPanel({ view, controller, onClose }: DetailsPanelProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { media } = controller;
  const devices = useStore(media.store);
  return (
    <aside
      class="details"
      aria-labelledby="details-title"
      data-testid="details-panel"
      onKeyDown={event => {
        if (event.key === "Escape") onClose();
      }}
    >
      <header class="dialog-head">
        <h2 id="details-title" tabIndex={-1} ref={heading}>
          Call details
        </h2>
        <button
          type="button"
          class="plain"
          aria-label="Close the details"
          data-testid="details-close"
          onClick={onClose}
        >
          <CloseIcon />
        </button>
      </header>
      <OverallQuality
        choice={view.videoChoice}
        availableBitrate={view.availableBitrate}
        onChoose={choice => controller.chooseAllVideo(choice)}
      />
      <VideoLimitsChoice limits={view.videoLimits} onChoose={limits => controller.limitVideo(limits)} />
      <EncryptionPanel
        encryption={view.encryption}
        participants={view.participants}
        onCompared={(deviceId, compared) => controller.setCompared(deviceId, compared)}
        onRekey={() => void controller.rekey()}
        onKick={deviceId => void controller.kick(deviceId)}
      />
      <Connection view={view} />
      <section aria-label="Participants">
        <h3>Participants ({view.participants.length})</h3>
        {view.participants.map(participant => (
          <Streams key={participant.deviceId} participant={participant} view={view} />
        ))}
      </section>
      <section aria-label="Devices">
        <h3>Devices</h3>
        <DeviceSelect
          id="call-camera-select"
          label="Camera"
          choices={devices.cameras}
          value={devices.cameraId}
          onChoose={id => void media.chooseCamera(id)}
        />
        <DeviceSelect
          id="call-microphone-select"
          label="Microphone"
          choices={devices.microphones}
          value={devices.microphoneId}
          onChoose={id => void media.chooseMicrophone(id)}
        />
        <DeviceSelect
          id="call-speaker-select"
          label="Speaker"
          choices={devices.speakers}
          value={devices.speakerId}
          onChoose={id => media.chooseSpeaker(id)}
        />
      </section>
    </aside>
  );
}

function Connection({ view }: { readonly view: CallView }) {
  const { stats } = view;
  if (stats === undefined) return <p class="muted">Measuring…</p>;
  return (
    <section aria-label="Connection">
      <h3>Connection</h3>
      <dl class="facts">
        {stats.setupMs !== undefined && <Fact name="Set up in" value={`${Math.round(stats.setupMs)} ms`} />}
        {stats.transports.map(transport => (
          <Fact
            key={transport.direction}
            name={transport.direction === "send" ? "Sending" : "Receiving"}
            value={[
              transport.connectionState,
              transport.rttMs === undefined ? undefined : `${Math.round(transport.rttMs)} ms round trip`,
              transport.protocol?.toUpperCase(),
            ]
              .filter(part => part !== undefined)
              .join(" · ")}
          />
        ))}
      </dl>
    </section>
  );
}

function Streams({ participant, view }: { readonly participant: ParticipantView; readonly view: CallView }) {
  const all = [...(view.stats?.sent ?? []), ...(view.stats?.received ?? [])];
  const streams = all.filter(stream => stream.peerDeviceId === participant.deviceId);
  return (
    <div class="person">
      <p class="person-name">{participant.isSelf ? `${participant.name} (you)` : participant.name}</p>
      <dl class="facts">
        {streams.map(stream => (
          <Fact
            key={stream.producerId}
            name={labelOf(stream)}
            value={summaryOf(stream)}
            note={encodingsOf(stream) ?? noteOf(stream, participant)}
          />
        ))}
      </dl>
    </div>
  );
}

function labelOf(stream: StreamStats): string {
  if (stream.source === "screen") return "Screen";
  return stream.kind === "audio" ? "Sound" : "Picture";
}

function summaryOf(stream: StreamStats): string {
  if (stream.paused) return "off";
  const parts = [
    stream.frameWidth && stream.frameHeight ? `${stream.frameWidth}×${stream.frameHeight}` : undefined,
    stream.framesPerSecond === undefined ? undefined : `${Math.round(stream.framesPerSecond)} fps`,
    `${Math.round(stream.bitrateBps / 1000)} kbit/s`,
    stream.lossPercent === undefined ? undefined : `${stream.lossPercent.toFixed(1)} % lost`,
    stream.codec?.split("/")[1],
  ];
  return parts.filter(part => part !== undefined).join(" · ");
}

/** What is sent of one video for different links: "180p, 360p; 720p rests". */
function encodingsOf(stream: StreamStats): string | undefined {
  if (stream.encodings.length === 0 || stream.paused) return undefined;
  const sizes = stream.encodings.map((encoding, index) => ({
    name: encoding.frameHeight === undefined ? `layer ${index + 1}` : `${encoding.frameHeight}p`,
    flows: encoding.active && encoding.frameHeight !== undefined,
  }));
  const flowing = sizes.filter(size => size.flows).map(size => size.name);
  const resting = sizes.length - flowing.length;
  if (flowing.length === 0) return "nobody watches: not sent";
  return `sent as ${flowing.join(", ")}${resting === 0 ? "" : `; ${resting} not needed or too much for the link`}`;
}

function noteOf(stream: StreamStats, participant: ParticipantView): string | undefined {
  const video = stream.source === "screen" ? participant.screenVideo : participant.cameraVideo;
  if (stream.kind !== "video" || video === undefined) return undefined;
  if (video.heldBack === "BANDWIDTH") return "paused: the connection is too slow";
  if (video.heldBack !== undefined) return "not among those shown";
  if (video.choice === "off") return "switched off";
  return video.layer === undefined || video.layers < 2
    ? undefined
    : `layer ${video.layer + 1} of ${video.layers}`;
}

interface FactProps {
  readonly name: string;
  readonly value: string;
  readonly note?: string | undefined;
}

function Fact({ name, value, note }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        {note !== undefined && <small>{note}</small>}
      </dd>
    </div>
  );
}
