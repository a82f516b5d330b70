import type { MetricUnit } from '@corral/domain'

/** Round axes from zero, in the unit that suits their length. */

export interface AxisScale {
  /** Upper end of the axis, in the metric's own unit. */
  readonly top: number
  /** Where grid lines stand, in the metric's own unit; the first is 0, the last is `top`. */
  readonly ticks: readonly number[]
  /** What is written at each tick; the unit stands in the chart's title. */
  readonly labels: readonly string[]
  /** The unit that the labels are in, for the title. */
  readonly unit: string
}

interface Prefix {
  readonly factor: number
  readonly unit: string
}

const KIB = 1024

/** Units per metric unit, smallest first; the largest that leaves at least 1 is taken. */
const PREFIXES: Readonly<Record<MetricUnit, readonly [Prefix, ...Prefix[]]>> = {
  cores: [{ factor: 1, unit: 'cores' }],
  ratio: [{ factor: 0.01, unit: '%' }],
  bytes: [
    { factor: KIB, unit: 'KiB' },
    { factor: KIB ** 2, unit: 'MiB' },
    { factor: KIB ** 3, unit: 'GiB' },
    { factor: KIB ** 4, unit: 'TiB' },
  ],
  'bytes/s': [
    { factor: 1e3, unit: 'kB/s' },
    { factor: 1e6, unit: 'MB/s' },
    { factor: 1e9, unit: 'GB/s' },
  ],
  '1/s': [{ factor: 1, unit: '/s' }],
  count: [{ factor: 1, unit: '' }],
}

/** The smallest axis of each unit: below it, noise would look like an event. */
const LEAST_TOP: Readonly<Record<MetricUnit, number>> = {
  cores: 0.1,
  ratio: 0.1,
  bytes: KIB ** 2,
  'bytes/s': 1e4,
  '1/s': 10,
  count: 8,
}

const prefixFor = (unit: MetricUnit, value: number): Prefix => {
  const prefixes = PREFIXES[unit]
  return prefixes.findLast(({ factor }) => Math.abs(value) >= factor) ?? prefixes[0]
}

/** Lengths of one grid step, before the power of ten. */
const STEPS = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]

const niceStep = (least: number, whole: boolean): number => {
  const power = 10 ** Math.floor(Math.log10(least))
  const step = STEPS.find((factor) => {
    const length = factor * power
    return length >= least * 0.999_999 && (!whole || Number.isInteger(Number(length.toPrecision(6))))
  })
  return Number(((step ?? 10) * power).toPrecision(6))
}

const decimalsOf = (step: number): number => {
  const text = String(step)
  const point = text.indexOf('.')
  return point < 0 ? 0 : text.length - point - 1
}

/**
 * An axis from zero to a round number just above `largest` (in the metric's unit), cut into `parts` equal parts.
 * Shares of time end at 100 %.
 */
export const axisScale = (unit: MetricUnit, largest: number, parts: number): AxisScale => {
  const wanted = Math.max(largest * 1.04, LEAST_TOP[unit])
  const bounded = unit === 'ratio' && largest <= 1 ? Math.min(wanted, 1) : wanted
  const prefix = prefixFor(unit, bounded)
  const step = niceStep(bounded / prefix.factor / parts, unit === 'count')
  const decimals = decimalsOf(step)
  const marks = Array.from({ length: parts + 1 }, (_, i) => step * i)
  return {
    top: step * parts * prefix.factor,
    ticks: marks.map((mark) => mark * prefix.factor),
    labels: marks.map((mark) => (mark === 0 ? '0' : mark.toFixed(decimals))),
    unit: prefix.unit,
  }
}
