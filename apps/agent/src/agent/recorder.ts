import { join } from 'node:path'
import type { Sample } from '@corral/cgroups'
import { type BootId, type CgroupId, type ContainerDescription, METRIC_COUNT } from '@corral/domain'
import { decodeBlock, encodeBlock, keyOfBlock, type RecordedBlock } from './block-record.ts'
import { createBlockAssembler, type OpenBlock } from './blocks.ts'
import { openMinuteFiles, type SavedMinute } from './minute-file.ts'
import { openSegmentLog, type SegmentLog } from './segment-log.ts'

const MEBIBYTE = 1024 * 1024
/** Room for blocks while the dashboard is away: about 8 hours of 200 containers, then the oldest go. */
const MOST_LOG_BYTES = 512 * MEBIBYTE
const SEGMENT_BYTES = 8 * MEBIBYTE
/** Most minutes in an answer: what the wire takes. */
const MOST_TAIL_BLOCKS = 120

export interface TailBlock {
  readonly startSec: number
  readonly values: Float32Array<ArrayBuffer>
}

/** Takes ticks, keeps the open minute on disk, and seals each minute's blocks into the log. */
export interface Recorder extends Disposable {
  readonly log: SegmentLog
  /** One tick. Returns how many blocks were sealed by it. */
  take(atSec: number, sample: Pick<Sample, 'count' | 'cgroupIds' | 'values'>): number
  /** Minutes of one container that the dashboard may not have yet, oldest first; the last one is still open. */
  tail(cgroupId: string): TailBlock[]
}

interface Needs {
  readonly dir: string
  readonly bootId: BootId
  readonly describe: (cgroupId: CgroupId) => ContainerDescription | undefined
  readonly trouble: (what: string, error?: unknown) => void
}

/** Opens what earlier runs left in `dir`: their open minutes go on, or are sealed if their time is over. */
export const openRecorder = ({ dir, bootId, describe, trouble }: Needs): Recorder => {
  const log = openSegmentLog({
    dir: join(dir, 'log'),
    mostBytes: MOST_LOG_BYTES,
    segmentBytes: SEGMENT_BYTES,
    keyOf: keyOfBlock,
    trouble,
  })
  const files = openMinuteFiles(join(dir, 'minute'), (error) =>
    trouble('the open minute cannot be written to disk; a crash would lose it', error),
  )
  const assembler = createBlockAssembler()
  /** Descriptions of those with points in the open minute: they may leave before it is sealed. */
  let described = new Map<string, ContainerDescription>()

  const recordsOf = (sealed: readonly OpenBlock[], known: ReadonlyMap<string, ContainerDescription>): Buffer[] =>
    sealed.flatMap(({ cgroupId, startSec, values }) => {
      const container = known.get(cgroupId)
      if (!container) return []
      const block: RecordedBlock = {
        bootId: container.bootId,
        cgroupId: container.cgroupId,
        startSec,
        values,
        container,
      }
      return [encodeBlock(block)]
    })
  const store = (sealed: readonly OpenBlock[]): void => {
    log.append(recordsOf(sealed, described))
    described = new Map()
  }

  const recoverOtherBoot = ({ ticks, containers }: SavedMinute): void => {
    const before = createBlockAssembler()
    const sealed = ticks.flatMap((tick) => {
      const step = before.advance(tick.atSec)
      if (!step.accepted) return step.sealed
      for (const [i, id] of tick.cgroupIds.entries()) before.put(id, tick.values, i * METRIC_COUNT)
      return step.sealed
    })
    log.append(recordsOf([...sealed, ...before.seal()], containers))
  }
  for (const minute of files.recovered()) {
    if (minute.bootId !== bootId) {
      recoverOtherBoot(minute)
      continue
    }
    for (const tick of minute.ticks) {
      const step = assembler.advance(tick.atSec)
      if (step.sealed.length > 0) store(step.sealed)
      if (!step.accepted) continue
      tick.cgroupIds.forEach((id, i) => {
        const container = minute.containers.get(id)
        if (!container) return
        described.set(id, container)
        assembler.put(id, tick.values, i * METRIC_COUNT)
      })
    }
  }
  files.keepOnly(assembler.openStartSec())

  return {
    log,
    take: (atSec, { count, cgroupIds, values }) => {
      const before = assembler.openStartSec()
      const { accepted, sealed } = assembler.advance(atSec)
      // First into the log, only then out of the minute's file: a crash between leaves it twice, never nowhere.
      if (sealed.length > 0) store(sealed)
      const startSec = assembler.openStartSec()
      if (accepted && startSec !== null) {
        for (let i = 0; i < count; i++) {
          const id = cgroupIds[i]
          const container = id === undefined ? undefined : describe(id)
          if (id === undefined || !container) continue
          described.set(id, container)
          assembler.put(id, values, i * METRIC_COUNT)
        }
        files.append(startSec, atSec, { cgroupIds: cgroupIds.slice(0, count), values }, describe)
      }
      if (startSec !== before) files.keepOnly(startSec)
      return sealed.length
    },
    tail: (cgroupId) => {
      const stored = log.withKey(cgroupId, MOST_TAIL_BLOCKS - 1).flatMap((payload) => {
        const block = decodeBlock(payload)
        return block && block.bootId === bootId ? [{ startSec: block.startSec, values: block.values }] : []
      })
      const open = assembler.open(cgroupId)
      // Copied: the minute goes on while the answer is under way.
      return open ? [...stored, { startSec: open.startSec, values: new Float32Array(open.values) }] : stored
    },
    [Symbol.dispose]: () => {
      files[Symbol.dispose]()
      log[Symbol.dispose]()
    },
  }
}
