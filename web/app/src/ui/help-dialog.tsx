import { useEffect, useRef, useState } from "preact/hooks";
import { loadPreferences, savePreferences } from "../storage.js";
import { CloseIcon } from "./icons.js";

const shortcuts: readonly (readonly [string, string])[] = [
  ["M", "Microphone on or off"],
  ["V", "Camera on or off"],
  ["S", "Share your screen, or stop"],
  ["C", "Copy the room link"],
  ["I", "Call details"],
  ["?", "This list"],
  ["Esc", "Close what is open"],
];

export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [enabled, setEnabled] = useState(loadPreferences().shortcuts);
  useEffect(() => dialog.current?.showModal(), []);
  const choose = (on: boolean) => {
    setEnabled(on);
    savePreferences({ shortcuts: on });
  };
  return (
    <dialog
      ref={dialog}
      class="card dialog"
      aria-labelledby="help-title"
      data-testid="help-dialog"
      onClose={onClose}
    >
      <header class="dialog-head">
        <h2 id="help-title">Keyboard shortcuts</h2>
        <button type="button" class="plain" aria-label="Close" onClick={() => dialog.current?.close()}>
          <CloseIcon />
        </button>
      </header>
      <dl class="shortcuts">
        {shortcuts.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input type="checkbox" checked={enabled} onChange={event => choose(event.currentTarget.checked)} />
        Single-key shortcuts
      </label>
    </dialog>
  );
}
