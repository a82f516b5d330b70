import { readdirSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { readIfThere, unlinkIfThere } from '../shared/files.ts'
import { RECORD_HEAD_BYTES, scanRecords } from './record.ts'

/** One file of the log. */
export interface Segment {
  readonly path: string
  bytes: number
  /** Sequence of its last record; -1 if it has none. */
  last: number
}

/** Where one record that was not acknowledged lies: in a segment, or in memory while the disk refuses. */
export interface LogEntry {
  readonly sequence: number
  readonly key: string
  readonly at: { readonly segment: Segment; readonly offset: number; readonly length: number } | Uint8Array
}

export interface RecoveredLog {
  readonly segments: Segment[]
  readonly entries: LogEntry[]
  readonly acknowledged: number
  /** Sequence of the next record. */
  readonly next: number
}

const readCursor = (path: string): number => {
  const text = readIfThere(path)
  // A cursor that cannot be read sends blocks again, which the dashboard stores once.
  return text !== null && /^[0-9]{1,15}$/.test(text) ? Number(text) : -1
}

/**
 * Reads all segments in `dir`, cuts their torn tails (how many bytes is told to `torn`), and removes those that were
 * acknowledged whole.
 */
export const recoverSegments = (
  dir: string,
  cursorPath: string,
  keyOf: (payload: Uint8Array) => string,
  torn: (path: string, bytes: number) => void,
): RecoveredLog => {
  const acknowledged = readCursor(cursorPath)
  const segments: Segment[] = []
  const entries: LogEntry[] = []
  let next = acknowledged + 1
  const names = readdirSync(dir).filter((each) => each.endsWith('.log'))
  for (const name of names.sort()) {
    const path = join(dir, name)
    const bytes = readFileSync(path)
    const { records, goodBytes } = scanRecords(bytes)
    if (goodBytes < bytes.length) {
      torn(path, bytes.length - goodBytes)
      truncateSync(path, goodBytes)
    }
    const segment: Segment = { path, bytes: goodBytes, last: -1 }
    for (const { sequence, offset, payload } of records) {
      segment.last = sequence
      next = Math.max(next, sequence + 1)
      if (sequence <= acknowledged) continue
      const at = { segment, offset: offset - RECORD_HEAD_BYTES, length: RECORD_HEAD_BYTES + payload.length }
      entries.push({ sequence, key: keyOf(payload), at })
    }
    if (segment.last <= acknowledged) unlinkIfThere(path)
    else segments.push(segment)
  }
  return { segments, entries, acknowledged, next }
}
