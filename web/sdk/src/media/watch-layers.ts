import type { types as ms } from "mediasoup-client";

type Video = Pick<
  ms.Producer,
  "closed" | "kind" | "maxSpatialLayer" | "rtpParameters" | "setMaxSpatialLayer"
>;

/** What is wanted last of producers on whose sender a change is under way. */
const wanted = new WeakMap<Video, number>();

/**
 * Stops the encodings above a layer, and all of them when nobody watches (undefined).
 * The layers of one SVC stream are made together: it is sent whole or not at all.
 */
export async function watchLayers(producer: Video, maxSpatialLayer: number | undefined): Promise<void> {
  if (producer.closed || producer.kind !== "video") return;
  const encodings = producer.rtpParameters.encodings?.length ?? 1;
  const highest =
    maxSpatialLayer === undefined ? -1 : encodings === 1 ? 0 : Math.min(maxSpatialLayer, encodings - 1);
  const isUnderWay = wanted.has(producer);
  wanted.set(producer, highest);
  if (isUnderWay) return;
  try {
    // A wish can change while the sender takes the one before, and what the producer says of itself is then the older.
    while (!producer.closed && (producer.maxSpatialLayer ?? encodings - 1) !== wanted.get(producer))
      await producer.setMaxSpatialLayer(wanted.get(producer) ?? highest);
  } finally {
    wanted.delete(producer);
  }
}
