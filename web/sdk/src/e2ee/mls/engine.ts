import type { Bytes } from "../bytes.js";
import type { Roster } from "./roster.js";

/** Everything an epoch is worth to the rest of the client. Whoever takes it wipes `baseKey` when it is imported. */
export interface AdoptedEpoch {
  readonly mlsEpoch: number;
  readonly ownLeaf: number;
  /** MLS-Exporter("SFrame 1.0 Base Key", "", 16), RFC 9605 §5.2. */
  readonly baseKey: Bytes;
  /** MLS-Exporter("sfu epoch tag", group id, 16): shows the server that two members share an epoch, and nothing else. */
  readonly tag: Bytes;
  readonly roster: Roster;
}

/** A commit of our own. It counts only when it comes back: somebody else's may be first. */
export interface PreparedCommit {
  /** Undefined for the first epoch of a group, which has none. */
  readonly commit: Bytes | undefined;
  readonly groupInfo: Bytes;
  readonly tag: Bytes;
}

export interface JoinRequest {
  readonly groupId: Bytes;
  readonly groupInfo: Bytes;
  /** The group's epoch, where the server told it. */
  readonly mlsEpoch: number | undefined;
}

/** What the server announced together with a commit. */
export interface AnnouncedCommit {
  readonly commit: Bytes | undefined;
  readonly tag: Bytes;
  /** Leaves whose departure was announced; no other may be removed. */
  readonly removes: readonly number[];
}

/**
 * The group's key agreement, RFC 9420, behind a surface that a library can be changed under.
 * Calls do not overlap: the owner queues them. A refusal ({@link MlsRefusal}) leaves everything as it was.
 */
export interface MlsEngine {
  /** Undefined while this device is in no group. */
  readonly mlsEpoch: number | undefined;
  readonly roster: Roster | undefined;

  /** Begins a group. */
  create(groupId: Bytes): Promise<PreparedCommit>;
  /** Enters a group from outside, in place of this device's older leaf when there is one. */
  join(request: JoinRequest): Promise<PreparedCommit>;
  /** Renews this device's keys and removes leaves. */
  commit(removes: readonly number[]): Promise<PreparedCommit>;
  /** Follows a commit that the server put in order, our own included. */
  process(announced: AnnouncedCommit): Promise<AdoptedEpoch>;
  /** Gives up the group. */
  leave(): void;
}
