import { CallError, SdkErrorCode } from "../errors.js";

const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Checks one endpoint: ws/wss only, and plain ws only to this machine (a token would cross the network in clear). */
export function parseEndpoint(text: string): string {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw new CallError(SdkErrorCode.InvalidEndpoint, `Not a WebSocket URL: ${text}`);
  }
  if (url.protocol !== "ws:" && url.protocol !== "wss:") {
    throw new CallError(SdkErrorCode.InvalidEndpoint, `Not a ws:// or wss:// URL: ${text}`);
  }
  if (url.protocol === "ws:" && !loopbackHosts.has(url.hostname) && !url.hostname.endsWith(".localhost")) {
    throw new CallError(SdkErrorCode.InsecureEndpoint, `Plain ws:// is only allowed to localhost: ${text}`);
  }
  return url.href;
}

/** The endpoint list and the place in it. */
export class EndpointRotation {
  readonly endpoints: readonly string[];
  #index = 0;

  constructor(endpoints: readonly string[]) {
    const parsed = endpoints.filter(text => text.trim() !== "").map(parseEndpoint);
    if (parsed.length === 0) throw new CallError(SdkErrorCode.InvalidEndpoint, "No endpoint given");
    this.endpoints = [...new Set(parsed)];
  }

  get index(): number {
    return this.#index;
  }

  get current(): string {
    return this.endpoints[this.#index] as string;
  }

  advance(): string {
    this.#index = (this.#index + 1) % this.endpoints.length;
    return this.current;
  }
}
