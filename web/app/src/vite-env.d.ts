/// <reference types="vite/client" />

interface ImportMetaEnv {
  readonly VITE_CALLS_V2_ENABLED?: string;
  readonly VITE_CALLS_V2_WS_URL?: string;
  readonly VITE_CALLS_V2_WS_URLS?: string;
  readonly VITE_CALLS_V2_REKEY_INTERVAL_MS?: string;
  readonly VITE_CALLS_FRAME_E2EE_ADVERTISE_SFRAME?: string;
  /** Reserved: TURN credentials arrive with the transports; the endpoint itself is a later issue. */
  readonly VITE_TURN_CREDENTIALS_URL?: string;
}
