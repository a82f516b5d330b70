import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plain } from '../../ui/format.ts'
import { amountOf } from './amount.ts'
import { placeLabels } from './place-labels.ts'
import { axisScale } from './scale.ts'

const MIB = 1024 ** 2

describe('axisScale', () => {
  it('ends at a round number above the data and names its unit', () => {
    expect(axisScale('cores', 1.93, 5)).toMatchObject({
      labels: ['0', '0.5', '1.0', '1.5', '2.0', '2.5'],
      unit: 'cores',
    })
    expect(axisScale('bytes', 230 * MIB, 4)).toMatchObject({ labels: ['0', '60', '120', '180', '240'], unit: 'MiB' })
    expect(axisScale('bytes/s', 41_200_000, 2)).toMatchObject({ labels: ['0', '25', '50'], unit: 'MB/s' })
    expect(axisScale('count', 84, 2)).toMatchObject({ labels: ['0', '50', '100'], unit: '' })
  })

  it('shows shares of time up to 100 % and no further', () => {
    expect(axisScale('ratio', 1, 2).labels).toEqual(['0', '50', '100'])
    expect(axisScale('ratio', 0.61, 2).labels).toEqual(['0', '40', '80'])
  })

  it('does not blow noise up to a mountain', () => {
    expect(axisScale('cores', 0.0004, 5).top).toBeCloseTo(0.1)
    expect(axisScale('ratio', 0, 2).labels).toEqual(['0', '5', '10'])
    expect(axisScale('count', 0, 2).labels).toEqual(['0', '4', '8'])
  })

  it('never cuts the data off and counts in whole numbers', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e13, noNaN: true }), fc.integer({ min: 1, max: 6 }), (value, parts) => {
        for (const unit of ['cores', 'bytes', 'bytes/s', 'count'] as const) {
          const scale = axisScale(unit, value, parts)
          expect(scale.top).toBeGreaterThanOrEqual(value)
          expect(scale.ticks).toHaveLength(parts + 1)
          if (unit === 'count') expect(scale.labels.every((label) => Number.isInteger(Number(label)))).toBe(true)
        }
      }),
    )
  })
})

describe('amountOf', () => {
  it('shows the unit that suits, and missing as a dash', () => {
    expect(plain(amountOf('bytes', 1.714 * 1024 ** 3))).toBe('1.71 GiB')
    expect(plain(amountOf('cores', 1.987))).toBe('1.99 cores')
    expect(plain(amountOf('ratio', 0.613))).toBe('61 %')
    expect(plain(amountOf('ratio', 0.0213))).toBe('2.1 %')
    expect(plain(amountOf('bytes/s', null))).toBe('–')
  })
})

describe('placeLabels', () => {
  it('leaves labels that are far apart where they are', () => {
    expect(placeLabels([20, 60], 13, { top: 0, bottom: 100 })).toEqual([20, 60])
  })

  it('pushes apart what would overlap, inside the plot', () => {
    expect(placeLabels([98, 99, 97], 13, { top: 0, bottom: 100 })).toEqual([86, 99, 73])
    expect(placeLabels([1, 2], 13, { top: 0, bottom: 100 })).toEqual([0, 13])
  })
})
