import type { CallError } from "../errors.js";
import type { IceRecoveryState } from "../media/ice-recovery.js";
import { type FrameEncryption, type MediaRequest, MediaSession } from "../media/media-session.js";
import type { RtpCapabilities } from "../protocol/generated.js";
import type { TransportDirection } from "../protocol/messages.js";
import type { Clock } from "../support/runtime.js";
import type { RoomOptions } from "./room-options.js";

export interface RoomMediaHost {
  readonly options: RoomOptions;
  readonly clock: Clock;
  readonly request: MediaRequest;
  readonly canRequest: () => boolean;
  /** Undefined in rooms whose frames are not encrypted. */
  readonly encryption: () => FrameEncryption | undefined;
  readonly onTransportState: (
    direction: TransportDirection,
    state: IceRecoveryState,
    attempt: number,
  ) => void;
  readonly onFailed: (error: CallError) => void;
}

/** The media session of a room, one at a time: what an earlier one still answers or reports changes nothing any more. */
export class RoomMedia {
  readonly #host: RoomMediaHost;
  #session: MediaSession | undefined;
  #generation = 0;

  constructor(host: RoomMediaHost) {
    this.#host = host;
  }

  /** Undefined until it stands. */
  get session(): MediaSession | undefined {
    return this.#session;
  }

  /** False when it was closed, or opened anew, before it stood. */
  async open(routerRtpCapabilities: RtpCapabilities): Promise<boolean> {
    const generation = ++this.#generation;
    const { roomId, iceServers, iceTransportPolicy, iceRecovery, handlerFactory } = this.#host.options;
    const session = await MediaSession.open({
      roomId,
      routerRtpCapabilities,
      request: this.#host.request,
      canRequest: this.#host.canRequest,
      clock: this.#host.clock,
      encryption: this.#host.encryption(),
      iceServers,
      iceTransportPolicy,
      iceRecovery,
      handlerFactory,
      onTransportState: (direction, state, attempt) => {
        if (generation === this.#generation) this.#host.onTransportState(direction, state, attempt);
      },
      onTransportFailed: (_, error) => {
        if (generation === this.#generation) this.#host.onFailed(error);
      },
    });
    if (generation !== this.#generation) {
      session.close();
      return false;
    }
    this.#session = session;
    return true;
  }

  close(): void {
    this.#generation++;
    this.#session?.close();
    this.#session = undefined;
  }
}
