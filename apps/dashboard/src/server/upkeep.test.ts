import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { keepHouse, wasClockSet } from './upkeep.ts'

const HOUR_MS = 3_600_000

test('a clock that was set between two rounds is seen, small corrections are not', () => {
  const before = { wallMs: 1_000_000, steadyMs: 0 }
  expect(wasClockSet(before, { wallMs: before.wallMs + HOUR_MS, steadyMs: HOUR_MS })).toBe(false)
  expect(wasClockSet(before, { wallMs: before.wallMs + HOUR_MS + 5000, steadyMs: HOUR_MS })).toBe(false)
  expect(wasClockSet(before, { wallMs: before.wallMs + 60 * 24 * HOUR_MS, steadyMs: HOUR_MS })).toBe(true)
  expect(wasClockSet(before, { wallMs: before.wallMs - 24 * HOUR_MS, steadyMs: HOUR_MS })).toBe(true)
})

test('there is room from the start, nothing is forgotten in the first round, and a fault ends nothing', async () => {
  const stop = new AbortController()
  const ensurePartitions = vi.fn(async () => Promise.reject(new Error('refused')))
  const dropOld = vi.fn(async () => [])
  const done = keepHouse({ ensurePartitions, dropOld }, pino({ level: 'silent' }), stop.signal)
  await vi.waitFor(() => expect(ensurePartitions).toHaveBeenCalledOnce())
  stop.abort()
  await done
  expect(dropOld).not.toHaveBeenCalled()
})
