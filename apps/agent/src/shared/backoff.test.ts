import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffMs } from './backoff.ts'

const bounds = { firstMs: 500, mostMs: 30_000 }

test('the window doubles up to its bound', () => {
  const most = [0, 1, 2, 5, 6, 7, 1000].map((attempt) => backoffMs(attempt, bounds, 1))
  expect(most).toEqual([500, 1000, 2000, 16_000, 30_000, 30_000, 30_000])
})

test('the jitter is full: every wait from none to the window can occur', () => {
  fc.assert(
    fc.property(fc.nat(100), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const waitMs = backoffMs(attempt, bounds, random)
      expect(waitMs).toBe(Math.round(random * backoffMs(attempt, bounds, 1)))
    }),
  )
  expect(backoffMs(9, bounds, 0)).toBe(0)
})
