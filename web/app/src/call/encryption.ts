import {
  type EncryptedMember,
  type EncryptionOptions,
  type EncryptionState,
  type EncryptionStatus,
  fromBase64Url,
  type RoomCode,
  roomCode,
  safetyNumber,
  toBase64Url,
  trustNobody,
  verifiedEntry,
} from "@crosspoint/sdk";
import { loadVerified, saveVerified } from "../storage.js";

/** A holder of the call's keys, as the group itself has it. */
export interface KeyHolderView {
  readonly deviceId: string;
  readonly userId: string;
  readonly isSelf: boolean;
  /** 60 digits to compare with this person; undefined for ourselves. */
  readonly safetyNumber: string | undefined;
  /** This person's key was compared on this browser, or the identity provider answers for it. */
  readonly trust: "compared" | "attested" | "asserted";
}

export interface EncryptionView {
  readonly state: EncryptionState;
  readonly epoch: number;
  /** Why it failed. */
  readonly reason: string | undefined;
  readonly code: RoomCode | undefined;
  readonly holders: readonly KeyHolderView[];
  /** Devices that send what cannot be opened here. */
  readonly unreadable: readonly string[];
  /** The link carries a secret that the server never sees. */
  readonly linkSecret: boolean;
}

export const noEncryption: EncryptionView = {
  state: "off",
  epoch: -1,
  reason: undefined,
  code: undefined,
  holders: [],
  unreadable: [],
  linkSecret: false,
};

/** 256 bits for the link of a new room. */
export function newRoomSecret(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
}

/** What is asked of the room: a link with a secret is only good for an encrypted call. */
export function encryptionOptions(linkSecret: string | undefined, wanted: boolean): EncryptionOptions {
  const roomSecret = linkSecret === undefined ? undefined : fromBase64Url(linkSecret);
  return {
    mode: roomSecret !== undefined || wanted ? "required" : "auto",
    ...(roomSecret === undefined ? {} : { roomSecret }),
    trust: { ...trustNobody, verified: loadVerified() },
  };
}

export async function viewOf(
  status: EncryptionStatus,
  ownDeviceId: string,
  linkSecret: boolean,
): Promise<EncryptionView> {
  const { members, state, epoch, failure: reason, unreadable } = status;
  const own = members.find(({ leaf }) => leaf === status.ownLeaf);
  const holders = await Promise.all(members.map(member => holderView(member, own, ownDeviceId)));
  const code = members.length === 0 ? undefined : await roomCode(members);
  return { state, epoch, reason, code, holders, unreadable, linkSecret };
}

export function remember(member: EncryptedMember, compared: boolean): void {
  const entry = verifiedEntry(member.userId, member.deviceId, member.publicKey);
  const others = loadVerified().filter(known => known !== entry);
  saveVerified(compared ? [...others, entry] : others);
}

async function holderView(
  member: EncryptedMember,
  own: EncryptedMember | undefined,
  ownDeviceId: string,
): Promise<KeyHolderView> {
  const { deviceId, userId, publicKey, level } = member;
  const isSelf = member === own && deviceId === ownDeviceId;
  const compared = loadVerified().includes(verifiedEntry(userId, deviceId, publicKey));
  return {
    deviceId,
    userId,
    isSelf,
    safetyNumber: isSelf || own === undefined ? undefined : await safetyNumber(own, member),
    trust: compared ? "compared" : level >= 1 ? "attested" : "asserted",
  };
}

/** Says what this browser could do with frames; "sframe" is only claimed when the operator asked for it. */
export function frameCapabilities(advertiseSframe: boolean): { insertableStreams: boolean; sframe: boolean } {
  const sender = typeof RTCRtpSender === "undefined" ? undefined : RTCRtpSender.prototype;
  const insertableStreams =
    typeof globalThis.RTCRtpScriptTransform !== "undefined" ||
    (sender !== undefined && "createEncodedStreams" in sender);
  return { insertableStreams, sframe: advertiseSframe && insertableStreams };
}
