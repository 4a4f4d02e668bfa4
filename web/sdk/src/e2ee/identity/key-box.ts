import { generateDeviceKey, type StoredDeviceKey } from "./device-key.js";

const database = "crosspoint-device";
const store = "keys";

/** The device key of a user in this browser, made at first use. Kept as a CryptoKey: the database never sees its bytes. */
export async function keepDeviceKey(
  userId: string,
  deviceId: string,
): Promise<StoredDeviceKey & { readonly persistent: boolean }> {
  const name = JSON.stringify([userId, deviceId]);
  try {
    const known = await inStore<StoredDeviceKey | undefined>("readonly", keys => keys.get(name));
    if (known !== undefined) return { ...known, persistent: true };
    const made = await generateDeviceKey();
    await inStore("readwrite", keys => keys.put(made, name));
    return { ...made, persistent: true };
  } catch {
    // No database here (private windows, storage blocked): a key for as long as the page lives.
    return { ...(await generateDeviceKey()), persistent: false };
  }
}

async function inStore<T>(mode: IDBTransactionMode, work: (keys: IDBObjectStore) => IDBRequest): Promise<T> {
  const opening = indexedDB.open(database, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(store);
  const opened = (await outcome(opening)) as IDBDatabase;
  try {
    return (await outcome(work(opened.transaction(store, mode).objectStore(store)))) as T;
  } finally {
    opened.close();
  }
}

function outcome(request: IDBRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("The browser's database refused"));
    if ("onblocked" in request) request.onblocked = () => reject(new Error("The browser's database is busy"));
  });
}
