/** Where the page is: the start, or a room. The room's join token lives in the fragment and never leaves the browser by itself. */
export interface Route {
  readonly roomId: string | undefined;
  readonly joinToken: string | undefined;
  /** The room's own secret for its encryption; like everything in the fragment, no server sees it. */
  readonly roomSecret: string | undefined;
  /** Sign-in token handed over by a host page; taken out of the address at once. */
  readonly accessToken: string | undefined;
}

const roomPath = /^\/r\/([A-Za-z0-9._:-]{1,128})\/?$/;

export function parseRoute(pathname: string, hash: string): Route {
  const fragment = new URLSearchParams(hash.replace(/^#/, ""));
  return {
    roomId: roomPath.exec(decoded(pathname))?.[1],
    joinToken: fragment.get("t") ?? undefined,
    roomSecret: fragment.get("k") ?? undefined,
    accessToken: fragment.get("token") ?? undefined,
  };
}

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

export function roomUrl(
  origin: string,
  roomId: string,
  joinToken: string | undefined,
  roomSecret?: string | undefined,
): string {
  const parts = [
    ...(joinToken === undefined ? [] : [`t=${encodeURIComponent(joinToken)}`]),
    ...(roomSecret === undefined ? [] : [`k=${encodeURIComponent(roomSecret)}`]),
  ];
  return `${origin}/r/${encodeURIComponent(roomId)}${parts.length === 0 ? "" : `#${parts.join("&")}`}`;
}

/** Understands a pasted room link of this server, or a bare room name. */
export function parseInvitation(text: string, origin: string): Route | undefined {
  const trimmed = text.trim();
  if (/^[A-Za-z0-9._:-]{3,128}$/.test(trimmed))
    return { roomId: trimmed, joinToken: undefined, roomSecret: undefined, accessToken: undefined };
  try {
    const url = new URL(trimmed, origin);
    if (url.origin !== origin) return undefined;
    const route = parseRoute(url.pathname, url.hash);
    return route.roomId === undefined ? undefined : route;
  } catch {
    return undefined;
  }
}

/** No letters that are mistaken for each other when read aloud. 12 of 28 letters: 57 bits. */
const letters = "abcdefghijkmnpqrstuvwxyz2345";

export function newRoomId(
  random: (bytes: Uint8Array) => Uint8Array = bytes =>
    crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>),
): string {
  const picked: string[] = [];
  while (picked.length < 12) {
    // 252 is the largest multiple of 28 in a byte; what is above would favour some letters.
    for (const byte of random(new Uint8Array(24))) {
      if (byte < 252 && picked.length < 12) picked.push(letters[byte % letters.length] ?? "");
    }
  }
  return [picked.slice(0, 4), picked.slice(4, 8), picked.slice(8)].map(part => part.join("")).join("-");
}
