import { rekeyInterval } from "@crosspoint/sdk";

/** What a page that embeds the calls may set before this script runs, as window.crosspointConfig. */
export interface HostConfig {
  readonly accessToken?: string;
  readonly getAccessToken?: (reason: string) => string | Promise<string>;
  readonly displayName?: string;
  readonly endpoints?: readonly string[];
}

export interface AppConfig {
  readonly enabled: boolean;
  readonly endpoints: readonly string[];
  readonly rekeyIntervalMs: number;
  readonly advertiseSframe: boolean;
  readonly host: HostConfig;
}

interface EnvironmentText {
  readonly VITE_CALLS_V2_ENABLED?: string | undefined;
  readonly VITE_CALLS_V2_WS_URL?: string | undefined;
  readonly VITE_CALLS_V2_WS_URLS?: string | undefined;
  readonly VITE_CALLS_V2_REKEY_INTERVAL_MS?: string | undefined;
  readonly VITE_CALLS_FRAME_E2EE_ADVERTISE_SFRAME?: string | undefined;
}

/** Either variable suffices; with both, the list comes first and the single one is added if it is not in it. */
export function endpointsFrom(env: EnvironmentText, origin: string): readonly string[] {
  const list = `${env.VITE_CALLS_V2_WS_URLS ?? ""},${env.VITE_CALLS_V2_WS_URL ?? ""}`;
  const urls = [...new Set(list.split(",").map(url => url.trim()))].filter(url => url !== "");
  return urls.length > 0 ? urls : [`${origin.replace(/^http/, "ws")}/ws`];
}

export function readConfig(env: EnvironmentText, origin: string, host: HostConfig): AppConfig {
  return {
    enabled: env.VITE_CALLS_V2_ENABLED?.toLowerCase() !== "false",
    endpoints: host.endpoints ?? endpointsFrom(env, origin),
    rekeyIntervalMs: rekeyInterval(env.VITE_CALLS_V2_REKEY_INTERVAL_MS),
    advertiseSframe: env.VITE_CALLS_FRAME_E2EE_ADVERTISE_SFRAME?.toLowerCase() === "true",
    host,
  };
}
