import type { types as ms } from "mediasoup-client";

/**
 * Stops the encodings above a layer, and all of them when nobody watches (undefined).
 * The layers of one SVC stream are made together: it is sent whole or not at all.
 */
export async function watchLayers(producer: ms.Producer, maxSpatialLayer: number | undefined): Promise<void> {
  if (producer.closed || producer.kind !== "video") return;
  const encodings = producer.rtpParameters.encodings?.length ?? 1;
  const highest =
    maxSpatialLayer === undefined ? -1 : encodings === 1 ? 0 : Math.min(maxSpatialLayer, encodings - 1);
  if ((producer.maxSpatialLayer ?? encodings - 1) === highest) return;
  await producer.setMaxSpatialLayer(highest);
}
