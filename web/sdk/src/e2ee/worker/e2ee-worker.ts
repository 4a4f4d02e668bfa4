/// The dedicated worker: the only thread that ever holds secrets. Loaded when a room is encrypted, and not before.
import { browserRuntime } from "../../support/runtime.js";
import { keepDeviceKey } from "../identity/key-box.js";
import { E2eeCore } from "./core.js";
import { type MessageEnd, serve } from "./port.js";
import type { StreamPipes, StreamRole } from "./protocol.js";

interface TransformEvent {
  readonly transformer: StreamPipes & { readonly options: StreamRole };
}

const scope = self as unknown as MessageEnd & { onrtctransform: ((event: TransformEvent) => void) | null };
const core = new E2eeCore(browserRuntime.clock, keepDeviceKey);
serve(core, scope);

// RTCRtpScriptTransform hands its streams over by itself.
scope.onrtctransform = ({ transformer }) => {
  core.attach(transformer.options, transformer);
  scope.postMessage({ attached: transformer.options.stream });
};
