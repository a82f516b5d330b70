import { BLOCK_POINTS, METRIC_COUNT } from '@corral/domain'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBlockAssembler } from './blocks.ts'

const put = (assembler: ReturnType<typeof createBlockAssembler>, value: number) =>
  assembler.put('1', new Float32Array(METRIC_COUNT).fill(value), 0)
const points = (values: Float32Array) => [...values.subarray(0, BLOCK_POINTS)]

test('a minute is sealed when the next one begins; seconds without a tick are gaps', () => {
  const assembler = createBlockAssembler()
  for (const atSec of [60, 61, 63]) {
    expect(assembler.advance(atSec)).toEqual({ accepted: true, sealed: [] })
    put(assembler, atSec)
  }
  const { sealed } = assembler.advance(120)
  expect(sealed).toHaveLength(1)
  expect(sealed[0]?.startSec).toBe(60)
  expect(points(sealed[0]?.values ?? new Float32Array()).slice(0, 5)).toEqual([60, 61, Number.NaN, 63, Number.NaN])
})

test('a clock that steps back within the minute overwrites nothing', () => {
  const assembler = createBlockAssembler()
  assembler.advance(70)
  put(assembler, 1)
  expect(assembler.advance(65).accepted).toBe(false)
  expect(assembler.advance(70).accepted).toBe(false)
  expect(assembler.advance(71).accepted).toBe(true)
})

test('a clock that steps back into a sealed minute invents no second block of it', () => {
  const assembler = createBlockAssembler()
  assembler.advance(60)
  put(assembler, 1)
  expect(assembler.advance(3660).sealed).toHaveLength(1)
  put(assembler, 2)
  const back = assembler.advance(61)
  expect(back.accepted).toBe(false)
  expect(back.sealed.map(({ startSec }) => startSec)).toEqual([3660])
  expect(assembler.advance(3661)).toEqual({ accepted: false, sealed: [] })
  expect(assembler.advance(3720).accepted).toBe(true)
})

test('whatever the clock does, every point is in exactly one block, at its own second, and no block comes twice', () => {
  const jumps = fc.array(fc.oneof(fc.constant(1), fc.integer({ min: -200, max: 200 })), { maxLength: 400 })
  fc.assert(
    fc.property(jumps, (steps) => {
      const assembler = createBlockAssembler()
      const blocks = new Map<number, Float32Array>()
      const accepted = new Set<number>()
      let atSec = 100_000
      const keep = (sealed: readonly { startSec: number; values: Float32Array }[]) => {
        for (const { startSec, values } of sealed) {
          expect(blocks.has(startSec)).toBe(false)
          blocks.set(startSec, values)
        }
      }
      for (const step of steps) {
        atSec += step
        const taken = assembler.advance(atSec)
        keep(taken.sealed)
        if (!taken.accepted) continue
        expect(accepted.has(atSec)).toBe(false)
        accepted.add(atSec)
        put(assembler, atSec % 1000)
      }
      keep(assembler.seal())
      const found = [...blocks].flatMap(([startSec, values]) =>
        points(values).flatMap((value, i) => (Number.isNaN(value) ? [] : [[startSec + i, value] as const])),
      )
      expect(new Set(found.map(([sec]) => sec))).toEqual(accepted)
      for (const [sec, value] of found) expect(value).toBe(sec % 1000)
    }),
    { numRuns: 300 },
  )
})
