/** The newest epoch this tab had of a room. Survives a reload, so that nobody can hand it an older one after it. */
export interface SeenEpoch {
  readonly generation: number;
  readonly epoch: number;
}

export interface SeenEpochs {
  read(roomId: string): SeenEpoch | undefined;
  write(roomId: string, seen: SeenEpoch): void;
}

type Shelf = Pick<Storage, "getItem" | "setItem">;

/** In sessionStorage where there is one, else for as long as the page lives. */
export function seenEpochs(shelf: Shelf | undefined): SeenEpochs {
  const memory = new Map<string, SeenEpoch>();
  return {
    read: roomId => memory.get(roomId) ?? parse(attempt(() => shelf?.getItem(nameOf(roomId)))),
    write: (roomId, seen) => {
      memory.set(roomId, seen);
      attempt(() => shelf?.setItem(nameOf(roomId), JSON.stringify(seen)));
    },
  };
}

const nameOf = (roomId: string) => `crosspoint-epoch:${roomId}`;

function parse(text: string | null | undefined): SeenEpoch | undefined {
  const value = attempt(() => JSON.parse(text ?? "null")) as Partial<SeenEpoch> | null | undefined;
  const { generation, epoch } = value ?? {};
  return Number.isSafeInteger(generation) && Number.isSafeInteger(epoch)
    ? { generation: generation as number, epoch: epoch as number }
    : undefined;
}

/** Storage can be blocked; then there is none. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
