import { closeSync, fdatasync, ftruncateSync, mkdirSync, openSync, readSync, writevSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile, unlinkIfThere } from '../shared/files.ts'
import { decodeRecord, RECORD_HEAD_BYTES, recordHead } from './record.ts'
import { type LogEntry, recoverSegments, type Segment } from './segments.ts'

/** Most payloads kept in memory while the disk refuses them. */
const MOST_IN_MEMORY = 2048

export interface LoggedPayload {
  readonly sequence: number
  readonly payload: Uint8Array
}

export interface SegmentLog extends Disposable {
  /** Appends payloads as records. Never throws: what the disk refuses is kept in memory, bounded. */
  append(payloads: readonly Uint8Array[]): void
  /**
   * The oldest records that were not acknowledged, at most `most`, without a hole: what cannot be read ends the list,
   * or, standing first, is given up as a gap and told.
   */
  oldest(most: number): readonly LoggedPayload[]
  /** The newest payloads with this key that were not acknowledged, at most `most`, oldest first. */
  withKey(key: string, most: number): readonly Uint8Array[]
  /** Everything up to and with `sequence` has arrived: forgets it, on disk as well. */
  acknowledge(sequence: number): void
  readonly pending: number
}

interface Options {
  readonly dir: string
  /** Beyond this the oldest segments are dropped, whole. */
  readonly mostBytes: number
  readonly segmentBytes: number
  readonly keyOf: (payload: Uint8Array) => string
  /** Called when the disk refuses a write (once until it accepts again), and when records had to be dropped. */
  readonly trouble: (what: string, error?: unknown) => void
}

/** Opens the log in `dir`, cutting torn tails; records that were not acknowledged are there again. */
export const openSegmentLog = ({ dir, mostBytes, segmentBytes, keyOf, trouble }: Options): SegmentLog => {
  const cursorPath = join(dir, 'cursor')
  let segments: Segment[] = []
  let entries: LogEntry[] = []
  let fd: number | null = null
  let refused = false
  let acknowledged = -1
  let next = 0

  const failed = (error: unknown): void => {
    if (!refused) trouble('the log on disk cannot be written; keeping the newest blocks in memory', error)
    refused = true
  }
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    const found = recoverSegments(dir, cursorPath, keyOf, (path, bytes) =>
      trouble(`${path} ended in ${bytes} bytes that are no whole record; cut`),
    )
    segments = found.segments
    entries = found.entries
    acknowledged = found.acknowledged
    next = found.next
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
  const write = (payloads: readonly Uint8Array[], first: number): void => {
    const target = roll(first)
    const parts = payloads.flatMap((payload, i) => [recordHead(first + i, payload), payload])
    const length = parts.reduce((sum, part) => sum + part.length, 0)
    try {
      const written = writevSync(target.fd, parts, target.segment.bytes)
      if (written < length) throw new Error(`the disk took ${written} of ${length} bytes`)
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
    payloads.forEach((payload, i) => {
      const at = { segment: target.segment, offset, length: RECORD_HEAD_BYTES + payload.length }
      entries.push({ sequence: first + i, key: keyOf(payload), at })
      offset += at.length
    })
    target.segment.bytes = offset
    target.segment.last = first + payloads.length - 1
    fdatasync(target.fd, () => {})
  }
  const keepInMemory = (payloads: readonly Uint8Array[], first: number): void => {
    payloads.forEach((payload, i) => {
      entries.push({ sequence: first + i, key: keyOf(payload), at: payload })
    })
    let surplus = entries.filter((entry) => entry.at instanceof Uint8Array).length - MOST_IN_MEMORY
    if (surplus <= 0) return
    trouble(`no room for more blocks in memory: ${surplus} oldest blocks were dropped, a gap`)
    entries = entries.filter((entry) => !(entry.at instanceof Uint8Array && surplus-- > 0))
  }

  /** Reads entries in order until one cannot be read; calls `bad` with it. */
  const read = (wanted: readonly LogEntry[], bad: (entry: LogEntry, error: unknown) => void): LoggedPayload[] => {
    const found: LoggedPayload[] = []
    const open = new Map<string, number>()
    try {
      for (const entry of wanted) {
        try {
          found.push({ sequence: entry.sequence, payload: readEntry(entry, open) })
        } catch (error) {
          bad(entry, error)
          break
        }
      }
    } finally {
      for (const each of open.values()) closeSync(each)
    }
    return found
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
        write(payloads, first)
        refused = false
        dropOldest()
      } catch (error) {
        failed(error)
        // A fault after the write (in making room) must not keep the records twice.
        if ((entries.at(-1)?.sequence ?? -1) < first) keepInMemory(payloads, first)
      }
    },
    oldest: (most) => {
      for (;;) {
        let broken: LogEntry | null = null
        const found = read(entries.slice(0, most), (entry, error) => {
          broken = entry
          if (entry === entries[0]) trouble('a block in the log cannot be read and is given up, a gap', error)
        })
        if (found.length > 0 || broken === null) return found
        entries.shift()
      }
    },
    withKey: (key, most) =>
      read(entries.filter((entry) => entry.key === key).slice(-most), () => {}).map((each) => each.payload),
    acknowledge: (sequence) => {
      acknowledged = Math.max(acknowledged, sequence)
      entries = entries.filter((entry) => entry.sequence > sequence)
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

/** The payload of one entry, its checksum verified; throws if the disk does not give it back as it was. */
const readEntry = ({ sequence, at }: LogEntry, open: Map<string, number>): Uint8Array => {
  if (at instanceof Uint8Array) return at
  const from = open.get(at.segment.path) ?? openSync(at.segment.path, 'r')
  open.set(at.segment.path, from)
  const bytes = Buffer.allocUnsafe(at.length)
  const length = readSync(from, bytes, 0, at.length, at.offset)
  const record = decodeRecord(bytes.subarray(0, length), 0)
  if (record?.sequence !== sequence) throw new Error(`record ${sequence} of ${at.segment.path} is damaged`)
  return record.payload
}
