import type { Room, VideoChoice } from "@crosspoint/sdk";
import { loadPreferences, savePreferences } from "../storage.js";

/** How the person wants videos: one choice for all, and another for single ones where they said so. */
export class VideoChoices {
  #overall: VideoChoice = loadPreferences().videoChoice;
  readonly #single = new Map<string, VideoChoice>();

  get overall(): VideoChoice {
    return this.#overall;
  }

  /** For all, those that were chosen one by one included: who says "sound only" means it. */
  chooseAll(room: Room | undefined, choice: VideoChoice): void {
    this.#overall = choice;
    this.#single.clear();
    savePreferences({ videoChoice: choice });
    if (room === undefined) return;
    for (const track of room.remoteTracks) this.apply(room, track.producerId, track.kind);
  }

  choose(room: Room | undefined, producerId: string, choice: VideoChoice): void {
    this.#single.set(producerId, choice);
    room?.receiving.choose(producerId, choice);
  }

  /** A video came, or everything was chosen anew. */
  apply(room: Room, producerId: string, kind: string): void {
    if (kind !== "video") return;
    const choice = this.#single.get(producerId) ?? this.#overall;
    const now = room.remoteTracks.find(track => track.producerId === producerId)?.video?.choice ?? "auto";
    if (choice !== now) room.receiving.choose(producerId, choice);
  }

  forget(producerId: string): void {
    this.#single.delete(producerId);
  }
}
