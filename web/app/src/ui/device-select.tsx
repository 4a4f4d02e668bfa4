import type { DeviceChoice } from "../call/local-media.js";

interface DeviceSelectProps {
  readonly id: string;
  readonly label: string;
  readonly choices: readonly DeviceChoice[];
  readonly value: string | undefined;
  readonly onChoose: (deviceId: string) => void;
}

export function DeviceSelect({ id, label, choices, value, onChoose }: DeviceSelectProps) {
  if (choices.length === 0) return null;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="select">
        <select
          id={id}
          data-testid={id}
          value={value}
          onChange={event => onChoose(event.currentTarget.value)}
        >
          {choices.map(choice => (
            <option key={choice.deviceId} value={choice.deviceId}>
              {choice.label}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
