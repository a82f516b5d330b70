import { describe, expect, it } from 'vitest'
import { frozenIntervals } from './frozen.ts'

describe('frozenIntervals', () => {
  it('covers the whole step of every frozen point', () => {
    expect(frozenIntervals(100, 1, [0, 1, 1, 0])).toEqual([{ fromSec: 101, toSec: 103 }])
    expect(frozenIntervals(600, 60, [1, 1, 0, 1])).toEqual([
      { fromSec: 600, toSec: 720 },
      { fromSec: 780, toSec: 840 },
    ])
  })

  it('counts a coarse step as frozen from half of it on', () => {
    expect(frozenIntervals(0, 60, [0.49, 0.5, 0])).toEqual([{ fromSec: 60, toSec: 120 }])
  })

  it('bridges two missing points inside a freeze and no more', () => {
    expect(frozenIntervals(0, 1, [1, null, null, 1])).toEqual([{ fromSec: 0, toSec: 4 }])
    expect(frozenIntervals(0, 1, [1, null, null, null, 1])).toEqual([
      { fromSec: 0, toSec: 1 },
      { fromSec: 4, toSec: 5 },
    ])
  })

  it('never reaches into a gap at either end', () => {
    expect(frozenIntervals(0, 1, [null, 1, null])).toEqual([{ fromSec: 1, toSec: 2 }])
    expect(frozenIntervals(0, 1, [null, null])).toEqual([])
    expect(frozenIntervals(0, 1, [])).toEqual([])
  })
})
