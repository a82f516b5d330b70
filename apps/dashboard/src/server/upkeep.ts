import { setTimeout as sleep } from 'node:timers/promises'
import type { Blocks } from '@corral/db'
import type { Logger } from 'pino'

/** What must be done from time to time so that history has room and does not grow for ever. */

const EVERY_MS = 3_600_000
/** Days of points in full resolution: two weeks show the same weekday before. About 3 MB a container and day. */
const KEEP_DAYS = 14
/** By how much two clocks may disagree about the time between two rounds. */
const MOST_DRIFT_MS = 600_000

/** One moment, on the clock that people set and on the one that only goes forward. */
export interface Moment {
  readonly wallMs: number
  readonly steadyMs: number
}

/** Whether the wall clock was set between two moments: then nothing is forgotten on its word. Pure. */
export const wasClockSet = (before: Moment, now: Moment): boolean =>
  Math.abs(now.wallMs - before.wallMs - (now.steadyMs - before.steadyMs)) > MOST_DRIFT_MS

const readClocks = (): Moment => ({ wallMs: Date.now(), steadyMs: performance.now() })

/**
 * Makes room ahead of time at once and every hour, and forgets old points every hour but the first, until `signal`
 * aborts. What fails is logged and tried again in the next round.
 */
export const keepHouse = async (
  blocks: Pick<Blocks, 'ensurePartitions' | 'dropOld'>,
  log: Logger,
  signal: AbortSignal,
): Promise<void> => {
  let before: Moment | null = null
  while (!signal.aborted) {
    const now = readClocks()
    try {
      await blocks.ensurePartitions(new Date(now.wallMs))
      if (before !== null && !wasClockSet(before, now)) {
        const dropped = await blocks.dropOld(new Date(now.wallMs), KEEP_DAYS)
        if (dropped.length > 0) log.info({ dropped, keepDays: KEEP_DAYS }, 'forgot old points')
      }
    } catch (error) {
      log.warn({ err: error }, 'upkeep of the history failed; it is tried again in an hour')
    }
    before = now
    await sleep(EVERY_MS, undefined, { signal }).catch(() => {})
  }
}
