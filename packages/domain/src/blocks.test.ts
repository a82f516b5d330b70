import { expect, test } from 'vitest'
import { BLOCK_POINTS, blockStart, emptyBlockValues, summarizeBlock } from './blocks.ts'
import { METRIC_INDEX } from './metrics.ts'

test('a block with no points has no average and no peak, rather than zero', () => {
  const { avg, peak } = summarizeBlock(emptyBlockValues())
  expect([...avg, ...peak].every(Number.isNaN)).toBe(true)
})

test('gaps count neither in the average nor in the peak', () => {
  const values = emptyBlockValues()
  const at = METRIC_INDEX.memoryCurrent * BLOCK_POINTS
  values[at + 3] = 2
  values[at + 50] = 4
  const { avg, peak } = summarizeBlock(values)
  expect(avg[METRIC_INDEX.memoryCurrent]).toBe(3)
  expect(peak[METRIC_INDEX.memoryCurrent]).toBe(4)
})

test('a block starts on its minute', () => {
  expect(blockStart(119)).toBe(60)
  expect(blockStart(120)).toBe(120)
})
