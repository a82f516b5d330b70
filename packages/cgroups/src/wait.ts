import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { FreezeOptions } from './types.ts'

/** Most freezes are done by then; the kernel spaces its notifications about 10 ms apart, so looking is faster. */
const SPIN_MS = 1
/** How long one wait may hold up everything else this process does. */
const SLICE_MS = 2
/** From then on nobody is in a hurry any more: look from time to time and hold nothing up. */
const PATIENT_AFTER_MS = 60
const PATIENT_MS = 8

export type Waited = 'done' | 'late' | 'aborted'

/**
 * Waits until `look` is true, the deadline has passed or the signal was given. `wait` blocks for at most the given
 * milliseconds, less when something changed; between its slices other work of this process has its turn.
 */
export const waitUntil = async (
  look: () => boolean,
  wait: (ms: number) => void,
  { deadlineMs, signal }: FreezeOptions,
): Promise<Waited> => {
  const began = performance.now()
  for (;;) {
    if (look()) return 'done'
    const elapsedMs = performance.now() - began
    if (elapsedMs >= deadlineMs) return 'late'
    if (signal?.aborted) return 'aborted'
    if (elapsedMs < SPIN_MS) continue
    if (elapsedMs < PATIENT_AFTER_MS) {
      wait(SLICE_MS)
      await nextTurn()
    } else {
      await sleep(Math.min(PATIENT_MS, deadlineMs - elapsedMs))
    }
  }
}
