import {
  closeSync,
  fdatasync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { readIfThere, replaceFile, unlinkIfThere } from '../shared/files.ts'
import { encodeRecord, RECORD_HEAD_BYTES, scanRecords } from './record.ts'

/** Most payloads kept in memory while the disk refuses them. */
const MOST_IN_MEMORY = 2048

interface Segment {
  readonly path: string
  bytes: number
  last: number
}
interface Entry {
  readonly sequence: number
  readonly at: { readonly segment: Segment; readonly offset: number; readonly length: number } | Uint8Array
}

export interface SegmentLog extends Disposable {
  /** Appends payloads as records. Never throws: what the disk refuses is kept in memory, bounded. */
  append(payloads: readonly Uint8Array[]): void
  /** The oldest records that were not acknowledged, at most `most`. */
  oldest(most: number): readonly { readonly sequence: number; readonly payload: Uint8Array }[]
  /** Everything up to and with `sequence` has arrived: forgets it, on disk as well. */
  acknowledge(sequence: number): void
  readonly pending: number
}

interface Options {
  readonly dir: string
  readonly mostBytes: number
  readonly segmentBytes: number
  /** Called when the disk refuses a write (once until it accepts again), and when records had to be dropped. */
  readonly trouble: (what: string, error?: unknown) => void
}

/** Opens the log in `dir`, cutting torn tails; records that were not acknowledged are there again. */
export const openSegmentLog = ({ dir, mostBytes, segmentBytes, trouble }: Options): SegmentLog => {
  const cursorPath = join(dir, 'cursor')
  let segments: Segment[] = []
  let entries: Entry[] = []
  let fd: number | null = null
  let inMemory = 0
  let refused = false
  let acknowledged = -1
  let next = 0

  const failed = (error: unknown): void => {
    if (!refused) trouble('the log on disk cannot be written; keeping the newest blocks in memory', error)
    refused = true
  }

  const recover = (): void => {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    acknowledged = Number(readIfThere(cursorPath) ?? '-1')
    if (!Number.isSafeInteger(acknowledged)) acknowledged = -1
    next = acknowledged + 1
    for (const name of readdirSync(dir)
      .filter((each) => each.endsWith('.log'))
      .sort()) {
      const path = join(dir, name)
      const bytes = readFileSync(path)
      const { records, goodBytes } = scanRecords(bytes)
      if (goodBytes < bytes.length) truncateSync(path, goodBytes)
      const segment: Segment = { path, bytes: goodBytes, last: -1 }
      for (const record of records) {
        segment.last = record.sequence
        next = Math.max(next, record.sequence + 1)
        if (record.sequence <= acknowledged) continue
        entries.push({
          sequence: record.sequence,
          at: { segment, offset: record.offset, length: record.payload.length },
        })
      }
      if (segment.last <= acknowledged) unlinkIfThere(path)
      else segments.push(segment)
    }
  }
  try {
    recover()
  } catch (error) {
    failed(error)
  }

  const closeSegment = (): void => {
    if (fd !== null) closeSync(fd)
    fd = null
  }
  const roll = (first: number): { fd: number; segment: Segment } => {
    const current = segments.at(-1)
    if (fd !== null && current && current.bytes < segmentBytes) return { fd, segment: current }
    closeSegment()
    const segment: Segment = { path: join(dir, `${String(first).padStart(16, '0')}.log`), bytes: 0, last: -1 }
    fd = openSync(segment.path, 'w', 0o600)
    segments.push(segment)
    return { fd, segment }
  }
  const dropOldest = (): void => {
    while (segments.length > 1 && segments.reduce((sum, each) => sum + each.bytes, 0) > mostBytes) {
      const oldest = segments.shift()
      if (!oldest) return
      const before = entries.length
      entries = entries.filter((entry) => entry.at instanceof Uint8Array || entry.at.segment !== oldest)
      unlinkIfThere(oldest.path)
      trouble(`the log is full: ${before - entries.length} oldest blocks were dropped, a gap`)
    }
  }
  const write = (records: readonly Buffer[], first: number): void => {
    const target = roll(first)
    const all = Buffer.concat(records)
    let done = 0
    try {
      while (done < all.length) done += writeSync(target.fd, all, done, all.length - done, target.segment.bytes + done)
    } catch (error) {
      // Nothing may follow a torn record in a segment: cut it, or never write there again.
      try {
        ftruncateSync(target.fd, target.segment.bytes)
      } catch {
        closeSegment()
      }
      throw error
    }
    let offset = target.segment.bytes
    records.forEach((record, i) => {
      const at = {
        segment: target.segment,
        offset: offset + RECORD_HEAD_BYTES,
        length: record.length - RECORD_HEAD_BYTES,
      }
      entries.push({ sequence: first + i, at })
      offset += record.length
    })
    target.segment.bytes = offset
    target.segment.last = first + records.length - 1
    fdatasync(target.fd, () => {})
  }

  return {
    get pending() {
      return entries.length
    },
    append: (payloads) => {
      if (payloads.length === 0) return
      const first = next
      next += payloads.length
      try {
        write(
          payloads.map((payload, i) => encodeRecord(first + i, payload)),
          first,
        )
        refused = false
        dropOldest()
      } catch (error) {
        failed(error)
        for (const [i, payload] of payloads.entries()) {
          if (inMemory >= MOST_IN_MEMORY) return
          inMemory += 1
          entries.push({ sequence: first + i, at: payload })
        }
      }
    },
    oldest: (most) => {
      const found: { sequence: number; payload: Uint8Array }[] = []
      const open = new Map<string, number>()
      try {
        for (const { sequence, at } of entries.slice(0, most)) {
          if (at instanceof Uint8Array) {
            found.push({ sequence, payload: at })
            continue
          }
          const from = open.get(at.segment.path) ?? openSync(at.segment.path, 'r')
          open.set(at.segment.path, from)
          const payload = Buffer.allocUnsafe(at.length)
          if (readSync(from, payload, 0, at.length, at.offset) === at.length) found.push({ sequence, payload })
        }
      } finally {
        for (const each of open.values()) closeSync(each)
      }
      return found
    },
    acknowledge: (sequence) => {
      acknowledged = Math.max(acknowledged, sequence)
      entries = entries.filter((entry) => {
        if (entry.sequence > sequence) return true
        if (entry.at instanceof Uint8Array) inMemory -= 1
        return false
      })
      try {
        replaceFile(cursorPath, String(acknowledged))
        const done = segments.filter((each, i) => each.last <= acknowledged && i < segments.length - 1)
        segments = segments.filter((each) => !done.includes(each))
        for (const each of done) unlinkIfThere(each.path)
      } catch (error) {
        failed(error)
      }
    },
    [Symbol.dispose]: closeSegment,
  }
}
