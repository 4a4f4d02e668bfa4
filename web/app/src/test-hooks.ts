import type { RemoteTrack, RoomStats } from "@crosspoint/sdk";
import type { CallController } from "./call/controller.js";
import type { Timings } from "./call/timings.js";

/** Read-only facts for browser tests and for support; nothing here can change a call. */
export interface CrosspointInspection {
  readonly phase: string;
  readonly roomId: string | undefined;
  readonly roomState: string | undefined;
  readonly connectionState: string | undefined;
  readonly deviceId: string | undefined;
  readonly epoch: number;
  readonly setupMs: number | undefined;
  readonly timings: Timings;
  readonly peers: readonly string[];
  readonly remoteTracks: readonly {
    producerId: string;
    peerDeviceId: string;
    kind: string;
    source: string;
    muted: boolean;
    video: RemoteTrack["video"];
    score: number | undefined;
  }[];
  readonly sent: readonly { producerId: string | undefined; source: string; watched: boolean }[];
  readonly availableBitrate: number | undefined;
  readonly problemCode: string | undefined;
  readonly encryption: {
    readonly state: string;
    readonly keyState: string | undefined;
    readonly reason: string | undefined;
    readonly code: string | undefined;
    readonly holders: readonly string[];
    readonly unreadable: readonly string[];
  };
}

export interface CrosspointHooks {
  inspect(): CrosspointInspection;
  /** Statistics of this moment; maps become plain objects so that they cross into a test. */
  stats(): Promise<(Omit<RoomStats, "quality"> & { quality: Record<string, unknown> }) | undefined>;
}

declare global {
  interface Window {
    readonly __crosspoint?: CrosspointHooks;
  }
}

export function installTestHooks(controller: CallController): void {
  const hooks: CrosspointHooks = {
    inspect: () => inspect(controller),
    stats: async () => {
      const stats = await controller.room?.collectStats();
      return stats === undefined ? undefined : { ...stats, quality: Object.fromEntries(stats.quality) };
    },
  };
  Object.defineProperty(window, "__crosspoint", { value: Object.freeze(hooks), writable: false });
}

function inspect(controller: CallController): CrosspointInspection {
  const view = controller.store.value;
  const { room } = controller;
  return {
    phase: view.phase,
    roomId: view.roomId,
    roomState: room?.state,
    connectionState: controller.connectionState,
    deviceId: room?.deviceId,
    epoch: room?.epoch ?? -1,
    setupMs: room?.setupMs,
    timings: controller.timings.read(),
    peers: room?.peers.map(peer => peer.deviceId) ?? [],
    remoteTracks:
      room?.remoteTracks.map(({ producerId, peerDeviceId, kind, source, muted, video, score }) => ({
        producerId,
        peerDeviceId,
        kind,
        source,
        muted,
        video,
        score,
      })) ?? [],
    sent:
      room?.publications.map(({ producerId, source, watched }) => ({ producerId, source, watched })) ?? [],
    availableBitrate: view.availableBitrate,
    problemCode: view.problem?.code,
    encryption: {
      state: view.encryption.state,
      keyState: room?.encryption.keyState,
      reason: view.encryption.reason,
      code: view.encryption.code?.digits,
      holders: view.encryption.holders.map(({ deviceId }) => deviceId),
      unreadable: view.encryption.unreadable,
    },
  };
}
