import { useEffect, useRef } from "preact/hooks";
import { loadPreferences } from "../storage.js";

/** Single-key shortcuts: never while typing or in a dialog, and the person may switch them off (WCAG 2.1.4). */
export function useShortcuts(actions: Readonly<Record<string, () => void>>): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (isTyping(event.target) || document.querySelector("dialog[open]") !== null) return;
      const key = event.key.toLowerCase();
      const action = latest.current[key];
      if (action === undefined || (key !== "?" && !loadPreferences().shortcuts)) return;
      event.preventDefault();
      action();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches("input, select, textarea"))
  );
}
