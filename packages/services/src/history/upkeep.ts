import type { Database } from '@corral/db'
import type { Log } from '../log.ts'

/** How often partitions are looked after. Those of the next days are made ahead, so an hour late is early. */
const EVERY_MS = 3600_000

/**
 * How long points are kept, in days. Until coarser tiers exist this is all there is to look back on; at about 1.6
 * bytes a value, 50 containers take some 0.15 GB a day.
 */
const KEEP_DAYS = 7

/** Makes partitions of history ahead and drops old ones, where and when blocks are stored. */
export interface Upkeep {
  /** Something was stored: looks after the partitions if that was last done an hour ago. Returns at once. */
  nudge(): void
}

export const createUpkeep = (database: Database, log: Log, nowMs: () => number = Date.now): Upkeep => {
  let dueMs = 0
  const lookAfter = async (): Promise<void> => {
    const now = new Date(nowMs())
    await database.blocks.ensurePartitions(now)
    const dropped = await database.blocks.dropOld(now, KEEP_DAYS)
    if (dropped.length > 0) log.info({ dropped, keepDays: KEEP_DAYS }, 'old history dropped')
  }
  return {
    nudge: () => {
      if (nowMs() < dueMs) return
      dueMs = nowMs() + EVERY_MS
      lookAfter().catch((error: unknown) =>
        log.error({ err: error }, 'partitions of history could not be looked after'),
      )
    },
  }
}
