import { useEffect, useRef } from "preact/hooks";
import { meterLevel } from "../call/level-meter.js";

/** How loud the microphone is. Purely visual; the label beside it says what it is. */
export function LevelBar({ track }: { readonly track: MediaStreamTrack | undefined }) {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (track === undefined) return;
    const stop = meterLevel(track, level => bar.current?.style.setProperty("--level", level.toFixed(3)));
    return () => {
      stop();
      bar.current?.style.setProperty("--level", "0");
    };
  }, [track]);
  return (
    <div class="level" ref={bar} data-testid="mic-level" aria-hidden="true">
      <div class="level-fill" />
    </div>
  );
}
