import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Pool } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { inTransaction } from '../connection.ts'
import type { BlockRow } from '../database.ts'
import { hasCode } from '../faults.ts'
import { BLOCK_COLUMNS, checkBlock } from './columns.ts'
import { encodeBlocks } from './encode.ts'
import { dayOf, type Partitions } from './partitions.ts'

const COLUMNS = BLOCK_COLUMNS.join(', ')

/** Compressed here as the target would, so that the points are compressed once. */
const STAGING = `
  CREATE TEMP TABLE block_incoming (LIKE block_second INCLUDING STORAGE)
  WITH (toast_tuple_target = 128) ON COMMIT DROP`

/** Ordered, so that two loads of the same blocks at the same time cannot deadlock. */
const INSERT = `
  INSERT INTO block_second (${COLUMNS}) SELECT ${COLUMNS} FROM block_incoming ORDER BY container_id, start
  ON CONFLICT (container_id, start) DO NOTHING`

/** "no partition of relation found for row": someone dropped a day that was known to be there. */
const NO_PARTITION = '23514'

const load = (pool: Pool, rows: readonly BlockRow[]): Promise<number> =>
  inTransaction(pool, async (client) => {
    await client.query(STAGING)
    const copy = client.query(copyFrom(`COPY block_incoming (${COLUMNS}) FROM STDIN (FORMAT binary)`))
    await pipeline(Readable.from(encodeBlocks(rows)), copy)
    const { rowCount } = await client.query(INSERT)
    return rowCount ?? 0
  })

/** Stores blocks, each once; resolves after COMMIT. Throws `bad-input`, and stores nothing, if one is misshapen. */
export const storeBlocks = async (
  pool: Pool,
  partitions: Partitions,
  rows: readonly BlockRow[],
): Promise<{ stored: number; duplicate: number }> => {
  if (rows.length === 0) return { stored: 0, duplicate: 0 }
  for (const row of rows) checkBlock(row)
  const attempt = async (): Promise<number> => {
    await partitions.have(rows.map((row) => dayOf(row.startSec)))
    return load(pool, rows)
  }
  const stored = await attempt().catch((error: unknown) => {
    if (!hasCode(error, NO_PARTITION)) throw error
    partitions.forget()
    return attempt()
  })
  return { stored, duplicate: rows.length - stored }
}
