import { CorralError } from '@corral/domain'
import type { Pool, PoolClient } from 'pg'
import { inTransaction } from '../connection.ts'
import { hasCode } from '../faults.ts'
import { DAY_SEC } from './columns.ts'

/**
 * `block_second` has one partition per UTC day, `block_second_20261124`. A day is its number since 1970-01-01.
 * Whoever makes or drops one holds an advisory lock, so that several dashboards may do it at the same time.
 */

/** Most days there may be at once: clocks gone astray must not fill the catalog. */
const MOST_DAYS = 1_000

/** Days made ahead, besides today's. */
const DAYS_AHEAD = 3

/** Held while partitions change; any number that nobody else uses. */
const LOCK = 3_262_611_001

const NAME = /^block_second_(\d{4})(\d{2})(\d{2})$/

const dayStart = (day: number): string => new Date(day * DAY_SEC * 1000).toISOString().slice(0, 10)

const partitionName = (day: number): string => `block_second_${dayStart(day).replaceAll('-', '')}`

export const dayOf = (unixSec: number): number => Math.floor(unixSec / DAY_SEC)

const dayOfName = (name: string): number | null => {
  const match = NAME.exec(name)
  return match ? Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) / 1000 / DAY_SEC : null
}

const listDays = async (client: PoolClient): Promise<Map<number, string>> => {
  const { rows } = await client.query<{ name: string }>(
    `SELECT child.relname AS name FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
     WHERE inhparent = 'block_second'::regclass`,
  )
  const days = new Map<number, string>()
  for (const { name } of rows) {
    const day = dayOfName(name)
    if (day !== null) days.set(day, name)
  }
  return days
}

/** Names are made of digits only, so they need no quoting. */
const makeDay = async (client: PoolClient, day: number): Promise<void> => {
  const name = partitionName(day)
  // Attached rather than made as a partition: ATTACH lets others read and write the table meanwhile.
  await client.query(
    `CREATE TABLE ${name} (LIKE block_second INCLUDING DEFAULTS INCLUDING STORAGE INCLUDING CONSTRAINTS)
     WITH (toast_tuple_target = 128)`,
  )
  await client.query(
    `ALTER TABLE block_second ATTACH PARTITION ${name}
     FOR VALUES FROM ('${dayStart(day)}T00:00:00Z') TO ('${dayStart(day + 1)}T00:00:00Z')`,
  )
}

export interface Partitions {
  /** Resolves when there is a partition for each of these days. Throws `too-much` beyond `MOST_DAYS`. */
  have(days: Iterable<number>): Promise<void>
  /** Forgets what is known to be there: someone else dropped some. */
  forget(): void
  makeAhead(now: Date): Promise<void>
  dropOld(now: Date, keepDays: number): Promise<string[]>
}

export const createPartitions = (pool: Pool): Partitions => {
  const known = new Set<number>()

  const have = async (days: Iterable<number>): Promise<void> => {
    const missing = [...new Set(days)].filter((day) => !known.has(day)).sort((a, b) => a - b)
    if (missing.length === 0) return
    await inTransaction(pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
      const there = await listDays(client)
      const toMake = missing.filter((day) => !there.has(day))
      if (there.size + toMake.length > MOST_DAYS)
        throw new CorralError('too-much', `blocks of more than ${MOST_DAYS} days; look at the clocks of the hosts`)
      for (const day of toMake) await makeDay(client, day)
    })
    for (const day of missing) known.add(day)
  }

  /** Drops one day; false if someone reads it for so long that waiting would stop every writer. */
  const drop = async (name: string): Promise<boolean> => {
    try {
      await inTransaction(pool, async (client) => {
        await client.query(`SET LOCAL lock_timeout = '2s'`)
        await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
        await client.query(`DROP TABLE IF EXISTS ${name}`)
      })
      return true
    } catch (error) {
      if (hasCode(error, '55P03')) return false
      throw error
    }
  }

  return {
    have,
    forget: () => known.clear(),
    makeAhead: (now) => {
      const today = dayOf(now.getTime() / 1000)
      return have(Array.from({ length: DAYS_AHEAD + 1 }, (_, i) => today + i))
    },
    dropOld: async (now, keepDays) => {
      const oldest = dayOf(now.getTime() / 1000 - keepDays * DAY_SEC)
      const days = await inTransaction(pool, listDays)
      const dropped: string[] = []
      for (const [day, name] of [...days].sort(([a], [b]) => a - b)) {
        if (day >= oldest || !(await drop(name))) continue
        known.delete(day)
        dropped.push(name)
      }
      return dropped
    },
  }
}
