import { describe, expect, test } from "vitest";
import { watchLayers } from "../../src/media/watch-layers.js";

/** A producer of three encodings whose sender takes its time, as a browser does that is busy encoding. */
class SlowProducer {
  readonly kind = "video";
  readonly rtpParameters = { codecs: [], encodings: [{}, {}, {}] };
  closed = false;
  maxSpatialLayer: number | undefined;
  readonly asked: number[] = [];
  #release: (() => void)[] = [];

  async setMaxSpatialLayer(layer: number): Promise<void> {
    this.asked.push(layer);
    await new Promise<void>(resolve => this.#release.push(resolve));
    this.maxSpatialLayer = layer;
  }

  /** The sender takes what it was asked; then whatever follows from it is done. */
  async take(): Promise<void> {
    this.#release.shift()?.();
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  }
}

describe("layers that somebody watches", () => {
  test("who comes while all are being switched off is sent them", async () => {
    const producer = new SlowProducer();
    const off = watchLayers(producer, undefined);
    await watchLayers(producer, 2);
    await producer.take();
    await producer.take();
    await off;
    expect(producer.asked).toEqual([-1, 2]);
    expect(producer.maxSpatialLayer).toBe(2);
  });

  test("of many wishes only the last is carried out", async () => {
    const producer = new SlowProducer();
    const first = watchLayers(producer, 0);
    for (const layer of [undefined, 2, 0, 1]) void watchLayers(producer, layer);
    await producer.take();
    await producer.take();
    await first;
    expect(producer.asked).toEqual([0, 1]);
    expect(producer.maxSpatialLayer).toBe(1);
  });

  test("a producer that closes meanwhile is left alone", async () => {
    const producer = new SlowProducer();
    const first = watchLayers(producer, 0);
    void watchLayers(producer, 2);
    producer.closed = true;
    await producer.take();
    await first;
    expect(producer.asked).toEqual([0]);
  });
});
