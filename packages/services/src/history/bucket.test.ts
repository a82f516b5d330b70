import { BLOCK_POINTS } from '@corral/domain'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseGrid, createBuckets } from './bucket.ts'

const minute = 1_795_478_400

test('a grid begins on a step boundary, covers what was asked, and has no more steps than asked', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2_000_000_000 }),
      fc.integer({ min: 1, max: 30 * 86_400 }),
      fc.integer({ min: 40, max: 2000 }),
      fc.constantFrom(1, 60),
      (fromSec, rangeSec, points, finestSec) => {
        const grid = chooseGrid(fromSec, fromSec + rangeSec, points, finestSec)
        expect(grid.startSec % grid.stepSec).toBe(0)
        expect(grid.startSec).toBeLessThanOrEqual(fromSec)
        expect(grid.startSec + grid.count * grid.stepSec).toBeGreaterThanOrEqual(fromSec + rangeSec)
        expect(grid.count).toBeLessThanOrEqual(points)
        expect(grid.stepSec).toBeGreaterThanOrEqual(finestSec)
      },
    ),
  )
})

test('the finest step that fits is taken: 15 minutes in 1000 points are seconds, a day is 2-minute steps', () => {
  expect(chooseGrid(minute, minute + 900, 1000, 1).stepSec).toBe(1)
  expect(chooseGrid(minute, minute + 3600, 1000, 1).stepSec).toBe(5)
  expect(chooseGrid(minute, minute + 86_400, 1000, 60).stepSec).toBe(120)
})

test('panning by one second moves no point into another step', () => {
  const one = chooseGrid(minute + 7, minute + 907, 200, 1)
  const two = chooseGrid(minute + 8, minute + 908, 200, 1)
  expect(one.stepSec).toBe(two.stepSec)
  expect((two.startSec - one.startSec) % one.stepSec).toBe(0)
})

test('a step without points is NaN, never zero; gaps count in no average and no peak', () => {
  const buckets = createBuckets({ startSec: minute, stepSec: 5, count: 3 })
  buckets.addPoint(minute, 2)
  buckets.addPoint(minute + 1, Number.NaN)
  buckets.addPoint(minute + 4, 4)
  buckets.addPoint(minute + 10, Number.NaN)
  const { avg, peak } = buckets.result()
  expect([...avg]).toEqual([3, Number.NaN, Number.NaN])
  expect([...peak]).toEqual([4, Number.NaN, Number.NaN])
})

test('points outside the grid are left out', () => {
  const buckets = createBuckets({ startSec: minute, stepSec: 5, count: 1 })
  buckets.addPoint(minute - 1, 9)
  buckets.addPoint(minute + 5, 9)
  expect([...buckets.result().avg]).toEqual([Number.NaN])
})

test('a minute point by point and the same minute as average and peak agree in steps of minutes', () => {
  const values = Float32Array.from({ length: 2 * BLOCK_POINTS }, (_, i) => i % BLOCK_POINTS)
  const grid = { startSec: minute, stepSec: 120, count: 1 }
  const points = createBuckets(grid)
  points.addBlock(minute, values, 0)
  points.addBlock(minute + 60, values, BLOCK_POINTS)
  const minutes = createBuckets(grid)
  for (const startSec of [minute, minute + 60]) minutes.addMinute(startSec, 29.5, 59)
  expect(minutes.result()).toEqual(points.result())
  expect([...points.result().avg]).toEqual([29.5])
})

test('negative values have a peak too', () => {
  const buckets = createBuckets({ startSec: minute, stepSec: 60, count: 1 })
  buckets.addPoint(minute, -3)
  buckets.addPoint(minute + 1, -2)
  expect([...buckets.result().peak]).toEqual([-2])
})

test('sums of large values keep their digits', () => {
  const buckets = createBuckets({ startSec: minute, stepSec: 3600, count: 1 })
  for (let i = 0; i < 3600; i++) buckets.addPoint(minute + i, 2 ** 34)
  expect([...buckets.result().avg]).toEqual([2 ** 34])
})
