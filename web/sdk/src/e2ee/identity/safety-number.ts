import { type Bytes, concat, utf8 } from "../bytes.js";
import { type Picture, pictures } from "./pictures.js";

/** Whose key it is. */
export interface KeyHolder {
  readonly userId: string;
  readonly deviceId: string;
  readonly publicKey: Uint8Array;
}

/** 30 digits and the same as pictures, for a whole room. About 96 bits, so that nobody finds keys of the same code by trying. */
export interface RoomCode {
  readonly digits: string;
  readonly pictures: readonly Picture[];
}

/** 60 digits of two devices, the same on both; changes only when a key does. 199 bits. */
export async function safetyNumber(one: KeyHolder, other: KeyHolder): Promise<string> {
  const digest = await fingerprint("crosspoint safety number v1", [one, other]);
  return groups(digest, 12);
}

/** The same on every device that sees the same members with the same keys; changes when one comes, goes or has another key. */
export async function roomCode(members: readonly KeyHolder[]): Promise<RoomCode> {
  const digest = await fingerprint("crosspoint room code v1", members);
  return { digits: groups(digest, 6), pictures: pictures(digest.subarray(0, 12)) };
}

/** SHA-512 over the holders in an order that does not depend on who asks. Each part tells its length, so that no two lists look alike. */
async function fingerprint(label: string, holders: readonly KeyHolder[]): Promise<Bytes> {
  const entries = holders.map(({ userId, deviceId, publicKey }) =>
    concat(counted(utf8(userId)), counted(utf8(deviceId)), counted(publicKey)),
  );
  entries.sort(byteOrder);
  const digest = await crypto.subtle.digest("SHA-512", concat(counted(utf8(label)), ...entries));
  return new Uint8Array(digest);
}

function counted(part: Uint8Array): Bytes {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, part.length);
  return concat(length, part);
}

function byteOrder(left: Uint8Array, right: Uint8Array): number {
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Groups of five digits, each of five bytes: the remainder favours no digit by more than one in ten million. */
function groups(digest: Uint8Array, count: number): string {
  return Array.from({ length: count }, (_, group) => {
    const five = digest.subarray(group * 5, group * 5 + 5);
    const value = five.reduce((sum, byte) => sum * 256 + byte, 0);
    return String(value % 100_000).padStart(5, "0");
  }).join(" ");
}
