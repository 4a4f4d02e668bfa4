import { canEncrypt, failClosedSettings } from "../e2ee/media/frame-transforms.js";
import type { KeyAgreement } from "../e2ee/session/key-agreement.js";
import type {
  EncryptionOptions,
  EncryptionStatus,
  RoomEncryption,
  RoomEncryptionHost,
} from "../e2ee/session/room-encryption.js";
import { CallError, SdkErrorCode } from "../errors.js";
import type { FrameEncryption } from "../media/media-session.js";
import type { MediaKind, MediaSource, ServerMessages } from "../protocol/messages.js";
import type { SignalingSession } from "../signaling/connection.js";

export interface RoomKeysHost extends Omit<RoomEncryptionHost, "options"> {
  readonly options: EncryptionOptions | undefined;
  /** Who the signalling says a producer is of. */
  readonly originOf: (producerId: string) =>
    | {
        readonly userId: string;
        readonly deviceId: string;
        readonly kind: MediaKind;
        readonly source: MediaSource;
      }
    | undefined;
}

const profile = "mls-sframe-v1";

export const unencrypted: EncryptionStatus = {
  state: "off",
  keyState: "IDLE",
  failure: undefined,
  epoch: -1,
  members: [],
  ownLeaf: undefined,
  unreadable: [],
};

/** Whether a room is encrypted, and everything of it when it is. A room that is not loads none of it. */
export class RoomKeys {
  // given
  readonly #host: RoomKeysHost;
  // state
  #encryption: RoomEncryption | undefined;
  #profile: string | undefined;
  #wasEncrypted = false;

  constructor(host: RoomKeysHost) {
    this.#host = host;
  }

  get status(): EncryptionStatus {
    return this.#isOn ? (this.#encryption?.status ?? unencrypted) : unencrypted;
  }

  /** Undefined in rooms that only count epochs. */
  get keys(): KeyAgreement | undefined {
    return this.#isOn ? this.#encryption?.keys : undefined;
  }

  get #isAble(): boolean {
    return this.#host.options?.startWorker !== undefined || canEncrypt();
  }

  get #isOn(): boolean {
    return this.#profile === profile;
  }

  /** Undefined in rooms that are not encrypted. */
  get frames(): FrameEncryption | undefined {
    const encryption = this.#encryption;
    if (!this.#isOn || encryption === undefined) return undefined;
    const releasing = (stream: string) => () => encryption.forget(stream);
    return {
      settings: failClosedSettings,
      protect: (sender, kind, source) => {
        const { stream, taken } = encryption.protect(sender, kind, source);
        return { taken, end: releasing(stream) };
      },
      unprotect: (receiver, producerId, mimeType) => {
        // Of somebody unknown nothing can be opened.
        const nobody = { userId: "", deviceId: "", kind: "audio", source: "microphone" } as const;
        const origin = this.#host.originOf(producerId) ?? nobody;
        return releasing(encryption.unprotect(receiver, { ...origin, mimeType }));
      },
    };
  }

  /** Runs the join, telling the server of our keys before it where the room wants that. */
  async join<Joined>(session: SignalingSession, enter: () => Promise<Joined>): Promise<Joined> {
    const { mode = "auto" } = this.#host.options ?? {};
    this.#profile = undefined;
    if (mode === "required" || (mode === "auto" && this.#wasEncrypted)) await this.#announce(session);
    let joined: Joined;
    try {
      joined = await enter();
    } catch (error) {
      const wantsKeys = error instanceof CallError && error.code === "UNSUPPORTED_E2EE" && mode === "auto";
      if (!wantsKeys || this.#encryption !== undefined || !this.#isAble) throw error;
      await this.#announce(session);
      joined = await enter();
    }
    await this.#refuseDowngrade(session, mode);
    return joined;
  }

  onPolicy(policy: ServerMessages["E2EE_POLICY"]): void {
    this.#profile = policy.profile;
    if (!this.#isOn) return;
    this.#wasEncrypted = true;
    this.#encryption?.onPolicy(policy);
  }

  /** The server takes nothing that this device encrypts. */
  refused(): void {
    if (this.#isOn) this.#encryption?.refused();
  }

  offline(): void {
    if (this.#isOn) this.#encryption?.offline();
  }

  close(): void {
    this.#encryption?.close();
    this.#encryption = undefined;
    this.#profile = undefined;
  }

  async #announce(session: SignalingSession): Promise<void> {
    if (!this.#isAble)
      throw new CallError(SdkErrorCode.BrowserUnsupported, "This browser cannot encrypt calls");
    if (this.#encryption?.isDead) this.#encryption.close();
    if (this.#encryption === undefined || this.#encryption.isDead) {
      const { RoomEncryption } = await import("../e2ee/session/room-encryption.js");
      this.#encryption = new RoomEncryption({ ...this.#host, options: this.#host.options ?? {} });
    }
    await this.#encryption.announce(session);
  }

  /** A server that suddenly speaks of a room without encryption is not followed into it. */
  async #refuseDowngrade(session: SignalingSession, mode: string): Promise<void> {
    if (this.#isOn || (mode !== "required" && !this.#wasEncrypted)) return;
    await session.request("ROOM_LEAVE", { roomId: this.#host.roomId }).catch(() => undefined);
    throw new CallError(SdkErrorCode.EncryptionRefused, "The server does not encrypt this room end to end");
  }
}
