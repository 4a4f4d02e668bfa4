import type { ComponentChildren } from "preact";

interface ToggleButtonProps {
  readonly testId: string;
  readonly label: string;
  readonly shortcut?: string;
  readonly pressed?: boolean;
  readonly off?: boolean;
  readonly danger?: boolean;
  readonly onClick: () => void;
  readonly children: ComponentChildren;
}

/** A round button with an icon. The label says what pressing it does; colour is never the only sign. */
export function RoundButton(props: ToggleButtonProps) {
  const { testId, label, shortcut, pressed, off = false, danger = false, onClick, children } = props;
  const title = shortcut === undefined ? label : `${label} (${shortcut})`;
  return (
    <button
      type="button"
      class={`round${off ? " off" : ""}${danger ? " danger" : ""}${pressed ? " pressed" : ""}`}
      aria-label={label}
      aria-pressed={pressed}
      aria-keyshortcuts={shortcut}
      title={title}
      data-testid={testId}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
