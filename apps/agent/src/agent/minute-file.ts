import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type BootId, type CgroupId, type ContainerDescription, METRIC_COUNT } from '@corral/domain'
import { containerDescription } from '@corral/protocol'
import { z } from 'zod'
import { unlinkIfThere } from '../shared/files.ts'
import { parseJson } from '../shared/lines.ts'
import { encodeRecord, scanRecords } from './record.ts'

/**
 * The points of the open minute, appended every tick, so that a `kill -9` loses at most the tick in flight. One file
 * per minute and run, removed once the minute's blocks are in the log. A record's sequence is the tick's Unix
 * second; its payload begins with one byte that says what follows:
 *
 * - 1: descriptions of containers as a JSON array; before the first tick that has them, and again when they change.
 * - 2: a tick: per container its id (u64, little endian) and `METRIC_COUNT` floats.
 */
const DESCRIPTIONS = 1
const TICK = 2
const POINT_BYTES = 8 + 4 * METRIC_COUNT
/** Descriptions in one record: keeps the longest below what a record may hold. */
const DESCRIPTIONS_A_RECORD = 64

export interface SavedTick {
  readonly atSec: number
  readonly cgroupIds: readonly string[]
  readonly values: Float32Array
}

/** What one file of an earlier run holds. */
export interface SavedMinute {
  readonly bootId: BootId
  readonly ticks: readonly SavedTick[]
  /** By cgroup id. */
  readonly containers: ReadonlyMap<string, ContainerDescription>
}

const encodeTick = (cgroupIds: readonly string[], values: Float32Array): Buffer => {
  const payload = Buffer.allocUnsafe(1 + cgroupIds.length * POINT_BYTES)
  payload[0] = TICK
  const floats = new Uint8Array(values.buffer, values.byteOffset, cgroupIds.length * METRIC_COUNT * 4)
  cgroupIds.forEach((id, i) => {
    const at = 1 + i * POINT_BYTES
    payload.writeBigUInt64LE(BigInt(id), at)
    payload.set(floats.subarray(i * METRIC_COUNT * 4, (i + 1) * METRIC_COUNT * 4), at + 8)
  })
  return payload
}

const decodeTick = (atSec: number, payload: Buffer): SavedTick => {
  const count = Math.floor((payload.length - 1) / POINT_BYTES)
  const values = new Float32Array(count * METRIC_COUNT)
  const floats = new Uint8Array(values.buffer)
  const cgroupIds = Array.from({ length: count }, (_, i) => {
    const at = 1 + i * POINT_BYTES
    floats.set(payload.subarray(at + 8, at + POINT_BYTES), i * METRIC_COUNT * 4)
    return String(payload.readBigUInt64LE(at))
  })
  return { atSec, cgroupIds, values }
}

const descriptions = z.array(containerDescription)

/** Everything whole in one file; null if it tells of no container. */
export const readMinute = (bytes: Buffer): SavedMinute | null => {
  const ticks: SavedTick[] = []
  const containers = new Map<string, ContainerDescription>()
  let bootId: BootId | null = null
  for (const { sequence, payload } of scanRecords(bytes).records) {
    if (payload[0] === TICK) ticks.push(decodeTick(sequence, payload))
    if (payload[0] !== DESCRIPTIONS) continue
    const parsed = descriptions.safeParse(parseJson(payload.toString('utf8', 1)))
    for (const container of parsed.data ?? []) {
      containers.set(container.cgroupId, container)
      bootId = container.bootId
    }
  }
  return bootId === null ? null : { bootId, ticks, containers }
}

export interface MinuteFiles extends Disposable {
  /** Minutes that earlier runs left open, oldest first. */
  recovered(): SavedMinute[]
  /** Appends the tick `atSec` of the minute `startSec`; `describe` gives the description of each of `cgroupIds`. */
  append(
    startSec: number,
    atSec: number,
    tick: { readonly cgroupIds: readonly CgroupId[]; readonly values: Float32Array },
    describe: (cgroupId: CgroupId) => ContainerDescription | undefined,
  ): void
  /** Removes every file but those of the minute `startSec`. */
  keepOnly(startSec: number | null): void
}

interface OpenFile {
  readonly fd: number
  readonly startSec: number
  /** What was written of each container, by identity: descriptions are never changed in place. */
  readonly told: Map<CgroupId, ContainerDescription>
}

/** Opens the files in `dir`. A disk that refuses is told to `trouble` once, until it accepts again. */
export const openMinuteFiles = (dir: string, trouble: (error: unknown) => void): MinuteFiles => {
  let open: OpenFile | null = null
  let failing = false
  let runs = 0
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
  const fileOf = (startSec: number): OpenFile => {
    if (open?.startSec === startSec) return open
    close()
    runs += 1
    // A fresh name: nothing is ever written behind the torn tail of an earlier run.
    const name = `${startSec}-${Date.now()}-${process.pid}-${runs}.open`
    open = { fd: openSync(join(dir, name), 'ax', 0o600), startSec, told: new Map() }
    return open
  }
  const write = (fd: number, records: readonly Buffer[]): void => {
    const all = Buffer.concat(records)
    for (let done = 0; done < all.length; ) done += writeSync(fd, all, done)
  }
  const files = () =>
    readdirSync(dir)
      .filter((name) => name.endsWith('.open'))
      .sort()
  guard(() => mkdirSync(dir, { recursive: true, mode: 0o700 }))

  return {
    recovered: () => {
      const minutes: SavedMinute[] = []
      guard(() => {
        for (const name of files()) {
          const minute = readMinute(readFileSync(join(dir, name)))
          if (minute) minutes.push(minute)
        }
      })
      return minutes
    },
    append: (startSec, atSec, { cgroupIds, values }, describe) =>
      guard(() => {
        const file = fileOf(startSec)
        const news: ContainerDescription[] = []
        for (const id of cgroupIds) {
          const container = describe(id)
          if (!container || file.told.get(id) === container) continue
          file.told.set(id, container)
          news.push(container)
        }
        const records: Buffer[] = []
        for (let at = 0; at < news.length; at += DESCRIPTIONS_A_RECORD) {
          const json = JSON.stringify(news.slice(at, at + DESCRIPTIONS_A_RECORD))
          records.push(encodeRecord(atSec, Buffer.concat([Uint8Array.of(DESCRIPTIONS), Buffer.from(json)])))
        }
        records.push(encodeRecord(atSec, encodeTick(cgroupIds, values)))
        try {
          write(file.fd, records)
        } catch (error) {
          // The file may end in a torn record now, behind which nothing would be found: begin another one.
          close()
          throw error
        }
      }),
    keepOnly: (startSec) =>
      guard(() => {
        if (open && open.startSec !== startSec) close()
        for (const name of files()) if (!name.startsWith(`${startSec}-`)) unlinkIfThere(join(dir, name))
      }),
    [Symbol.dispose]: close,
  }
}
