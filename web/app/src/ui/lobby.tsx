import { useEffect, useRef, useState } from "preact/hooks";
import type { CallController } from "../call/controller.js";
import { problemOf } from "../call/problems.js";
import { parseInvitation } from "../route.js";
import { loadPreferences, savePreferences } from "../storage.js";
import { useStore } from "../store.js";
import { DeviceSelect } from "./device-select.js";
import { CameraIcon, Logo, MicrophoneIcon } from "./icons.js";
import { LevelBar } from "./level-bar.js";
import { Video } from "./media-elements.js";
import { RoundButton } from "./toggle-button.js";

interface LobbyProps {
  readonly controller: CallController;
  readonly roomId: string | undefined;
  readonly joining: boolean;
}

export function Lobby({ controller, roomId, joining }: LobbyProps) {
  const [name, setName] = useState(controller.displayName);
  const nameField = useRef<HTMLInputElement>(null);
  useEffect(() => {
    void controller.media.open();
    void controller.prepare();
    if (name === "") nameField.current?.focus();
  }, []);

  const onSubmit = (event: Event) => {
    event.preventDefault();
    void controller.join(name.trim());
  };

  return (
    <main class="lobby">
      <header class="brand">
        <Logo />
        <span>Crosspoint</span>
      </header>
      <div class="lobby-columns">
        <Preview controller={controller} />
        <section class="card lobby-form" aria-labelledby="lobby-title">
          <h1 id="lobby-title" tabIndex={-1}>
            {roomId === undefined ? "Start a call" : "Ready to join?"}
          </h1>
          {roomId === undefined ? (
            <p class="muted">You get a link to send to the others.</p>
          ) : (
            <p class="muted">
              Room <strong data-testid="room-name">{roomId}</strong>
            </p>
          )}
          <form onSubmit={onSubmit}>
            <div class="field">
              <label for="name">Your name</label>
              <input
                id="name"
                ref={nameField}
                data-testid="name-input"
                type="text"
                autocomplete="name"
                maxLength={64}
                placeholder="How others see you"
                value={name}
                onInput={event => setName(event.currentTarget.value)}
              />
            </div>
            {roomId === undefined && <EncryptChoice />}
            <button type="submit" class="primary wide" data-testid="join-button" disabled={joining}>
              {joining ? "Joining…" : roomId === undefined ? "Start the call" : "Join the call"}
            </button>
          </form>
          {roomId === undefined && <Invitation controller={controller} />}
          <Devices controller={controller} />
        </section>
      </div>
    </main>
  );
}

/** For a call that is about to be made; one that exists decides by itself. */
function EncryptChoice() {
  return (
    <label class="encrypt-choice">
      <input
        type="checkbox"
        data-testid="encrypt-choice"
        checked={loadPreferences().encrypt}
        onChange={event => savePreferences({ encrypt: event.currentTarget.checked })}
      />
      Encrypt end to end: the server cannot hear or see the call
    </label>
  );
}

function Preview({ controller }: { readonly controller: CallController }) {
  const media = useStore(controller.media.store);
  const problem = media.error === undefined ? undefined : problemOf(media.error);
  return (
    <section class="preview" aria-label="How you will appear">
      <div class="preview-picture">
        {media.camera === undefined ? (
          <div class="preview-empty">
            <CameraIcon off />
            <p>
              {media.opening ? "Opening your devices…" : media.cameraOn ? "No camera" : "Your camera is off"}
            </p>
          </div>
        ) : (
          <Video track={media.camera} mirrored label="Your camera" />
        )}
        <div class="preview-bar">
          <RoundButton
            testId="lobby-mic"
            label={media.microphoneOn ? "Turn microphone off" : "Turn microphone on"}
            off={!media.microphoneOn}
            onClick={() => void controller.media.setMicrophoneOn(!media.microphoneOn)}
          >
            <MicrophoneIcon off={!media.microphoneOn} />
          </RoundButton>
          <LevelBar track={media.microphoneOn ? media.microphone : undefined} />
          <RoundButton
            testId="lobby-camera"
            label={media.cameraOn ? "Turn camera off" : "Turn camera on"}
            off={!media.cameraOn}
            onClick={() => void controller.media.setCameraOn(!media.cameraOn)}
          >
            <CameraIcon off={!media.cameraOn} />
          </RoundButton>
        </div>
      </div>
      {problem !== undefined && (
        <div class="notice" role="alert" data-testid="device-problem">
          <strong>{problem.title}</strong>
          <p>{problem.text}</p>
          <button type="button" class="secondary" onClick={() => void controller.media.open()}>
            Try again
          </button>
        </div>
      )}
    </section>
  );
}

function Devices({ controller }: { readonly controller: CallController }) {
  const { media } = controller;
  const view = useStore(media.store);
  if (view.cameras.length + view.microphones.length + view.speakers.length === 0) return null;
  return (
    <fieldset class="devices">
      <legend>Devices</legend>
      <DeviceSelect
        id="camera-select"
        label="Camera"
        choices={view.cameras}
        value={view.cameraId}
        onChoose={id => void media.chooseCamera(id)}
      />
      <DeviceSelect
        id="microphone-select"
        label="Microphone"
        choices={view.microphones}
        value={view.microphoneId}
        onChoose={id => void media.chooseMicrophone(id)}
      />
      <DeviceSelect
        id="speaker-select"
        label="Speaker"
        choices={view.speakers}
        value={view.speakerId}
        onChoose={id => media.chooseSpeaker(id)}
      />
    </fieldset>
  );
}

function Invitation({ controller }: { readonly controller: CallController }) {
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  const onSubmit = (event: Event) => {
    event.preventDefault();
    const route = parseInvitation(text, location.origin);
    setWrong(route === undefined);
    if (route !== undefined) void controller.openRoute(route);
  };
  return (
    <form class="invitation" onSubmit={onSubmit}>
      <label for="invitation">Or open a link you were sent</label>
      <div class="row">
        <input
          id="invitation"
          data-testid="invitation-input"
          type="text"
          value={text}
          placeholder="Link or room name"
          autocomplete="off"
          aria-invalid={wrong}
          aria-describedby={wrong ? "invitation-wrong" : undefined}
          onInput={event => setText(event.currentTarget.value)}
        />
        <button type="submit" class="secondary" data-testid="invitation-open" disabled={text.trim() === ""}>
          Open
        </button>
      </div>
      {wrong && (
        <p id="invitation-wrong" class="field-error" role="alert">
          That is not a room of this server.
        </p>
      )}
    </form>
  );
}
