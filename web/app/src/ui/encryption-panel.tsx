import type { EncryptionView, KeyHolderView } from "../call/encryption.js";
import type { ParticipantView } from "../call/view.js";

interface EncryptionPanelProps {
  readonly encryption: EncryptionView;
  readonly participants: readonly ParticipantView[];
  readonly onCompared: (deviceId: string, compared: boolean) => void;
  readonly onRekey: () => void;
  readonly onKick: (deviceId: string) => void;
}

const trustLabels = {
  compared: "Compared",
  attested: "Confirmed by your organisation",
  asserted: "As the server says",
} as const;

/** Who can read the call, how to make sure of it, and what the server knows all the same. */
export function EncryptionPanel(props: EncryptionPanelProps) {
  const { encryption, participants, onCompared, onRekey, onKick } = props;
  if (encryption.state === "off") return <NotEncrypted />;
  const { code, holders, epoch, linkSecret } = encryption;
  return (
    <section class="encryption" aria-label="Encryption" data-testid="encryption">
      <h3>End-to-end encryption</h3>
      {code !== undefined && (
        <div class="room-code">
          <p>Everybody in the call must see the same:</p>
          <ol class="pictures" data-testid="room-code-emoji">
            {code.pictures.map(({ emoji, name }, index) => (
              <li key={index}>
                <span class="emoji" aria-hidden="true">
                  {emoji}
                </span>
                <span class="name">{name}</span>
              </li>
            ))}
          </ol>
          <p class="digits" data-testid="room-code">
            {code.digits}
          </p>
        </div>
      )}
      <h4>Devices that hold the keys ({holders.length})</h4>
      <ul class="key-holders">
        {holders.map(holder => (
          <Holder
            key={`${holder.userId} ${holder.deviceId}`}
            holder={holder}
            participant={participants.find(({ deviceId }) => deviceId === holder.deviceId)}
            unreadable={encryption.unreadable.includes(holder.deviceId)}
            onCompared={onCompared}
            onKick={onKick}
          />
        ))}
      </ul>
      {epoch >= 0 && (
        <p class="muted">
          Key epoch {epoch}.{" "}
          <button type="button" class="plain" data-testid="rekey-button" onClick={onRekey}>
            Agree on new keys now
          </button>
        </p>
      )}
      <h4>What the server sees</h4>
      <p class="muted" data-testid="server-sees">
        Sound and picture are encrypted on your device and opened only on the devices listed here. The server
        passes them on without being able to hear or see them. It does see who is in the call, from where, who
        is speaking and when, and how much is sent. It also delivers this page: whoever changes the page could
        change that.
        {linkSecret && " This call's link holds a secret of its own that the server never gets."}
      </p>
    </section>
  );
}

function NotEncrypted() {
  return (
    <section class="encryption" aria-label="Encryption" data-testid="encryption">
      <p>
        <strong>Encrypted on the way only (DTLS-SRTP)</strong>
      </p>
      <p class="muted">
        This call is not end-to-end encrypted: the server can hear and see what it passes on.
      </p>
    </section>
  );
}

interface HolderProps {
  readonly holder: KeyHolderView;
  readonly participant: ParticipantView | undefined;
  readonly unreadable: boolean;
  readonly onCompared: (deviceId: string, compared: boolean) => void;
  readonly onKick: (deviceId: string) => void;
}

function Holder({ holder, participant, unreadable, onCompared, onKick }: HolderProps) {
  const name = participant?.name ?? "Somebody who is not shown in the call";
  return (
    <li data-testid="key-holder" data-device={holder.deviceId}>
      <strong>{holder.isSelf ? `${name} (you)` : name}</strong>
      {participant === undefined && (
        <p class="problem-text">This device holds the keys, but the server does not list it.</p>
      )}
      {unreadable && <p class="problem-text">What this device sends cannot be opened.</p>}
      {holder.safetyNumber !== undefined && (
        <details>
          <summary>{trustLabels[holder.trust]} · safety number</summary>
          <p class="digits" data-testid="safety-number">
            {holder.safetyNumber}
          </p>
          <label>
            <input
              type="checkbox"
              checked={holder.trust === "compared"}
              onChange={event => onCompared(holder.deviceId, event.currentTarget.checked)}
            />{" "}
            We compared it, and it was the same
          </label>
          <button
            type="button"
            class="plain"
            data-testid="kick-button"
            onClick={() => onKick(holder.deviceId)}
          >
            Remove from the call
          </button>
        </details>
      )}
    </li>
  );
}
