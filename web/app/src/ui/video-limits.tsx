import type { VideoLimits } from "@crosspoint/sdk";

const numbers = [1, 2, 4, 9, 16];

interface VideoLimitsChoiceProps {
  readonly limits: VideoLimits;
  readonly onChoose: (limits: VideoLimits) => void;
}

/** How many pictures at a time: who looks on a small screen, or pays for data, need not have them all. */
export function VideoLimitsChoice({ limits, onChoose }: VideoLimitsChoiceProps) {
  return (
    <section aria-label="Number of pictures">
      <h3>Number of pictures</h3>
      <NumberSelect
        id="max-video-select"
        label="At a time"
        everything="All"
        value={limits.maxVideo}
        onChoose={maxVideo => onChoose(without({ ...limits, maxVideo }))}
      />
      <NumberSelect
        id="last-n-select"
        label="Of those who spoke last"
        everything="Everybody"
        value={limits.lastN}
        onChoose={lastN => onChoose(without({ ...limits, lastN }))}
      />
      <p class="muted">Sound always comes from everybody.</p>
    </section>
  );
}

// Absent means all; a stored choice keeps no empty fields.
function without(limits: { [Key in keyof VideoLimits]: number | undefined }): VideoLimits {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

interface NumberSelectProps {
  readonly id: string;
  readonly label: string;
  readonly everything: string;
  readonly value: number | undefined;
  readonly onChoose: (value: number | undefined) => void;
}

function NumberSelect({ id, label, everything, value, onChoose }: NumberSelectProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="select">
        <select
          id={id}
          data-testid={id}
          value={value === undefined ? "" : String(value)}
          onChange={({ currentTarget }) =>
            onChoose(currentTarget.value === "" ? undefined : Number(currentTarget.value))
          }
        >
          <option value="">{everything}</option>
          {numbers.map(number => (
            <option key={number} value={String(number)}>
              {number}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
