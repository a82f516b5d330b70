import { BLOCK_POINTS, BLOCK_VALUES, type ContainerId, METRIC_COUNT, summarizeBlock } from '@corral/domain'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BLOCK_COLUMNS } from './columns.ts'
import { decodeReals } from './decode.ts'
import { encodeBlocks } from './encode.ts'

const join = (chunks: Iterable<Uint8Array>): Buffer => Buffer.concat([...chunks])

/** Reads a COPY file by its documentation: rows of fields. */
const readCopy = (file: Buffer): Buffer[][] => {
  expect(file.subarray(0, 11).toString('latin1')).toBe('PGCOPY\n\xff\r\n\0')
  const rows: Buffer[][] = []
  let at = 19
  for (let fields = file.readInt16BE(at); fields !== -1; fields = file.readInt16BE(at)) {
    at += 2
    rows.push(
      Array.from({ length: fields }, () => {
        const length = file.readInt32BE(at)
        at += 4 + length
        return file.subarray(at - length, at)
      }),
    )
  }
  expect(file.length).toBe(at + 2)
  return rows
}

const decode = (bytes: Uint8Array, length: number): Float32Array => {
  const out = new Float32Array(length)
  decodeReals(bytes, out, 0, length)
  return out
}

const floats = fc.float32Array({ minLength: BLOCK_VALUES, maxLength: BLOCK_VALUES })

test('what is encoded decodes to the same floats, in as many chunks as it takes', () => {
  fc.assert(
    fc.property(fc.array(floats, { maxLength: 5 }), fc.integer({ min: 1, max: 6 }), (blocks, chunkRows) => {
      const rows = blocks.map((values, i) => ({ containerId: String(i + 1) as ContainerId, startSec: i * 60, values }))
      const read = readCopy(join(encodeBlocks(rows, chunkRows)))
      expect(read).toHaveLength(rows.length)
      for (const [i, fields] of read.entries()) {
        const values = blocks[i] ?? new Float32Array()
        const summary = summarizeBlock(values)
        expect(fields).toHaveLength(BLOCK_COLUMNS.length)
        expect(fields[0]?.readBigInt64BE()).toBe(BigInt(i + 1))
        expect(fields[1]?.readBigInt64BE()).toBe(BigInt(i * 60 - 946_684_800) * 1_000_000n)
        for (let metric = 0; metric < METRIC_COUNT; metric++)
          expect(decode(fields[metric + 2] ?? Buffer.of(), BLOCK_POINTS)).toEqual(
            values.subarray(metric * BLOCK_POINTS, (metric + 1) * BLOCK_POINTS),
          )
        expect(decode(fields[METRIC_COUNT + 2] ?? Buffer.of(), METRIC_COUNT)).toEqual(summary.avg)
        expect(decode(fields[METRIC_COUNT + 3] ?? Buffer.of(), METRIC_COUNT)).toEqual(summary.peak)
      }
    }),
    { numRuns: 30 },
  )
})

test('an array shorter than asked for, or none at all, is gaps to its end', () => {
  const out = new Float32Array(4)
  decodeReals(null, out, 1, 2)
  expect(out).toEqual(Float32Array.of(0, Number.NaN, Number.NaN, 0))
  const one = Buffer.alloc(28)
  one.writeInt32BE(1, 0)
  one.writeInt32BE(1, 12)
  one.writeInt32BE(4, 20)
  one.writeFloatBE(2.5, 24)
  decodeReals(one, out, 0, 3)
  expect(out).toEqual(Float32Array.of(2.5, Number.NaN, Number.NaN, 0))
})
