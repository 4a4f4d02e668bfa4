import { render } from "preact";
import { CallController } from "./call/controller.js";
import { type HostConfig, readConfig } from "./config.js";
import { parseRoute, roomUrl } from "./route.js";
import { SignIn } from "./sign-in.js";
import { loadPreferences } from "./storage.js";
import "./styles/index.css";
import { installTestHooks } from "./test-hooks.js";
import { App } from "./ui/app.js";

declare global {
  interface Window {
    readonly crosspointConfig?: HostConfig;
  }
}

const host = window.crosspointConfig ?? {};
const config = readConfig(import.meta.env, location.origin, host);
const route = parseRoute(location.pathname, location.hash);
if (route.accessToken !== undefined) {
  // A sign-in token must not stay in the address, where it would be copied along with the room link.
  history.replaceState(
    null,
    "",
    route.roomId === undefined ? "/" : roomUrl("", route.roomId, route.joinToken, route.roomSecret),
  );
}
const signIn = new SignIn(host, route.accessToken, () => loadPreferences().name);
const controller = new CallController(config, signIn, route);
installTestHooks(controller);
window.addEventListener("popstate", () => location.reload());

const root = document.getElementById("app");
if (root !== null) render(<App controller={controller} />, root);
