import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { CallController } from "../call/controller.js";
import type { Banner, CallView } from "../call/view.js";
import { useStore } from "../store.js";
import { DetailsPanel } from "./details-panel.js";
import { EncryptionAlert, EncryptionBadge } from "./encryption-badge.js";
import { Grid } from "./grid.js";
import { HelpDialog } from "./help-dialog.js";
import {
  CameraIcon,
  DetailsIcon,
  HelpIcon,
  LeaveIcon,
  LinkIcon,
  MicrophoneIcon,
  ScreenIcon,
} from "./icons.js";
import { Audio } from "./media-elements.js";
import { useShortcuts } from "./shortcuts.js";
import type { TileActions } from "./tile.js";
import { RoundButton } from "./toggle-button.js";

interface CallScreenProps {
  readonly controller: CallController;
  readonly view: CallView;
}

export function CallScreen({ controller, view }: CallScreenProps) {
  const media = useStore(controller.media.store);
  const [details, setDetails] = useState(false);
  const [help, setHelp] = useState(false);
  const [unblock, setUnblock] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  useShortcuts({
    m: () => void controller.toggleMicrophone(),
    v: () => void controller.toggleCamera(),
    s: () => void controller.toggleSharing(),
    c: () => void controller.copyLink(),
    i: () => setDetails(open => !open),
    "?": () => setHelp(true),
  });
  const actions = useMemo<TileActions>(
    () => ({
      onFirstFrame: producerId => controller.timings.firstFrame(producerId),
      showIn: (producerId, element) => controller.showIn(producerId, element),
      choose: (producerId, choice) => controller.chooseVideo(producerId, choice),
    }),
    [controller],
  );
  const remotes = view.participants.filter(participant => participant.audio !== undefined);
  return (
    <div class={`call${details ? " with-details" : ""}`}>
      <h1 class="visually-hidden" tabIndex={-1} ref={heading}>
        Call {view.roomId}
      </h1>
      <main class="call-main" aria-label="Participants">
        <EncryptionBadge encryption={view.encryption} onOpen={() => setDetails(true)} />
        <EncryptionAlert encryption={view.encryption} />
        <BannerBar
          banner={view.banner}
          onUnblock={() => {
            controller.clearAudioBlocked();
            setUnblock(count => count + 1);
          }}
        />
        <Grid participants={view.participants} actions={actions} />
        {view.participants.length === 1 && view.banner === undefined && (
          <Alone onCopy={() => void controller.copyLink()} />
        )}
        {remotes.map(participant =>
          participant.audio === undefined ? null : (
            <Audio
              key={participant.deviceId}
              track={participant.audio}
              speakerId={media.speakerId}
              unblock={unblock}
              onBlocked={() => controller.onAudioBlocked()}
            />
          ),
        )}
      </main>
      {details && <DetailsPanel view={view} controller={controller} onClose={() => setDetails(false)} />}
      <div class="bar" role="toolbar" aria-label="Call controls">
        <RoundButton
          testId="mic-button"
          label={media.microphoneOn ? "Turn microphone off" : "Turn microphone on"}
          shortcut="M"
          off={!media.microphoneOn}
          onClick={() => void controller.toggleMicrophone()}
        >
          <MicrophoneIcon off={!media.microphoneOn} />
        </RoundButton>
        <RoundButton
          testId="camera-button"
          label={media.cameraOn ? "Turn camera off" : "Turn camera on"}
          shortcut="V"
          off={!media.cameraOn}
          onClick={() => void controller.toggleCamera()}
        >
          <CameraIcon off={!media.cameraOn} />
        </RoundButton>
        {canShareScreen() && (
          <RoundButton
            testId="screen-button"
            label={view.sharing ? "Stop sharing your screen" : "Share your screen"}
            shortcut="S"
            pressed={view.sharing}
            onClick={() => void controller.toggleSharing()}
          >
            <ScreenIcon />
          </RoundButton>
        )}
        <RoundButton
          testId="link-button"
          label="Copy the room link"
          shortcut="C"
          onClick={() => void controller.copyLink()}
        >
          <LinkIcon />
        </RoundButton>
        <RoundButton
          testId="details-button"
          label="Call details"
          shortcut="I"
          pressed={details}
          onClick={() => setDetails(!details)}
        >
          <DetailsIcon />
        </RoundButton>
        <span class="desktop-only">
          <RoundButton
            testId="help-button"
            label="Keyboard shortcuts"
            shortcut="?"
            onClick={() => setHelp(true)}
          >
            <HelpIcon />
          </RoundButton>
        </span>
        <RoundButton
          testId="leave-button"
          label="Leave the call"
          danger
          onClick={() => void controller.leave()}
        >
          <LeaveIcon />
        </RoundButton>
      </div>
      {help && <HelpDialog onClose={() => setHelp(false)} />}
    </div>
  );
}

function canShareScreen(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === "function";
}

function Alone({ onCopy }: { readonly onCopy: () => void }) {
  return (
    <div class="alone card" data-testid="alone">
      <p>You are the only one here.</p>
      <button type="button" class="primary" onClick={onCopy}>
        Copy the room link
      </button>
    </div>
  );
}

interface BannerBarProps {
  readonly banner: Banner;
  readonly onUnblock: () => void;
}

function BannerBar({ banner, onUnblock }: BannerBarProps) {
  if (banner === undefined) return null;
  if (banner.kind === "audio-blocked") {
    return (
      <div class="banner" data-testid="banner" data-kind={banner.kind}>
        <span>Your browser holds the sound back.</span>
        <button type="button" class="secondary" onClick={onUnblock}>
          Turn sound on
        </button>
      </div>
    );
  }
  return (
    <div class="banner" data-testid="banner" data-kind={banner.kind}>
      <span class="spinner" aria-hidden="true" />
      {banner.kind === "reconnecting" ? (
        <span>
          Connection lost. Reconnecting
          {banner.attempt > 1 ? ` (attempt ${banner.attempt} of ${banner.maxAttempts})` : ""}…
        </span>
      ) : (
        <span>Restoring sound and picture…</span>
      )}
    </div>
  );
}
