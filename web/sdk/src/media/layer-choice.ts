/** Which layers of a video are worth receiving for the size it is shown at. */
import type { VideoLayers } from "../protocol/generated.js";

export interface ShownSize {
  /** Device pixels; zero when nothing of it can be seen. */
  readonly width: number;
  readonly height: number;
  /** The page itself is in the background. */
  readonly hidden: boolean;
}

export interface PictureShape {
  readonly spatialLayers: number;
  /** Of the largest layer, as far as known. */
  readonly width: number;
  readonly height: number;
}

export type LayerChoice =
  /** Nothing of it can be seen: it need not be sent. */
  | { readonly kind: "pause" }
  /** Undefined layers: the best there are. */
  | { readonly kind: "receive"; readonly layers: VideoLayers | undefined };

/** A picture may be stretched this much before a person sees it. */
const stretch = 1.25;

export function chooseLayers(shown: ShownSize, picture: PictureShape): LayerChoice {
  if (shown.width <= 0 || shown.height <= 0) return { kind: "pause" };
  const best = picture.spatialLayers - 1;
  // Kept alive at its smallest, so that there is a picture at once when the page comes back.
  if (shown.hidden) return { kind: "receive", layers: { spatialLayer: 0, temporalLayer: 0 } };
  for (let spatialLayer = 0; spatialLayer < best; spatialLayer++) {
    const scale = stretch / 2 ** (best - spatialLayer);
    if (picture.width * scale >= shown.width && picture.height * scale >= shown.height)
      return { kind: "receive", layers: { spatialLayer } };
  }
  return { kind: "receive", layers: undefined };
}

export function sameChoice(a: LayerChoice | undefined, b: LayerChoice): boolean {
  if (a === undefined || a.kind !== b.kind) return false;
  if (a.kind === "pause" || b.kind === "pause") return true;
  return (
    a.layers?.spatialLayer === b.layers?.spatialLayer && a.layers?.temporalLayer === b.layers?.temporalLayer
  );
}
