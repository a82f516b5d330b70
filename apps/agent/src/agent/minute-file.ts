import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { METRIC_COUNT } from '@corral/domain'
import { unlinkIfThere } from '../shared/files.ts'
import { encodeRecord, scanRecords } from './record.ts'

/**
 * The points of the open minute, appended every tick, so that a `kill -9` loses at most the tick in flight. One
 * file per minute, removed once the minute's blocks are in the log. Payload of a record: per container its id (u64)
 * and `METRIC_COUNT` floats; the record's sequence is the tick's Unix second.
 */
const POINT_BYTES = 8 + 4 * METRIC_COUNT

export interface SavedTick {
  readonly atSec: number
  readonly cgroupIds: readonly string[]
  readonly values: Float32Array
}

export const encodeTick = (cgroupIds: readonly string[], values: Float32Array): Buffer => {
  const payload = Buffer.allocUnsafe(cgroupIds.length * POINT_BYTES)
  const floats = new Uint8Array(values.buffer, values.byteOffset, cgroupIds.length * METRIC_COUNT * 4)
  cgroupIds.forEach((id, i) => {
    payload.writeBigUInt64LE(BigInt(id), i * POINT_BYTES)
    payload.set(floats.subarray(i * METRIC_COUNT * 4, (i + 1) * METRIC_COUNT * 4), i * POINT_BYTES + 8)
  })
  return payload
}

export const decodeTick = (atSec: number, payload: Buffer): SavedTick => {
  const count = Math.floor(payload.length / POINT_BYTES)
  const values = new Float32Array(count * METRIC_COUNT)
  const floats = new Uint8Array(values.buffer)
  const cgroupIds = Array.from({ length: count }, (_, i) => {
    floats.set(payload.subarray(i * POINT_BYTES + 8, (i + 1) * POINT_BYTES), i * METRIC_COUNT * 4)
    return String(payload.readBigUInt64LE(i * POINT_BYTES))
  })
  return { atSec, cgroupIds, values }
}

export interface MinuteFiles extends Disposable {
  /** Ticks of minutes that an earlier run left open, oldest first. */
  recovered(): SavedTick[]
  append(startSec: number, atSec: number, cgroupIds: readonly string[], values: Float32Array): void
  /** Removes every file but that of the minute `startSec`. */
  keepOnly(startSec: number | null): void
}

export const openMinuteFiles = (dir: string, trouble: (error: unknown) => void): MinuteFiles => {
  let open: { readonly fd: number; readonly startSec: number } | null = null
  let failing = false
  const guard = (task: () => void): void => {
    try {
      task()
      failing = false
    } catch (error) {
      if (!failing) trouble(error)
      failing = true
    }
  }
  const close = (): void => {
    if (open) closeSync(open.fd)
    open = null
  }
  const files = () =>
    readdirSync(dir)
      .filter((name) => name.endsWith('.open'))
      .sort()
  guard(() => mkdirSync(dir, { recursive: true, mode: 0o700 }))

  return {
    recovered: () => {
      const ticks: SavedTick[] = []
      guard(() => {
        for (const name of files()) {
          const { records } = scanRecords(readFileSync(join(dir, name)))
          for (const record of records) ticks.push(decodeTick(record.sequence, record.payload))
        }
      })
      return ticks
    },
    append: (startSec, atSec, cgroupIds, values) =>
      guard(() => {
        if (open?.startSec !== startSec) {
          close()
          // A fresh name per run: nothing is ever written behind a torn tail.
          open = { fd: openSync(join(dir, `${startSec}-${Date.now()}-${process.pid}.open`), 'a', 0o600), startSec }
        }
        writeSync(open.fd, encodeRecord(atSec, encodeTick(cgroupIds, values)))
      }),
    keepOnly: (startSec) =>
      guard(() => {
        if (open && open.startSec !== startSec) close()
        for (const name of files()) if (!name.startsWith(`${startSec}-`)) unlinkIfThere(join(dir, name))
      }),
    [Symbol.dispose]: close,
  }
}
