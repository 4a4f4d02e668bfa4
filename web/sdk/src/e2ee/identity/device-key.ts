import type { Bytes } from "../bytes.js";

/** This device's Ed25519 signature key. The private half is a handle: it signs, and cannot be read. */
export interface DeviceKey {
  readonly publicKey: Bytes;
  sign(message: Bytes): Promise<Bytes>;
}

export function deviceKeyOf({ publicKey, privateKey }: StoredDeviceKey): DeviceKey {
  return {
    publicKey,
    sign: async message => new Uint8Array(await crypto.subtle.sign("Ed25519", privateKey, message)),
  };
}

/** What is kept in the browser's database: structured cloning keeps the private key non-extractable. */
export interface StoredDeviceKey {
  readonly publicKey: Bytes;
  readonly privateKey: CryptoKey;
}

export async function generateDeviceKey(): Promise<StoredDeviceKey> {
  const pair = (await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])) as CryptoKeyPair;
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { publicKey, privateKey: pair.privateKey };
}
