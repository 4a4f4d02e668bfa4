import type { VideoChoice, VideoLimits } from "@crosspoint/sdk";

/** Browser storage that may be full, forbidden or absent without the page caring. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

export interface Preferences {
  readonly name: string;
  readonly microphoneId: string | undefined;
  readonly cameraId: string | undefined;
  readonly speakerId: string | undefined;
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
  readonly shortcuts: boolean;
  readonly videoChoice: VideoChoice;
  readonly videoLimits: VideoLimits;
  /** New calls are end-to-end encrypted. */
  readonly encrypt: boolean;
}

const preferencesKey = "crosspoint.preferences";
const defaults: Preferences = {
  name: "",
  microphoneId: undefined,
  cameraId: undefined,
  speakerId: undefined,
  microphoneOn: true,
  cameraOn: true,
  shortcuts: true,
  videoChoice: "auto",
  videoLimits: {},
  encrypt: false,
};

export function loadPreferences(): Preferences {
  const text = attempt(() => localStorage.getItem(preferencesKey));
  const stored = text ? attempt(() => JSON.parse(text) as Partial<Preferences>) : undefined;
  return { ...defaults, ...stored };
}

export function savePreferences(change: Partial<Preferences>): void {
  const next = { ...loadPreferences(), ...change };
  attempt(() => localStorage.setItem(preferencesKey, JSON.stringify(next)));
}

const verifiedKey = "crosspoint.comparedKeys";

/** Keys of others that a person compared on this browser. */
export function loadVerified(): readonly string[] {
  const stored: unknown = attempt(() => JSON.parse(localStorage.getItem(verifiedKey) ?? "[]"));
  return Array.isArray(stored) ? stored.filter(entry => typeof entry === "string") : [];
}

export function saveVerified(entries: readonly string[]): void {
  attempt(() => localStorage.setItem(verifiedKey, JSON.stringify(entries.slice(-500))));
}

/** Lives as long as the tab: two tabs are two participants, a reload is the same one. */
export function tabValue(key: string, make: () => string): string {
  const name = `crosspoint.${key}`;
  const stored = attempt(() => sessionStorage.getItem(name));
  if (stored) return stored;
  const value = make();
  attempt(() => sessionStorage.setItem(name, value));
  return value;
}

export function setTabValue(key: string, value: string | undefined): void {
  const name = `crosspoint.${key}`;
  attempt(() =>
    value === undefined ? sessionStorage.removeItem(name) : sessionStorage.setItem(name, value),
  );
}

export function getTabValue(key: string): string | undefined {
  return attempt(() => sessionStorage.getItem(`crosspoint.${key}`)) ?? undefined;
}
