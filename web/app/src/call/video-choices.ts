import type { Room, VideoChoice, VideoLimits } from "@crosspoint/sdk";
import { loadPreferences, savePreferences } from "../storage.js";

/** How the person wants videos: one choice for all, another for single ones where they said so, and how many at a time. */
export class VideoChoices {
  #overall: VideoChoice = loadPreferences().videoChoice;
  #limits: VideoLimits = loadPreferences().videoLimits;
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

  get limits(): VideoLimits {
    return this.#limits;
  }

  limit(room: Room | undefined, limits: VideoLimits): void {
    this.#limits = limits;
    savePreferences({ videoLimits: limits });
    room?.receiving.setLimits(limits);
  }

  forget(producerId: string): void {
    this.#single.delete(producerId);
  }
}
