import { AGENT_FRAME_BYTES, type BlockUpload } from '@corral/protocol'
import { backoffMs } from '../shared/backoff.ts'
import { decodeBlock, type RecordedBlock } from './block-record.ts'
import type { SegmentLog } from './segment-log.ts'

/** Blocks in one upload: far fewer than may be, since each is copied several times on its way to the socket. */
const MOST_AT_ONCE = 64
/** Room in a frame for what tRPC adds, and for the names of fields. */
const MOST_UPLOAD_BYTES = AGENT_FRAME_BYTES - 64 * 1024
const FIELD_BYTES = 512
const RETRY = { firstMs: 1000, mostMs: 30_000 }

interface Batch {
  readonly upload: BlockUpload
  /** Acknowledged with it. */
  readonly lastSequence: number
}

const uploadOf = (blocks: readonly RecordedBlock[]): BlockUpload => {
  const containers = new Map(blocks.map((block) => [block.cgroupId, block.container]))
  return {
    containers: [...containers.values()].map((container) => ({ ...container, labels: { ...container.labels } })),
    blocks: blocks.map(({ bootId, cgroupId, startSec, values }) => ({ bootId, cgroupId, startSec, values })),
  }
}

/**
 * The oldest blocks that fit into one frame, all of one boot, at most `most`; null if there are none. Records that
 * are no blocks are given up with the batch they stand in.
 */
export const nextBatch = (log: Pick<SegmentLog, 'oldest'>, most: number): Batch | null => {
  const read = log.oldest(most)
  const [first] = read
  if (!first) return null
  const blocks: { readonly sequence: number; readonly block: RecordedBlock | null }[] = []
  let bootId: string | null = null
  let bytes = 0
  for (const { sequence, payload } of read) {
    // A record is never shorter than what it becomes on the wire: JSON takes more room than msgpack.
    bytes += payload.length + FIELD_BYTES
    const block = decodeBlock(payload)
    if (block && bootId !== null && (block.bootId !== bootId || bytes > MOST_UPLOAD_BYTES)) break
    bootId ??= block?.bootId ?? null
    blocks.push({ sequence, block })
  }
  const upload = uploadOf(blocks.flatMap(({ block }) => (block ? [block] : [])))
  return { upload, lastSequence: blocks.at(-1)?.sequence ?? first.sequence }
}

export interface Uploader {
  /** There may be something to send, or a link to send it over. */
  wake(): void
  /** Resolves when everything in the log was sent, or nothing more can be. */
  idle(): Promise<void>
}

interface Needs {
  readonly log: Pick<SegmentLog, 'oldest' | 'acknowledge' | 'pending'>
  /** Sends and resolves after the commit; null while there is no proved link. */
  readonly link: () => ((upload: BlockUpload) => Promise<void>) | null
  /** Whether the other side will never take this upload, however often it is sent. */
  readonly isRefusal: (error: unknown) => boolean
  readonly failed: (what: string, error: unknown) => void
  readonly signal: AbortSignal
}

/** Sends the log's blocks, oldest first, one upload at a time; each is forgotten only after its acknowledgement. */
export const createUploader = (needs: Needs): Uploader => {
  const { log, signal } = needs
  let running: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined
  let failures = 0
  let most = MOST_AT_ONCE

  /** Whether to go on at once. */
  const sendOne = async (): Promise<boolean> => {
    const send = needs.link()
    const batch = send && nextBatch(log, most)
    if (!send || !batch) return false
    try {
      if (batch.upload.blocks.length > 0) await send(batch.upload)
      log.acknowledge(batch.lastSequence)
      failures = 0
      most = MOST_AT_ONCE
      return true
    } catch (error) {
      if (!needs.isRefusal(error)) {
        failures += 1
        needs.failed('blocks were not taken; they stay in the log', error)
        return false
      }
      // One bad block must not hold up all others for ever: find it by halving, and give it up alone.
      if (batch.upload.blocks.length > 1) {
        most = Math.ceil(batch.upload.blocks.length / 2)
        return true
      }
      needs.failed('a block was refused for good and is given up, a gap', error)
      log.acknowledge(batch.lastSequence)
      // Not at once: if it is the dashboard that errs, and about every block, little is lost until it is mended.
      most = MOST_AT_ONCE
      failures += 1
      return false
    }
  }

  const run = async (): Promise<void> => {
    clearTimeout(timer)
    while (!signal.aborted && (await sendOne()));
    if (failures > 0 && !signal.aborted) {
      timer = setTimeout(wake, RETRY.firstMs + backoffMs(failures, RETRY, Math.random()))
      timer.unref()
    }
  }
  const wake = (): void => {
    if (running || signal.aborted || log.pending === 0) return
    running = run().finally(() => {
      running = null
    })
  }
  return {
    wake,
    idle: async () => {
      await running
    },
  }
}
