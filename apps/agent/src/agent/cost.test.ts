import { expect, test } from 'vitest'
import { cpuSecondsOf, createCostMeter } from './cost.ts'

test('a process named with brackets and blanks is read like any other', () => {
  const stat = '7 (a) b (c) S 1 7 7 0 -1 4194560 100 0 0 0 150 50 0 0 20 0 1 0 100 1000 10'
  expect(cpuSecondsOf(stat)).toBe(2)
})

test('the cost is that of the processes there are, and never negative', () => {
  const meter = createCostMeter(process.pid)
  const first = meter(0)
  expect(first.cpuCores).toBe(0)
  expect(first.rssBytes).toBeGreaterThan(1e6)
  expect(meter(6000).cpuCores).toBeGreaterThanOrEqual(0)
})

test('a warden that is gone costs nothing, and stops nothing', () => {
  expect(createCostMeter(2 ** 30)(0).rssBytes).toBeGreaterThan(1e6)
})
