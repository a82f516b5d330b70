import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tempDir } from '@corral/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeRecord, scanRecords } from './record.ts'
import { openSegmentLog, type SegmentLog } from './segment-log.ts'

const text = (payload: Uint8Array) => Buffer.from(payload).toString()
const open = (dir: string, given: { mostBytes?: number; segmentBytes?: number; told?: string[] } = {}): SegmentLog =>
  openSegmentLog({
    dir,
    mostBytes: given.mostBytes ?? 1_000_000,
    segmentBytes: given.segmentBytes ?? 100_000,
    keyOf: (payload) => text(payload).slice(0, 1),
    trouble: (what) => given.told?.push(what),
  })
const put = (log: SegmentLog, ...texts: string[]) => log.append(texts.map((each) => Buffer.from(each)))
const read = (log: SegmentLog, most = 1000) => log.oldest(most).map(({ payload }) => text(payload))
const segmentsIn = (dir: string) =>
  readdirSync(dir)
    .filter((name) => name.endsWith('.log'))
    .sort()
    .map((name) => join(dir, name))
const onlySegment = (dir: string): string => segmentsIn(dir)[0] ?? ''

test('what is written is there in order, also for the next run', () => {
  using dir = tempDir()
  using log = open(dir.path)
  put(log, 'a', 'b')
  put(log, 'c')
  expect(read(log)).toEqual(['a', 'b', 'c'])
  expect(read(log, 2)).toEqual(['a', 'b'])
  using again = open(dir.path)
  expect(read(again)).toEqual(['a', 'b', 'c'])
})

test('a log torn at any byte gives back every whole record before it, and goes on from there', () => {
  using made = tempDir()
  {
    using log = open(made.path)
    put(log, 'first', '', 'the third one', 'x'.repeat(40))
  }
  const whole = readFileSync(onlySegment(made.path))
  const { records } = scanRecords(whole)
  const ends = records.map((record) => record.offset + record.payload.length)
  for (let cut = 0; cut <= whole.length; cut++) {
    using dir = tempDir()
    writeFileSync(join(dir.path, '0000000000000000.log'), whole.subarray(0, cut))
    const kept = ends.filter((end) => end <= cut).length
    {
      using log = open(dir.path)
      expect(log.pending).toBe(kept)
      put(log, 'after')
      expect(read(log)).toHaveLength(kept + 1)
    }
    using again = open(dir.path)
    expect(read(again).at(-1)).toBe('after')
    expect(again.pending).toBe(kept + 1)
  }
})

test('a log with any one byte changed never gives back something that was not written', () => {
  const written = ['alpha', 'beta', 'gamma']
  const whole = Buffer.concat(written.map((each, i) => encodeRecord(i, Buffer.from(each))))
  for (let at = 0; at < whole.length; at++) {
    const damaged = Buffer.from(whole)
    damaged[at] = (damaged[at] ?? 0) ^ 0x41
    const found = scanRecords(damaged).records.map((record) => text(record.payload))
    expect(written.slice(0, found.length)).toEqual(found)
  }
})

test('bytes that are no log are no records, and no crash', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(scanRecords(Buffer.from(bytes)).goodBytes).toBeLessThanOrEqual(bytes.length)
    }),
  )
})

test('what was acknowledged is gone, also for the next run; nothing else is', () => {
  using dir = tempDir()
  {
    using log = open(dir.path)
    put(log, 'a', 'b', 'c')
    log.acknowledge(log.oldest(2).at(-1)?.sequence ?? -1)
    expect(read(log)).toEqual(['c'])
  }
  using again = open(dir.path)
  expect(read(again)).toEqual(['c'])
  put(again, 'd')
  expect(again.oldest(9).map(({ sequence }) => sequence)).toEqual([2, 3])
})

test('a record that cannot be read is never acknowledged with those behind it', () => {
  using dir = tempDir()
  using log = open(dir.path)
  put(log, 'aaaa', 'bbbb', 'cccc')
  const path = onlySegment(dir.path)
  const bytes = readFileSync(path)
  bytes[16 + 4 + 16] = 0x21
  writeFileSync(path, bytes)
  expect(read(log)).toEqual(['aaaa'])
  log.acknowledge(0)
  expect(log.pending).toBe(2)
})

test('a damaged record that stands first is given up as a gap, and told, rather than holding up the others', () => {
  using dir = tempDir()
  const told: string[] = []
  using log = open(dir.path, { told })
  put(log, 'aaaa', 'bbbb')
  const path = onlySegment(dir.path)
  const bytes = readFileSync(path)
  bytes[16] = 0x21
  writeFileSync(path, bytes)
  expect(read(log)).toEqual(['bbbb'])
  expect(told.join()).toMatch(/gap/)
})

test('the log is bounded: the oldest whole segment goes first, and it is told', () => {
  using dir = tempDir()
  const told: string[] = []
  using log = open(dir.path, { mostBytes: 400, segmentBytes: 100, told })
  for (let i = 0; i < 40; i++) put(log, `record ${i}`)
  expect(segmentsIn(dir.path).reduce((sum, path) => sum + statSync(path).size, 0)).toBeLessThanOrEqual(500)
  expect(read(log).at(-1)).toBe('record 39')
  expect(read(log)[0]).not.toBe('record 0')
  expect(told.join()).toMatch(/oldest blocks were dropped, a gap/)
})

test('segments that were acknowledged whole are removed from the disk', () => {
  using dir = tempDir()
  using log = open(dir.path, { segmentBytes: 60 })
  for (let i = 0; i < 12; i++) put(log, `record ${i}`)
  log.acknowledge(log.oldest(11).at(-1)?.sequence ?? -1)
  expect(read(log)).toEqual(['record 11'])
  expect(segmentsIn(dir.path)).toHaveLength(1)
})

test('a disk that refuses costs nothing but memory, is told once, and is used again when it accepts', () => {
  using dir = tempDir()
  const told: string[] = []
  const place = join(dir.path, 'log')
  writeFileSync(place, 'not a directory')
  using log = open(place, { told })
  put(log, 'a')
  put(log, 'b')
  expect(read(log)).toEqual(['a', 'b'])
  expect(told).toHaveLength(1)
  rmSync(place)
  log.acknowledge(0)
  expect(read(log)).toEqual(['b'])
})

test('memory is bounded too: the oldest go first', () => {
  using dir = tempDir()
  const place = join(dir.path, 'log')
  writeFileSync(place, 'not a directory')
  using log = open(place)
  for (let i = 0; i < 2100; i++) put(log, `r${i}`)
  expect(log.pending).toBe(2048)
  expect(read(log, 1)).toEqual(['r52'])
})

test('a cursor that cannot be read sends again rather than loses', () => {
  using dir = tempDir()
  {
    using log = open(dir.path)
    put(log, 'a', 'b')
    log.acknowledge(0)
  }
  writeFileSync(join(dir.path, 'cursor'), 'x')
  using again = open(dir.path)
  expect(read(again)).toEqual(['a', 'b'])
})

test('records are found by their key, newest last', () => {
  using dir = tempDir()
  using log = open(dir.path)
  put(log, 'a1', 'b1', 'a2', 'a3')
  expect(log.withKey('a', 2).map(text)).toEqual(['a2', 'a3'])
})

test('nothing is written behind a torn tail', () => {
  using dir = tempDir()
  {
    using log = open(dir.path)
    put(log, 'a')
  }
  appendFileSync(onlySegment(dir.path), Buffer.from([1, 2, 3]))
  {
    using log = open(dir.path)
    put(log, 'b')
  }
  using again = open(dir.path)
  expect(read(again)).toEqual(['a', 'b'])
})
