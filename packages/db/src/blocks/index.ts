import type { Pool } from 'pg'
import type { Blocks } from '../database.ts'
import { guarded } from '../faults.ts'
import { createPartitions } from './partitions.ts'
import { readMinutes, readSeconds } from './read.ts'
import { storeBlocks } from './store.ts'

export const createBlocks = (pool: Pool): Blocks => {
  const partitions = createPartitions(pool)
  return {
    store: (rows) => guarded(() => storeBlocks(pool, partitions, rows)),
    seconds: (query) => guarded(() => readSeconds(pool, query)),
    minutes: (query) => guarded(() => readMinutes(pool, query)),
    ensurePartitions: (now) => guarded(() => partitions.makeAhead(now)),
    dropOld: (now, keepDays) => guarded(() => partitions.dropOld(now, keepDays)),
  }
}
