//  KID = (context << 18) | (leaf << 8) | (MLS epoch & 0xFF)        context = instance * 4 + kind
//
//   63                             18 17        8 7        0
//  +----------------------+----------+-----------+----------+
//  |       instance       |   kind   |   leaf    |  epoch   |
//  +----------------------+----------+-----------+----------+

/** What a stream carries. The kind is part of the key, so a server cannot pass a screen off as a camera. */
export const StreamKind = { audio: 0, camera: 1, screen: 2, screenAudio: 3 } as const;
export type StreamKind = (typeof StreamKind)[keyof typeof StreamKind];

export interface KidParts {
  /** Counts the transforms of a sender: each has its own, so that counters never start again under one key. */
  readonly instance: number;
  readonly kind: StreamKind;
  readonly leaf: number;
  /** The low eight bits of the MLS epoch. */
  readonly epoch: number;
}

export const maxLeaves = 1_024;
/** Keeps a KID within 53 bits; ten transforms a second reach it after a century. */
export const maxInstance = 2 ** 33 - 1;

export function packKid({ instance, kind, leaf, epoch }: KidParts): bigint {
  if (!Number.isInteger(leaf) || leaf < 0 || leaf >= maxLeaves)
    throw new RangeError("A leaf index has ten bits");
  if (!Number.isSafeInteger(instance) || instance < 0 || instance > maxInstance)
    throw new RangeError("Too many transforms");
  const context = BigInt(instance) * 4n + BigInt(kind);
  return (context << 18n) | BigInt(leaf << 8) | BigInt(epoch & 0xff);
}

/** Undefined for a KID that {@link packKid} does not make. */
export function unpackKid(kid: bigint): KidParts | undefined {
  const context = kid >> 18n;
  const instance = context >> 2n;
  if (instance > BigInt(maxInstance)) return undefined;
  return {
    instance: Number(instance),
    kind: Number(context & 3n) as StreamKind,
    leaf: Number((kid >> 8n) & 0x3ffn),
    epoch: Number(kid & 0xffn),
  };
}
