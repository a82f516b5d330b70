import { BLOCK_POINTS, METRIC_COUNT, summarizeBlock } from '@corral/domain'
import type { BlockRow } from '../database.ts'
import { BLOCK_COLUMNS } from './columns.ts'

/**
 * Blocks → Postgres' binary COPY format (https://www.postgresql.org/docs/current/sql-copy.html, Binary Format):
 *
 *   file   signature (11 bytes), flags int32, extension length int32; rows; int16 −1
 *   row    int16 number of fields; fields
 *   field  int32 length in bytes (−1: NULL); value
 *   bigint int64          timestamptz int64 µs since 2000-01-01
 *   real[] int32 dimensions, int32 has-NULL, int32 oid of real; int32 size, int32 lower bound; elements as fields
 *
 * Everything big-endian. A NaN becomes a NULL element. Nothing is allocated per value: a day of a busy host is
 * tens of millions of them.
 */

const SIGNATURE = Uint8Array.of(0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0x00)
const HEADER_BYTES = SIGNATURE.length + 8
const TRAILER_BYTES = 2

/** `real` in pg_type. */
const REAL_OID = 700
const ARRAY_HEADER_BYTES = 20
const arrayBytes = (length: number): number => 4 + ARRAY_HEADER_BYTES + 8 * length

/** Most bytes of one row. */
const ROW_BYTES = 2 + 2 * 12 + METRIC_COUNT * arrayBytes(BLOCK_POINTS) + 2 * arrayBytes(METRIC_COUNT)

/** 1970-01-01 in seconds from 2000-01-01, which is where Postgres counts from. */
const POSTGRES_EPOCH_SEC = 946_684_800

/** Writes `values[from … from + length)` as a real[] field at `at`; returns where it ends. */
const putArray = (view: DataView, at: number, values: Float32Array, from: number, length: number): number => {
  let end = at + 4 + ARRAY_HEADER_BYTES
  let hasNull = 0
  for (let i = from; i < from + length; i++) {
    const value = values[i] as number
    if (Number.isNaN(value)) {
      view.setInt32(end, -1)
      end += 4
      hasNull = 1
    } else {
      view.setInt32(end, 4)
      view.setFloat32(end + 4, value)
      end += 8
    }
  }
  view.setInt32(at, end - at - 4)
  view.setInt32(at + 4, 1)
  view.setInt32(at + 8, hasNull)
  view.setInt32(at + 12, REAL_OID)
  view.setInt32(at + 16, length)
  view.setInt32(at + 20, 1)
  return end
}

const putBigint = (view: DataView, at: number, value: bigint): number => {
  view.setInt32(at, 8)
  view.setBigInt64(at + 4, value)
  return at + 12
}

const putRow = (view: DataView, start: number, row: BlockRow): number => {
  let at = start
  view.setInt16(at, BLOCK_COLUMNS.length)
  at += 2
  at = putBigint(view, at, BigInt(row.containerId))
  at = putBigint(view, at, BigInt(row.startSec - POSTGRES_EPOCH_SEC) * 1_000_000n)
  for (let metric = 0; metric < METRIC_COUNT; metric++)
    at = putArray(view, at, row.values, metric * BLOCK_POINTS, BLOCK_POINTS)
  const { avg, peak } = summarizeBlock(row.values)
  at = putArray(view, at, avg, 0, METRIC_COUNT)
  return putArray(view, at, peak, 0, METRIC_COUNT)
}

/** The whole file in chunks of at most `chunkRows` rows, each in memory of its own. */
export function* encodeBlocks(rows: readonly BlockRow[], chunkRows = 32): Generator<Uint8Array> {
  for (let first = 0; first === 0 || first < rows.length; first += chunkRows) {
    const last = Math.min(rows.length, first + chunkRows)
    const chunk = new Uint8Array(HEADER_BYTES + (last - first) * ROW_BYTES + TRAILER_BYTES)
    const view = new DataView(chunk.buffer)
    let at = 0
    if (first === 0) {
      chunk.set(SIGNATURE)
      at = HEADER_BYTES
    }
    for (let i = first; i < last; i++) {
      const row = rows[i]
      if (row) at = putRow(view, at, row)
    }
    if (last === rows.length) {
      view.setInt16(at, -1)
      at += TRAILER_BYTES
    }
    yield chunk.subarray(0, at)
  }
}
