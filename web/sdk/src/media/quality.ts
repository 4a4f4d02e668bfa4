/** What a listener hears and sees of one stream, boiled down to one number and one word. */

export type QualityLevel = "excellent" | "good" | "fair" | "poor" | "lost" | "unknown";

export interface QualityInput {
  readonly rttMs: number | undefined;
  readonly jitterMs: number | undefined;
  readonly lossPercent: number | undefined;
  /** Packets seen in the interval; zero from a stream that should flow means lost. */
  readonly packets: number;
  /** The sender muted it: silence is then no fault. */
  readonly paused: boolean;
}

export interface Quality {
  /** Mean opinion score, 1.0 (unusable) to 4.4 (transparent); undefined when there is nothing to judge. */
  readonly mos: number | undefined;
  readonly level: QualityLevel;
}

/** Simplified E-model (ITU-T G.107): delay and loss lower the rating R, which maps to a mean opinion score. */
export function rate(input: QualityInput): Quality {
  if (input.paused) return { mos: undefined, level: "unknown" };
  if (input.packets === 0) return { mos: 1, level: "lost" };
  const delay = (input.rttMs ?? 0) / 2 + 2 * (input.jitterMs ?? 0) + 10;
  const delayLoss = delay < 160 ? delay / 40 : (delay - 120) / 10;
  const rating = 93.2 - delayLoss - 2.5 * (input.lossPercent ?? 0);
  const r = Math.min(100, Math.max(0, rating));
  const mos = Math.max(1, 1 + 0.035 * r + 0.000_007 * r * (r - 60) * (100 - r));
  return { mos, level: levelOf(mos) };
}

function levelOf(mos: number): QualityLevel {
  if (mos >= 4.1) return "excellent";
  if (mos >= 3.7) return "good";
  if (mos >= 3.1) return "fair";
  return "poor";
}

const order: readonly QualityLevel[] = ["excellent", "good", "fair", "poor", "lost"];

/** The worst of several streams decides what a person thinks of the whole. */
export function worst(qualities: readonly Quality[]): Quality {
  let result: Quality = { mos: undefined, level: "unknown" };
  for (const quality of qualities) {
    if (quality.level === "unknown") continue;
    if (result.level === "unknown" || order.indexOf(quality.level) > order.indexOf(result.level))
      result = quality;
  }
  return result;
}
