import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CgroupId, METRIC_COUNT } from '@corral/domain'
import { someContainer, tempDir } from '@corral/testing'
import { expect, test } from 'vitest'
import { openMinuteFiles, readMinute } from './minute-file.ts'

const A = someContainer({ cgroupId: '18446744073709551615' as CgroupId, name: 'a' })
const B = someContainer({ cgroupId: '7' as CgroupId, name: 'b' })
const vector = (...firsts: number[]) => {
  const values = new Float32Array(firsts.length * METRIC_COUNT).fill(Number.NaN)
  for (const [i, first] of firsts.entries()) values[i * METRIC_COUNT] = first
  return values
}
const fail = (error: unknown): never => {
  throw error
}

test('ticks and descriptions come back as they were written', () => {
  using dir = tempDir()
  using files = openMinuteFiles(dir.path, fail)
  const known = new Map([A, B].map((each) => [each.cgroupId, each]))
  files.append(60, 61, { cgroupIds: [A.cgroupId], values: vector(1) }, (id) => known.get(id))
  files.append(60, 62, { cgroupIds: [A.cgroupId, B.cgroupId], values: vector(2, 3) }, (id) => known.get(id))
  const [minute, ...more] = files.recovered()
  expect(more).toEqual([])
  expect(minute?.bootId).toBe(A.bootId)
  expect(minute?.ticks.map(({ atSec, cgroupIds }) => [atSec, cgroupIds])).toEqual([
    [61, [A.cgroupId]],
    [62, [A.cgroupId, B.cgroupId]],
  ])
  expect(minute?.ticks[1]?.values[METRIC_COUNT]).toBe(3)
  expect(minute?.ticks[1]?.values[1]).toBeNaN()
  expect([...(minute?.containers.values() ?? [])]).toEqual([A, B])
})

test('a file torn at any byte gives back the ticks before it', () => {
  using dir = tempDir()
  using files = openMinuteFiles(dir.path, fail)
  for (const atSec of [60, 61, 62]) files.append(60, atSec, { cgroupIds: [B.cgroupId], values: vector(atSec) }, () => B)
  const bytes = readFileSync(join(dir.path, readdirSync(dir.path)[0] ?? ''))
  let most = 0
  for (let cut = 0; cut <= bytes.length; cut++) {
    const ticks = readMinute(bytes.subarray(0, cut))?.ticks ?? []
    expect(ticks.map((tick) => tick.values[0])).toEqual([60, 61, 62].slice(0, ticks.length))
    expect(ticks.length).toBeGreaterThanOrEqual(most)
    most = ticks.length
  }
  expect(most).toBe(3)
})

test('a description is written once, and again when it changes', () => {
  using dir = tempDir()
  using files = openMinuteFiles(dir.path, fail)
  let container = B
  const tick = (atSec: number) =>
    files.append(60, atSec, { cgroupIds: [B.cgroupId], values: vector(1) }, () => container)
  const size = () => readFileSync(join(dir.path, readdirSync(dir.path)[0] ?? '')).length
  tick(60)
  const one = size()
  tick(61)
  const two = size()
  container = { ...B, name: 'renamed' }
  tick(62)
  expect(size() - two).toBeGreaterThan(two - one)
  expect(files.recovered()[0]?.containers.get(B.cgroupId)?.name).toBe('renamed')
})

test('only the files of the open minute stay', () => {
  using dir = tempDir()
  using files = openMinuteFiles(dir.path, fail)
  files.append(60, 60, { cgroupIds: [B.cgroupId], values: vector(1) }, () => B)
  files.append(120, 120, { cgroupIds: [B.cgroupId], values: vector(2) }, () => B)
  files.keepOnly(120)
  expect(readdirSync(dir.path)).toHaveLength(1)
  expect(files.recovered()[0]?.ticks[0]?.atSec).toBe(120)
  files.keepOnly(null)
  expect(readdirSync(dir.path)).toEqual([])
})

test('a disk that refuses is told once and stops nothing', () => {
  using dir = tempDir()
  const place = join(dir.path, 'file')
  writeFileSync(place, '')
  const told: unknown[] = []
  using files = openMinuteFiles(place, (error) => told.push(error))
  files.append(60, 60, { cgroupIds: [B.cgroupId], values: vector(1) }, () => B)
  files.append(60, 61, { cgroupIds: [B.cgroupId], values: vector(1) }, () => B)
  expect(told).toHaveLength(1)
  expect(files.recovered()).toEqual([])
})
