import { AGENT_FRAME_BYTES, type BlockUpload, MOST_BLOCKS } from '@corral/protocol'
import { backoffMs } from '../shared/backoff.ts'
import type { Codec } from '../shared/codec.ts'
import { decodeBlock, type RecordedBlock } from './block-record.ts'
import type { SegmentLog } from './segment-log.ts'

/** Room in a frame for what tRPC adds. */
const MOST_UPLOAD_BYTES = AGENT_FRAME_BYTES - 64 * 1024
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
export const nextBatch = (log: Pick<SegmentLog, 'oldest'>, codec: Codec, most: number): Batch | null => {
  const read = log.oldest(most)
  const [first] = read
  if (!first) return null
  const blocks: { readonly sequence: number; readonly block: RecordedBlock | null }[] = []
  let bootId: string | null = null
  for (const { sequence, payload } of read) {
    const block = decodeBlock(payload)
    if (block && bootId !== null && block.bootId !== bootId) break
    bootId ??= block?.bootId ?? null
    blocks.push({ sequence, block })
  }
  for (let length = blocks.length; ; length = Math.ceil(length / 2)) {
    const part = blocks.slice(0, length)
    const upload = uploadOf(part.flatMap(({ block }) => (block ? [block] : [])))
    if (length > 1 && codec.encode(upload).length > MOST_UPLOAD_BYTES) continue
    return { upload, lastSequence: part.at(-1)?.sequence ?? first.sequence }
  }
}

export interface Uploader {
  /** There may be something to send, or a link to send it over. */
  wake(): void
  /** Resolves when everything in the log was sent, or nothing more can be. */
  idle(): Promise<void>
}

interface Needs {
  readonly log: Pick<SegmentLog, 'oldest' | 'acknowledge' | 'pending'>
  readonly codec: Codec
  /** Sends and resolves after the commit; null while there is no proved link. */
  readonly link: () => ((upload: BlockUpload) => Promise<void>) | null
  /** Whether the other side will never take this upload, however often it is sent. */
  readonly isRefusal: (error: unknown) => boolean
  readonly failed: (what: string, error: unknown) => void
  readonly signal: AbortSignal
}

/** Sends the log's blocks, oldest first, one upload at a time; each is forgotten only after its acknowledgement. */
export const createUploader = (needs: Needs): Uploader => {
  const { log, codec, signal } = needs
  let running: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined
  let failures = 0
  let most = MOST_BLOCKS

  /** Whether to go on at once. */
  const sendOne = async (): Promise<boolean> => {
    const send = needs.link()
    const batch = send && nextBatch(log, codec, most)
    if (!send || !batch) return false
    try {
      if (batch.upload.blocks.length > 0) await send(batch.upload)
      log.acknowledge(batch.lastSequence)
      failures = 0
      most = MOST_BLOCKS
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
      most = MOST_BLOCKS
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
