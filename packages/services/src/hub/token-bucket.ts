import { CorralError } from '@corral/domain'

/** Bounds how often something may happen: `burst` at once, `perSec` in the long run. */
export interface TokenBucket {
  /** Takes `count` tokens, or throws `too-much` naming `what` and takes none. */
  take(what: string, count?: number): void
}

/** `nowMs` is a clock that does not step; it is a parameter for tests. */
export const createTokenBucket = (
  { burst, perSec }: { readonly burst: number; readonly perSec: number },
  nowMs: () => number = () => performance.now(),
): TokenBucket => {
  let tokens = burst
  let refilledMs = nowMs()
  return {
    take: (what, count = 1) => {
      const now = nowMs()
      tokens = Math.min(burst, tokens + ((now - refilledMs) / 1000) * perSec)
      refilledMs = now
      if (tokens < count) throw new CorralError('too-much', `${what}: at most ${burst} at once and ${perSec} a second`)
      tokens -= count
    },
  }
}
