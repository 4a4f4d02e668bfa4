import type { types as ms } from "mediasoup-client";
import { type Quality, rate, worst } from "../media/quality.js";
import {
  readStream,
  readTransport,
  type StreamBaseline,
  type StreamStats,
  type StreamSubject,
  type TransportStats,
} from "../media/stats.js";
import type { TransportDirection } from "../protocol/messages.js";
import type { Clock, TimerHandle } from "../support/runtime.js";
import type { RoomStats } from "./events.js";
import type { Room } from "./room.js";
import { sloSample } from "./slo.js";

interface Subject {
  readonly subject: StreamSubject;
  readonly source: Pick<ms.Consumer, "getStats">;
}

/** Looks at every transport and stream at a steady interval and says what it saw. */
export class StatsSampler {
  readonly #room: Room;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #baselines = new Map<string, StreamBaseline>();
  #timer: TimerHandle | undefined;
  #running = false;

  constructor(room: Room, clock: Clock, intervalMs: number) {
    this.#room = room;
    this.#clock = clock;
    this.#intervalMs = intervalMs;
  }

  start(): void {
    this.stop();
    this.#running = true;
    this.#arm();
  }

  stop(): void {
    this.#running = false;
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(): void {
    this.#timer = this.#clock.setTimeout(() => {
      this.#sample()
        .catch(() => undefined)
        .finally(() => {
          if (this.#running) this.#arm();
        });
    }, this.#intervalMs);
  }

  async #sample(): Promise<void> {
    const { media } = this.#room;
    const stats = await this.collect();
    if (stats === undefined || !this.#running || media !== this.#room.media) return;
    this.#room.emit("stats", stats);
    this.#emitSlo(stats);
  }

  /** One look at everything, now. Undefined while there is no media. */
  async collect(): Promise<RoomStats | undefined> {
    const { media } = this.#room;
    if (media === undefined) return undefined;
    const transports = await this.#transports(media.transports);
    const rtt = new Map(transports.map(transport => [transport.direction, transport.rttMs]));
    const streams = await Promise.all(this.#subjects().map(subject => this.#stream(subject, rtt)));
    const seen = streams.filter(stream => stream !== undefined);
    return {
      at: this.#clock.now(),
      transports,
      sent: seen.filter(stream => stream.direction === "send"),
      received: seen.filter(stream => stream.direction === "recv"),
      quality: qualityByPeer(seen, transports),
      setupMs: this.#room.setupMs,
    };
  }

  #subjects(): Subject[] {
    const received = this.#room.consumers.map(({ consumer, track }) => ({
      source: consumer,
      subject: {
        direction: "recv" as const,
        producerId: track.producerId,
        peerDeviceId: track.peerDeviceId,
        kind: track.kind,
        source: track.source,
        paused: track.muted,
      },
    }));
    const sent = this.#room.publications.flatMap(publication => {
      const { producer } = publication;
      if (producer === undefined || producer.closed) return [];
      return [
        {
          source: producer,
          subject: {
            direction: "send" as const,
            producerId: producer.id,
            peerDeviceId: this.#room.deviceId,
            kind: publication.kind,
            source: publication.source,
            paused: publication.muted,
          },
        },
      ];
    });
    return [...received, ...sent];
  }

  async #transports(transports: ReadonlyMap<TransportDirection, ms.Transport>): Promise<TransportStats[]> {
    return await Promise.all(
      [...transports.values()].map(async transport => readTransport(await transport.getStats(), transport)),
    );
  }

  async #stream(
    { subject, source }: Subject,
    rtt: ReadonlyMap<TransportDirection, number | undefined>,
  ): Promise<StreamStats | undefined> {
    const report = await source.getStats().catch(() => undefined);
    if (report === undefined) return undefined;
    const key = `${subject.direction}:${subject.producerId}`;
    const read = readStream(
      report,
      subject,
      this.#baselines.get(key),
      this.#clock.now(),
      rtt.get(subject.direction),
    );
    if (read === undefined) return undefined;
    this.#baselines.set(key, read.baseline);
    return read.stats;
  }

  #emitSlo(stats: RoomStats): void {
    const rtts = stats.transports.flatMap(transport =>
      transport.rttMs === undefined ? [] : [transport.rttMs],
    );
    if (rtts.length > 0) this.#room.emit("slo", sloSample("rttMs", Math.max(...rtts)));
    const losses = [...stats.sent, ...stats.received].flatMap(s =>
      s.lossPercent === undefined ? [] : [s.lossPercent],
    );
    if (losses.length > 0) this.#room.emit("slo", sloSample("lossPercent", Math.max(...losses)));
  }
}

function qualityByPeer(
  streams: readonly StreamStats[],
  transports: readonly TransportStats[],
): ReadonlyMap<string, Quality> {
  // Before the first connection there is nothing to judge.
  const rising = new Set(
    transports
      .filter(t => t.connectionState === "new" || t.connectionState === "connecting")
      .map(t => t.direction),
  );
  const byPeer = new Map<string, Quality[]>();
  for (const stream of streams) {
    // Opus with DTX may stay silent for a whole interval without any fault.
    if (stream.kind === "audio" && stream.packets === 0) continue;
    if (rising.has(stream.direction)) continue;
    const list = byPeer.get(stream.peerDeviceId) ?? [];
    list.push(rate(stream));
    byPeer.set(stream.peerDeviceId, list);
  }
  return new Map([...byPeer].map(([deviceId, qualities]) => [deviceId, worst(qualities)]));
}
