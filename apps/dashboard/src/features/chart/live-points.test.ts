import { METRIC_COUNT } from '@corral/domain'
import { describe, expect, it } from 'vitest'
import { createLivePoints } from './live-points.ts'

const vector = (value: number) => new Float32Array(METRIC_COUNT).fill(value)
const seconds = (live: ReturnType<typeof createLivePoints>) =>
  Array.from({ length: live.count }, (_, i) => [live.atSec(i), live.value(i, 3)])

describe('createLivePoints', () => {
  it('keeps the newest points only, oldest first', () => {
    const live = createLivePoints(3)
    for (const sec of [10, 11, 12, 13, 14]) live.push(sec, vector(sec))
    expect(seconds(live)).toEqual([
      [12, 12],
      [13, 13],
      [14, 14],
    ])
  })

  it('refuses a second that is already there or older', () => {
    const live = createLivePoints(3)
    expect(live.push(10, vector(1))).toBe(true)
    expect(live.push(10, vector(2))).toBe(false)
    expect(live.push(9, vector(3))).toBe(false)
    expect(seconds(live)).toEqual([[10, 1]])
  })

  it('starts anew when the clock stepped back', () => {
    const live = createLivePoints(3)
    live.push(1000, vector(1))
    expect(live.push(500, vector(2))).toBe(true)
    expect(seconds(live)).toEqual([[500, 2]])
  })

  it('refuses a vector of another length and a time that is none', () => {
    const live = createLivePoints(3)
    expect(live.push(10, new Float32Array(3))).toBe(false)
    expect(live.push(Number.NaN, vector(1))).toBe(false)
    expect(live.count).toBe(0)
  })
})
