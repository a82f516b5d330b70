import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { planTick, startTicker } from './tick.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_700_000_000_400 })
})
afterEach(() => {
  vi.useRealTimers()
})

test('one tick per wall second, just after it began', () => {
  const ticks: number[] = []
  using _ticker = startTicker((atSec) => ticks.push(atSec))
  vi.advanceTimersByTime(3000)
  expect(ticks).toEqual([1_700_000_001, 1_700_000_002, 1_700_000_003])
})

test('seconds that were slept through are a gap: no tick is made up for them', () => {
  const ticks: number[] = []
  using _ticker = startTicker((atSec) => ticks.push(atSec))
  vi.advanceTimersByTime(1000)
  vi.setSystemTime(1_700_000_090_000)
  vi.advanceTimersByTime(1000)
  expect(ticks).toEqual([1_700_000_001, 1_700_000_090])
})

test('a clock that steps back goes on ticking', () => {
  const ticks: number[] = []
  using _ticker = startTicker((atSec) => ticks.push(atSec))
  vi.advanceTimersByTime(1000)
  vi.setSystemTime(1_699_996_400_500)
  vi.advanceTimersByTime(2000)
  expect(ticks).toEqual([1_700_000_001, 1_699_996_401, 1_699_996_402])
})

test('a timer that fires early does not give a second its tick twice', () => {
  expect(planTick(10, 10_999)).toEqual({ atSec: null, waitMs: 4 })
  expect(planTick(10, 11_000).atSec).toBe(11)
})
