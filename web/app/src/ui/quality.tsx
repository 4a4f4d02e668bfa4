import type { QualityLevel } from "@crosspoint/sdk";

const bars: Readonly<Record<QualityLevel, number>> = {
  excellent: 4,
  good: 3,
  fair: 2,
  poor: 1,
  lost: 0,
  unknown: 0,
};

/** Connection quality as bars and, for screen readers and on hover, as a word. */
export function QualityBars({ level }: { readonly level: QualityLevel }) {
  if (level === "unknown") return null;
  const lit = bars[level];
  return (
    <span
      class={`quality ${level}`}
      role="img"
      aria-label={`Connection ${level}`}
      title={`Connection: ${level}`}
      data-testid="quality"
    >
      {[1, 2, 3, 4].map(bar => (
        <span key={bar} class={bar <= lit ? "lit" : ""} />
      ))}
    </span>
  );
}
