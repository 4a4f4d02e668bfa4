import type { CallClient, Room } from "@crosspoint/sdk";
import type { Store } from "../store.js";
import type { CallView } from "./view.js";

/** Lets only events of the call that is shown through. */
export type Guard = <T>(handle: (event: T) => void) => (event: T) => void;

/** Says above the call what its connection is going through, and takes that back when it is over. */
export function showConnection(
  client: CallClient,
  room: Room,
  mine: Guard,
  store: Store<CallView>,
  announce: (text: string) => void,
): void {
  room.on(
    "state",
    mine(({ state, previous }) => {
      if (state === "joined" && previous === "recovering") {
        store.set({ banner: undefined });
        announce("Connected again.");
      }
      if (state === "recovering" && store.value.banner === undefined)
        store.set({ banner: { kind: "media-recovering" } });
    }),
  );
  room.on(
    "transport",
    mine(({ state }) => {
      if (state === "grace" || state === "delayed") store.set({ banner: { kind: "media-recovering" } });
      if (state === "connected" && store.value.banner?.kind === "media-recovering")
        store.set({ banner: undefined });
    }),
  );
  client.connection.on(
    "reconnecting",
    mine(({ attempt, maxAttempts }) => {
      if (attempt === 1) announce("Connection lost. Reconnecting.");
      store.set({ banner: { kind: "reconnecting", attempt, maxAttempts } });
    }),
  );
}
