import { BLOCK_VALUES, type BootId, type CgroupId, CorralError } from '@corral/domain'
import { AGENT_FRAME_BYTES, type BlockUpload, blockUpload } from '@corral/protocol'
import { BOOT, OTHER_BOOT, someContainer, tempDir, until } from '@corral/testing'
import { expect, test } from 'vitest'
import { createCodec } from '../shared/codec.ts'
import { encodeBlock, keyOfBlock } from './block-record.ts'
import { openSegmentLog, type SegmentLog } from './segment-log.ts'
import { createUploader, nextBatch } from './uploader.ts'

const codec = createCodec()
const openLog = (dir: string): SegmentLog =>
  openSegmentLog({ dir, mostBytes: 1e8, segmentBytes: 1e7, keyOf: keyOfBlock, trouble: () => {} })

const block = (n: number, labels: Record<string, string> = {}, bootId: BootId = BOOT) => {
  const container = someContainer({ bootId, cgroupId: String(n) as CgroupId, labels })
  const values = new Float32Array(BLOCK_VALUES).fill(n)
  return encodeBlock({ bootId, cgroupId: container.cgroupId, startSec: 60, values, container })
}
const fill = (log: SegmentLog, count: number) => log.append(Array.from({ length: count }, (_, i) => block(i + 1)))

interface Bench {
  readonly sent: BlockUpload[]
  readonly told: string[]
  send: ((upload: BlockUpload) => Promise<void>) | null
}
const bench = (log: SegmentLog) => {
  const stop = new AbortController()
  const it: Bench = {
    sent: [],
    told: [],
    send: async (upload) => {
      it.sent.push(upload)
    },
  }
  const uploader = createUploader({
    log,
    signal: stop.signal,
    link: () => it.send,
    isRefusal: (error) => error instanceof CorralError && error.code === 'bad-input',
    failed: (what) => it.told.push(what),
  })
  return { it, uploader }
}
const idsOf = (uploads: readonly BlockUpload[]) => uploads.flatMap(({ blocks }) => blocks.map((each) => each.cgroupId))

test('everything in the log is sent, in order, and forgotten only once it was taken', async () => {
  using dir = tempDir()
  using log = openLog(dir.path)
  fill(log, 300)
  const { it, uploader } = bench(log)
  const pending: number[] = []
  it.send = async (upload) => {
    pending.push(log.pending)
    it.sent.push(upload)
  }
  uploader.wake()
  await uploader.idle()
  expect(idsOf(it.sent)).toEqual(Array.from({ length: 300 }, (_, i) => String(i + 1)))
  expect(pending).toEqual([300, 236, 172, 108, 44])
  expect(log.pending).toBe(0)
  for (const upload of it.sent) expect(blockUpload.safeParse(upload).success).toBe(true)
})

test('what was not acknowledged stays and is sent again: a dashboard without its database loses nothing', async () => {
  using dir = tempDir()
  using log = openLog(dir.path)
  fill(log, 3)
  const { it, uploader } = bench(log)
  const { send } = it
  it.send = () => Promise.reject(new CorralError('database-down'))
  uploader.wake()
  await uploader.idle()
  expect(log.pending).toBe(3)
  expect(it.told).toHaveLength(1)
  it.send = send
  uploader.wake()
  await uploader.idle()
  expect(idsOf(it.sent)).toEqual(['1', '2', '3'])
})

test('a failed upload is tried again by itself', async () => {
  using dir = tempDir()
  using log = openLog(dir.path)
  fill(log, 1)
  const { it, uploader } = bench(log)
  const { send } = it
  it.send = () => Promise.reject(new Error('cut'))
  uploader.wake()
  await uploader.idle()
  it.send = send
  await until('sent', () => it.sent.length === 1, 5000)
})

test('a block that is refused for good is given up alone; those around it arrive', async () => {
  using dir = tempDir()
  using log = openLog(dir.path)
  fill(log, 20)
  const { it, uploader } = bench(log)
  it.send = async (upload) => {
    if (upload.blocks.some((each) => each.cgroupId === '7')) throw new CorralError('bad-input')
    it.sent.push(upload)
  }
  uploader.wake()
  await until('all but one', () => log.pending === 0, 8000)
  expect(idsOf(it.sent)).toEqual(Array.from({ length: 20 }, (_, i) => String(i + 1)).filter((id) => id !== '7'))
  expect(it.told.join()).toMatch(/given up, a gap/)
})

test('an upload fits into a frame however long the labels are', () => {
  using dir = tempDir()
  using log = openLog(dir.path)
  const labels = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`label${i}`, 'é'.repeat(500)]))
  log.append(Array.from({ length: 128 }, (_, i) => block(i + 1, labels)))
  const batch = nextBatch(log, 128)
  expect(codec.encode(batch?.upload).length).toBeLessThan(AGENT_FRAME_BYTES)
  expect(batch?.upload.blocks.length).toBeGreaterThan(1)
  expect(batch?.upload.blocks).toHaveLength((batch?.lastSequence ?? -1) + 1)
})

test('blocks of two boots never share an upload', () => {
  using dir = tempDir()
  using log = openLog(dir.path)
  log.append([block(1, {}, OTHER_BOOT), block(2, {}, OTHER_BOOT), block(1)])
  const batch = nextBatch(log, 128)
  expect(batch?.upload.blocks.map(({ bootId }) => bootId)).toEqual([OTHER_BOOT, OTHER_BOOT])
  log.acknowledge(batch?.lastSequence ?? -1)
  expect(nextBatch(log, 128)?.upload.blocks.map(({ bootId }) => bootId)).toEqual([BOOT])
})

test('a record that is no block holds up nothing', async () => {
  using dir = tempDir()
  using log = openLog(dir.path)
  log.append([Buffer.from('of another version'), block(1)])
  const { it, uploader } = bench(log)
  uploader.wake()
  await uploader.idle()
  expect(idsOf(it.sent)).toEqual(['1'])
  expect(log.pending).toBe(0)
})

test('without a link nothing is sent and nothing forgotten', async () => {
  using dir = tempDir()
  using log = openLog(dir.path)
  fill(log, 2)
  const { it, uploader } = bench(log)
  it.send = null
  uploader.wake()
  await uploader.idle()
  expect(log.pending).toBe(2)
})
