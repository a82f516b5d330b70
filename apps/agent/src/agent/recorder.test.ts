import { cpSync } from 'node:fs'
import { BLOCK_POINTS, type BootId, type CgroupId, METRIC_COUNT } from '@corral/domain'
import { BOOT, OTHER_BOOT, someContainer, tempDir } from '@corral/testing'
import { expect, test } from 'vitest'
import { decodeBlock } from './block-record.ts'
import { openRecorder, type Recorder } from './recorder.ts'

const A = someContainer({ cgroupId: '11' as CgroupId, name: 'a' })
const B = someContainer({ cgroupId: '12' as CgroupId, name: 'b' })
const fail = (what: string): never => {
  throw new Error(what)
}
const open = (dir: string, bootId: BootId = BOOT, there = [A, B]): Recorder =>
  openRecorder({ dir, bootId, describe: (id) => there.find((each) => each.cgroupId === id), trouble: fail })
const sample = (value: number, ...ids: CgroupId[]) => ({
  count: ids.length,
  cgroupIds: ids,
  values: new Float32Array(ids.length * METRIC_COUNT).fill(value),
})
const stored = (recorder: Recorder) =>
  recorder.log.oldest(100).map(({ payload }) => {
    const block = decodeBlock(payload)
    const points = [...(block?.values.subarray(0, BLOCK_POINTS) ?? [])]
    return {
      name: block?.container.name,
      bootId: block?.bootId,
      startSec: block?.startSec,
      points: points.flatMap((value, i) => (Number.isNaN(value) ? [] : [[i, value]])),
    }
  })

test('each minute is one block per container, with the description of those that left as well', () => {
  using dir = tempDir()
  const there = [A, B]
  using recorder = open(dir.path, BOOT, there)
  expect(recorder.take(60, sample(1, A.cgroupId, B.cgroupId))).toBe(0)
  there.pop()
  recorder.take(61, sample(2, A.cgroupId))
  expect(recorder.take(120, sample(3, A.cgroupId))).toBe(2)
  expect(stored(recorder)).toEqual([
    {
      name: 'a',
      bootId: BOOT,
      startSec: 60,
      points: [
        [0, 1],
        [1, 2],
      ],
    },
    { name: 'b', bootId: BOOT, startSec: 60, points: [[0, 1]] },
  ])
})

test('killed in the middle of a minute and started again: the minute goes on, nothing is lost', () => {
  using dir = tempDir()
  const killed = open(dir.path)
  killed.take(60, sample(1, A.cgroupId))
  killed.take(61, sample(2, A.cgroupId))
  using next = open(dir.path)
  next.take(65, sample(3, A.cgroupId))
  expect(next.tail('11').map(({ startSec, values }) => [startSec, values[0], values[1], values[5]])).toEqual([
    [60, 1, 2, 3],
  ])
  next.take(120, sample(4, A.cgroupId))
  expect(stored(next)[0]?.points).toEqual([
    [0, 1],
    [1, 2],
    [5, 3],
  ])
})

test('killed, and started again in a later minute: the minute is sealed as it was, once', () => {
  using dir = tempDir()
  open(dir.path).take(60, sample(1, A.cgroupId))
  {
    using next = open(dir.path)
    next.take(600, sample(2, A.cgroupId))
    expect(stored(next)).toMatchObject([{ startSec: 60, points: [[0, 1]] }])
  }
  using third = open(dir.path)
  third.take(660, sample(3, A.cgroupId))
  expect(stored(third).map(({ startSec }) => startSec)).toEqual([60, 600])
})

test('killed between log and clean-up: the block comes twice, which the dashboard stores once, never not at all', () => {
  using dir = tempDir()
  using before = tempDir()
  const first = open(dir.path)
  first.take(60, sample(1, A.cgroupId))
  cpSync(`${dir.path}/minute`, `${before.path}/minute`, { recursive: true })
  first.take(120, sample(2, A.cgroupId))
  cpSync(`${before.path}/minute`, `${dir.path}/minute`, { recursive: true })
  using next = open(dir.path)
  next.take(180, sample(3, A.cgroupId))
  const starts = stored(next).map(({ startSec }) => startSec)
  expect(new Set(starts)).toEqual(new Set([60, 120]))
})

test('what an earlier boot left open is stored under that boot, and not mixed with a group of the same number', () => {
  using dir = tempDir()
  const old = someContainer({ bootId: OTHER_BOOT, cgroupId: A.cgroupId, name: 'old' })
  open(dir.path, OTHER_BOOT, [old]).take(60, sample(1, old.cgroupId))
  using next = open(dir.path)
  next.take(62, sample(2, A.cgroupId))
  next.take(120, sample(3, A.cgroupId))
  expect(stored(next)).toEqual([
    { name: 'old', bootId: OTHER_BOOT, startSec: 60, points: [[0, 1]] },
    { name: 'a', bootId: BOOT, startSec: 60, points: [[2, 2]] },
  ])
  expect(next.tail('11').map(({ startSec }) => startSec)).toEqual([60, 120])
})

test('the tail has sealed minutes until they are acknowledged, and the open one', () => {
  using dir = tempDir()
  using recorder = open(dir.path)
  recorder.take(60, sample(1, A.cgroupId))
  recorder.take(120, sample(2, A.cgroupId))
  recorder.take(180, sample(3, A.cgroupId))
  expect(recorder.tail('11').map(({ startSec }) => startSec)).toEqual([60, 120, 180])
  recorder.log.acknowledge(recorder.log.oldest(1)[0]?.sequence ?? -1)
  expect(recorder.tail('11').map(({ startSec }) => startSec)).toEqual([120, 180])
  expect(recorder.tail('999')).toEqual([])
})
