import type { Bytes } from "../bytes.js";
import type { IdentityLevel } from "../identity/leaf-identity.js";
import type { TrustSettings } from "../identity/trust.js";
import type { AnnouncedCommit, JoinRequest, PreparedCommit } from "../mls/engine.js";
import type { FrameCodec } from "../sframe/clear-bytes.js";
import type { DropReason } from "../sframe/drop-reason.js";
import type { StreamKind } from "../sframe/kid.js";

/** What the worker is told about this device before anything else. */
export interface OpenRequest {
  readonly userId: string;
  readonly deviceId: string;
  readonly trust: TrustSettings;
  /** From the room's link; never sent anywhere. */
  readonly roomSecret: Bytes | undefined;
  /** This device's own attestation token. */
  readonly attestation: string | undefined;
}

export interface OpenReply {
  readonly publicKey: Bytes;
  /** The bytes of this device's leaf identity. */
  readonly identity: Bytes;
  /** Whether the key will still be here after the page was closed. */
  readonly persistent: boolean;
}

/** A member, as the tree has it. */
export interface EncryptedMember {
  readonly leaf: number;
  readonly userId: string;
  readonly deviceId: string;
  readonly publicKey: Bytes;
  readonly level: IdentityLevel;
}

/** An epoch without its secrets: all that leaves the worker. */
export interface EpochView {
  readonly roomEpoch: number;
  readonly mlsEpoch: number;
  readonly ownLeaf: number;
  readonly tag: Bytes;
  readonly members: readonly EncryptedMember[];
}

/** How a stream's transform works. Also the options of an RTCRtpScriptTransform. */
export type StreamRole =
  | { readonly side: "send"; readonly stream: string; readonly kind: StreamKind }
  | {
      readonly side: "receive";
      readonly stream: string;
      readonly kind: StreamKind;
      /** Whose it must be, see `memberId`. */
      readonly member: string;
      /** Where the browser does not tell the codec of a frame. */
      readonly codec: FrameCodec | undefined;
    };

export interface StreamPipes {
  readonly readable: ReadableStream<EncodedFrame>;
  readonly writable: WritableStream<EncodedFrame>;
}

/** What RTCEncodedAudioFrame and RTCEncodedVideoFrame have in common. */
export interface EncodedFrame {
  data: ArrayBuffer;
  getMetadata(): { readonly mimeType?: string };
}

/** Since the transform was attached. */
export interface StreamCounts {
  /** Frames that came to the transform, whatever became of them. */
  readonly seen: number;
  readonly passed: number;
  /** Of the frames that passed, as they went on. */
  readonly bytes: number;
  readonly dropped: Readonly<Partial<Record<DropReason | "FAULT", number>>>;
}

export interface CoreRequests {
  open: { readonly request: OpenRequest; readonly reply: OpenReply };
  /** The least that the room wants to know of its members. */
  require: { readonly request: { readonly minIdentity: IdentityLevel }; readonly reply: void };
  create: { readonly request: { readonly groupId: Bytes }; readonly reply: PreparedCommit };
  join: { readonly request: JoinRequest; readonly reply: PreparedCommit };
  commit: { readonly request: { readonly removes: readonly number[] }; readonly reply: PreparedCommit };
  process: { readonly request: AnnouncedCommit & { readonly roomEpoch: number }; readonly reply: EpochView };
  activate: {
    readonly request: { readonly roomEpoch: number; readonly overlapMs: number };
    readonly reply: boolean;
  };
  mute: { readonly request: { readonly muted: boolean }; readonly reply: void };
  leave: { readonly request: Record<string, never>; readonly reply: void };
  attach: { readonly request: { readonly role: StreamRole } & StreamPipes; readonly reply: void };
  detach: { readonly request: { readonly stream: string }; readonly reply: void };
  counts: {
    readonly request: Record<string, never>;
    readonly reply: Readonly<Record<string, StreamCounts>>;
  };
}

export type CoreRequestKind = keyof CoreRequests;

/** Main thread to worker. */
export interface RequestMessage<Kind extends CoreRequestKind = CoreRequestKind> {
  readonly id: number;
  readonly kind: Kind;
  readonly request: CoreRequests[Kind]["request"];
}

/** Worker to main thread: the answer to a request, or a transform that came up by itself. */
export type WorkerMessage =
  | { readonly id: number; readonly reply: unknown }
  | { readonly id: number; readonly refusal: { readonly code: string; readonly check: string } }
  | { readonly attached: string };
