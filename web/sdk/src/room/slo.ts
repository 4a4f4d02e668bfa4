/** The service levels of the runbook; every sample says whether it kept its own. */
export const sloTargets = {
  setupMs: 4_000,
  rttMs: 250,
  lossPercent: 3,
  reconnectMs: 10_000,
} as const;

export type SloName = keyof typeof sloTargets;

export interface SloSample {
  readonly name: SloName;
  readonly value: number;
  readonly target: number;
  readonly met: boolean;
}

export function sloSample(name: SloName, value: number): SloSample {
  const target = sloTargets[name];
  return { name, value, target, met: value <= target };
}
