import type { Bytes } from "../bytes.js";

//  RFC 9605 §4.3: one config byte, then the fields that did not fit into it, big-endian and as short as they go.
//
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+---------------------+---------------------+
//  |X|  K  |Y|  C  |  KID, if X: K+1 B   |  CTR, if Y: C+1 B   |
//  +-+-+-+-+-+-+-+-+---------------------+---------------------+

/** Both are up to 64 bits wide, wider than a number is exact. */
export interface SframeHeader {
  readonly kid: bigint;
  readonly ctr: bigint;
}

export interface DecodedHeader extends SframeHeader {
  readonly length: number;
}

export type HeaderFault = "TRUNCATED" | "NOT_MINIMAL";

const maxField = 0xffff_ffff_ffff_ffffn;

/** Bytes that a field takes behind the config byte; 0 when the config byte holds it. */
function extraBytes(value: bigint): number {
  if (value < 8n) return 0;
  let bytes = 1;
  for (let rest = value >> 8n; rest > 0n; rest >>= 8n) bytes++;
  return bytes;
}

function nibble(value: bigint, extra: number): number {
  return extra === 0 ? Number(value) : 8 | (extra - 1);
}

export function encodeHeader({ kid, ctr }: SframeHeader): Bytes {
  if (kid < 0n || kid > maxField || ctr < 0n || ctr > maxField)
    throw new RangeError("KID and CTR are unsigned 64-bit numbers");
  const kidBytes = extraBytes(kid);
  const ctrBytes = extraBytes(ctr);
  const header = new Uint8Array(1 + kidBytes + ctrBytes);
  header[0] = (nibble(kid, kidBytes) << 4) | nibble(ctr, ctrBytes);
  write(header, 1, kidBytes, kid);
  write(header, 1 + kidBytes, ctrBytes, ctr);
  return header;
}

/** Reads the header at `at`. A field written longer than needed is refused: one value, one spelling. */
export function decodeHeader(bytes: Uint8Array, at = 0): DecodedHeader | HeaderFault {
  const config = bytes[at];
  if (config === undefined) return "TRUNCATED";
  const kidBytes = config & 0x80 ? ((config >> 4) & 7) + 1 : 0;
  const ctrBytes = config & 0x08 ? (config & 7) + 1 : 0;
  const length = 1 + kidBytes + ctrBytes;
  if (at + length > bytes.length) return "TRUNCATED";
  const kid = kidBytes === 0 ? BigInt((config >> 4) & 7) : read(bytes, at + 1, kidBytes);
  const ctr = ctrBytes === 0 ? BigInt(config & 7) : read(bytes, at + 1 + kidBytes, ctrBytes);
  if (extraBytes(kid) !== kidBytes || extraBytes(ctr) !== ctrBytes) return "NOT_MINIMAL";
  return { kid, ctr, length };
}

function write(into: Uint8Array, at: number, length: number, value: bigint): void {
  for (let index = length - 1, rest = value; index >= 0; index--, rest >>= 8n)
    into[at + index] = Number(rest & 0xffn);
}

function read(from: Uint8Array, at: number, length: number): bigint {
  let value = 0n;
  for (const byte of from.subarray(at, at + length)) value = (value << 8n) | BigInt(byte);
  return value;
}
