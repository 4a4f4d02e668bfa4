import { CallError, type TokenReason } from "@crosspoint/sdk";
import type { HostConfig } from "./config.js";
import { getTabValue, setTabValue } from "./storage.js";

/** Where the access token comes from: the host page, the address, or a development server that gives one to anybody. */
export class SignIn {
  readonly #host: HostConfig;
  readonly #name: () => string;
  #given: string | undefined;

  constructor(host: HostConfig, given: string | undefined, name: () => string) {
    this.#host = host;
    this.#name = name;
    this.#given = given ?? host.accessToken;
    if (given !== undefined) setTabValue("accessToken", given);
    else this.#given ??= getTabValue("accessToken");
  }

  async token(reason: TokenReason): Promise<string> {
    if (this.#host.getAccessToken !== undefined) return await this.#host.getAccessToken(reason);
    if (this.#given !== undefined) return this.#given;
    return await this.#developmentToken(reason);
  }

  async #developmentToken(reason: TokenReason): Promise<string> {
    const kept = getTabValue("devToken");
    if (kept !== undefined && reason !== "refused" && reason !== "expired") return kept;
    const token = await askDevelopmentServer(this.#name());
    setTabValue("devToken", token);
    return token;
  }
}

async function askDevelopmentServer(name: string): Promise<string> {
  let response: Response;
  try {
    response = await fetch("/api/dev/token", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: name.trim().slice(0, 64) || "Guest" }),
    });
  } catch (error) {
    throw new CallError("SERVER_UNREACHABLE", "The server does not answer", {
      retryable: true,
      cause: error,
    });
  }
  if (response.status === 404 || response.status === 403 || response.status === 405) {
    throw new CallError("SIGN_IN_REQUIRED", "This server asks for a sign-in token");
  }
  if (response.status === 429) throw new CallError("RATE_LIMITED", "Too many sign-ins", { retryable: true });
  if (!response.ok)
    throw new CallError("SIGN_IN_FAILED", `The server answered ${response.status}`, { retryable: true });
  const body = (await response.json()) as { token?: string; accessToken?: string };
  const token = body.accessToken ?? body.token;
  if (token === undefined) throw new CallError("SIGN_IN_FAILED", "The server gave no token");
  return token;
}
