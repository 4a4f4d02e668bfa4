/** Why a frame was not passed on. Every one of them drops the whole frame: nothing ever goes through unencrypted. */
export const DropReason = {
  /** There is no key to send with. */
  NoKey: "NO_KEY",
  /** This codec is not taken. */
  Codec: "CODEC",
  /** The frame ends before its header does, or within its tag. */
  Truncated: "TRUNCATED",
  /** A header field is longer than it needs to be. */
  NotMinimal: "NOT_MINIMAL",
  /** The KID names an epoch that is not held: too old, or not there yet. */
  UnknownEpoch: "UNKNOWN_EPOCH",
  /** The KID names a leaf that is not the announced sender. */
  WrongSender: "WRONG_SENDER",
  /** The KID names another kind of stream than the announced one. */
  WrongKind: "WRONG_KIND",
  /** This counter was accepted before, or lies behind the window. */
  Replayed: "REPLAYED",
  /** More keys of one epoch than a room can need. */
  TooManyKeys: "TOO_MANY_KEYS",
  /** The tag does not fit. */
  NotAuthentic: "NOT_AUTHENTIC",
} as const;
export type DropReason = (typeof DropReason)[keyof typeof DropReason];
