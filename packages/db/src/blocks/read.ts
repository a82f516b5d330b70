import { BLOCK_POINTS, CorralError, isContainerId, METRIC_COUNT, METRIC_INDEX } from '@corral/domain'
import type { Pool, QueryArrayConfig } from 'pg'
import type { BlockQuery } from '../database.ts'
import { metricColumn } from './columns.ts'
import { decodeReals } from './decode.ts'

/** Arrays come as bytes (`array_send`), not as text: no string is made per point. */

const ask = async (
  pool: Pool,
  { containerId, fromSec, toSec, metrics }: BlockQuery,
  columns: readonly string[],
): Promise<[startSec: number, ...arrays: (Uint8Array | null)[]][]> => {
  if (!isContainerId(containerId)) throw new CorralError('bad-input', 'not a container id')
  for (const key of metrics)
    if (!Object.hasOwn(METRIC_INDEX, key)) throw new CorralError('bad-input', `there is no metric ${key}`)
  if (!(Number.isFinite(fromSec) && Number.isFinite(toSec))) throw new CorralError('bad-input', 'not a time')
  const query: QueryArrayConfig = {
    text: `
      SELECT extract(epoch FROM start)::float8, ${columns.map((column) => `array_send(${column})`).join(', ')}
      FROM block_second
      WHERE container_id = $1 AND start > to_timestamp($2) AND start < to_timestamp($3) ORDER BY start`,
    values: [containerId, fromSec - BLOCK_POINTS, toSec],
    rowMode: 'array',
  }
  const { rows } = await pool.query<[number, ...(Uint8Array | null)[]]>(query)
  return rows
}

export const readSeconds = async (
  pool: Pool,
  query: BlockQuery,
): Promise<{ startSec: number; values: Float32Array }[]> => {
  if (query.metrics.length === 0) return []
  const rows = await ask(pool, query, query.metrics.map(metricColumn))
  return rows.map(([startSec, ...arrays]) => {
    const values = new Float32Array(arrays.length * BLOCK_POINTS)
    for (const [i, bytes] of arrays.entries()) decodeReals(bytes, values, i * BLOCK_POINTS, BLOCK_POINTS)
    return { startSec, values }
  })
}

export const readMinutes = async (
  pool: Pool,
  query: BlockQuery,
): Promise<{ startSec: number; avg: Float32Array; peak: Float32Array }[]> => {
  const rows = await ask(pool, query, ['avg', 'peak'])
  const all = new Float32Array(METRIC_COUNT)
  const pick = (bytes: Uint8Array | null | undefined): Float32Array => {
    decodeReals(bytes ?? null, all, 0, METRIC_COUNT)
    return Float32Array.from(query.metrics, (key) => all[METRIC_INDEX[key]] ?? Number.NaN)
  }
  return rows.map(([startSec, avg, peak]) => ({ startSec, avg: pick(avg), peak: pick(peak) }))
}
