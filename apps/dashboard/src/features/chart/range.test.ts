import { describe, expect, it } from 'vitest'
import { formatLook, parseLook, shiftLook, widenLook } from './range.ts'

const read = (query: string) => parseLook(new URLSearchParams(query))

describe('a look in the address', () => {
  it('reads back what it wrote', () => {
    for (const look of [
      { range: '15m', untilSec: null },
      { range: '24h', untilSec: null },
      { range: '1h', untilSec: 1_763_000_000 },
    ] as const) {
      expect(read(formatLook(look))).toEqual(look)
    }
  })

  it('takes what it cannot read for the default', () => {
    expect(read('range=9y&until=tomorrow')).toEqual({ range: '15m', untilSec: null })
    expect(formatLook({ range: '15m', untilSec: null })).toBe('')
  })
})

describe('moving', () => {
  it('goes half a range earlier, and back to following now', () => {
    const past = shiftLook({ range: '1h', untilSec: null }, -1, 100_000)
    expect(past).toEqual({ range: '1h', untilSec: 98_200 })
    expect(shiftLook(past, 1, 100_010).untilSec).toBe(100_000)
    expect(shiftLook(past, 1, 99_990).untilSec).toBeNull()
  })

  it('stops at the shortest and the longest range', () => {
    expect(widenLook({ range: '15m', untilSec: null }, -1).range).toBe('15m')
    expect(widenLook({ range: '15m', untilSec: null }, 1).range).toBe('1h')
    expect(widenLook({ range: '24h', untilSec: 5 }, 1)).toEqual({ range: '24h', untilSec: 5 })
  })
})
