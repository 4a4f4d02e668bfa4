export interface BackoffOptions {
  /** First delay in ms, doubled for each further attempt. Default 500. */
  readonly baseMs: number;
  /** Longest delay in ms. Default 12 000: longer would miss the 10 s recovery target after a short outage. */
  readonly maxMs: number;
  /** Attempts before the connection gives up. Default 20 (about three minutes). */
  readonly maxAttempts: number;
}

export const defaultBackoff: BackoffOptions = { baseMs: 500, maxMs: 12_000, maxAttempts: 20 };

/**
 * Delay before reconnect attempt n (0 = first): min(max, base·2^n + jitter).
 * Jitter is up to a fifth of the exponential part, at least 100 ms, so that a restarted server is not met by everyone at once.
 */
export function reconnectDelay(attempt: number, options: BackoffOptions, random: () => number): number {
  const exponential = Math.min(options.maxMs, options.baseMs * 2 ** Math.min(attempt, 30));
  const jitter = random() * Math.max(100, exponential * 0.2);
  return Math.min(options.maxMs, exponential + jitter);
}
