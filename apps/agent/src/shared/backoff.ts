/** Bounds of the wait before another attempt, in milliseconds. */
export interface BackoffBounds {
  readonly firstMs: number
  readonly mostMs: number
}

/**
 * Wait before attempt `attempt` (0 is the first retry): full jitter over an exponentially growing window, so that
 * a thousand agents that lost one dashboard do not return in the same instant.
 * `random` is a number in [0, 1). Source: "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
 */
export const backoffMs = (attempt: number, bounds: BackoffBounds, random: number): number => {
  const window = Math.min(bounds.mostMs, bounds.firstMs * 2 ** Math.min(attempt, 30))
  return Math.round(random * window)
}
