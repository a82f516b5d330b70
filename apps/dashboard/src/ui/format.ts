/**
 * Numbers as people read them: value and unit apart, so that the unit can be drawn quieter than its number. Missing
 * (null, undefined, NaN) is `–` without a unit, never 0. Pure, and independent of the browser's locale.
 */

export interface Quantity {
  readonly value: string
  /** Empty where there is no unit: a missing value, a plain count. */
  readonly unit: string
}

export type Reading = number | null | undefined

export const MISSING = '–'
const NONE: Quantity = { value: MISSING, unit: '' }

const isReading = (value: Reading): value is number => typeof value === 'number' && !Number.isNaN(value)

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** Three digits that matter: `1.71`, `41.2`, `312`, `1,089`. Zero is `0`. */
const threeDigits = (value: number): string => {
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size < 9.995) return value.toFixed(2)
  if (size < 99.95) return value.toFixed(1)
  return grouped.format(value)
}

/** CPU in cores, two decimals: `1.99 cores`. From 100 cores on whole cores: `1,089 cores`. */
export const cores = (value: Reading): Quantity =>
  isReading(value)
    ? { value: Math.abs(value) < 99.995 ? value.toFixed(2) : grouped.format(value), unit: 'cores' }
    : NONE

const IEC = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const
const SI = ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s'] as const

/** The largest unit, at least `units[1]`, in which the value reads below `base` after rounding. */
const scaled = (value: number, base: number, units: readonly string[]): Quantity => {
  let power = 1
  let scaledValue = value / base
  while (Math.abs(scaledValue) >= base * 0.9995 && power < units.length - 1) {
    scaledValue /= base
    power += 1
  }
  return { value: threeDigits(scaledValue), unit: units[power] ?? '' }
}

/** Memory in KiB, MiB, GiB …: `1.71 GiB`. */
export const bytes = (value: Reading): Quantity => (isReading(value) ? scaled(value, 1024, IEC) : NONE)

/** Bytes per second in kB/s, MB/s …: `41.2 MB/s`. Below 50 B/s is `0 kB/s`. */
export const byteRate = (value: Reading): Quantity => {
  if (!isReading(value)) return NONE
  if (Math.abs(value) < 50) return { value: '0', unit: 'kB/s' }
  if (Math.abs(value) < 100_000) return { value: (value / 1000).toFixed(1), unit: 'kB/s' }
  return scaled(value, 1000, SI)
}

/** A ratio as percent: `61 %`, or `46.0 %` with one decimal. */
export const percent = (ratio: Reading, decimals: 0 | 1 = 0): Quantity =>
  isReading(ratio) ? { value: (ratio * 100).toFixed(decimals), unit: '%' } : NONE

/** A whole number with groups: `1,497`. */
export const count = (value: Reading): Quantity =>
  isReading(value) ? { value: grouped.format(value), unit: '' } : NONE

/** Events per second: `12.3 /s`. */
export const perSecond = (value: Reading): Quantity =>
  isReading(value) ? { value: threeDigits(value), unit: '/s' } : NONE

/** A quantity as one text, with the space before its unit: for titles, aria labels and tests. */
export const plain = ({ value, unit }: Quantity): string => (unit === '' ? value : `${value} ${unit}`)

const STEPS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const

/**
 * A duration in its two largest units: `7 min 41 s`, `5 h 2 min`, `41 d`. Below zero is `0 s`; days stand alone from
 * ten on.
 */
export const duration = (seconds: Reading): string => {
  if (!isReading(seconds)) return MISSING
  const whole = Math.max(0, Math.floor(seconds))
  const first = STEPS.findIndex(([, size]) => whole >= size)
  const major = STEPS[first]
  if (major === undefined) return '0 s'
  const [majorUnit, majorSize] = major
  const majorCount = Math.floor(whole / majorSize)
  const minor = STEPS[first + 1]
  const minorCount = minor === undefined ? 0 : Math.floor((whole % majorSize) / minor[1])
  if (minor === undefined || minorCount === 0 || (majorUnit === 'd' && majorCount >= 10)) {
    return `${majorCount} ${majorUnit}`
  }
  return `${majorCount} ${majorUnit} ${minorCount} ${minor[0]}`
}

/** A duration in its largest unit, rounded down: `41 d`, `24 min`. For columns. */
export const age = (seconds: Reading): string => {
  if (!isReading(seconds)) return MISSING
  const whole = Math.max(0, Math.floor(seconds))
  for (const [unit, size] of STEPS) if (whole >= size) return `${Math.floor(whole / size)} ${unit}`
  return '0 s'
}

/** How long something took: `3.1 ms`, `880 µs`, `5.0 s`. From microseconds. */
export const took = (usec: Reading): string => {
  if (!isReading(usec)) return MISSING
  if (usec < 1000) return `${Math.round(usec)} µs`
  if (usec < 100_000) return `${(usec / 1000).toFixed(1)} ms`
  if (usec < 1_000_000) return `${Math.round(usec / 1000)} ms`
  return `${(usec / 1_000_000).toFixed(1)} s`
}

const two = (value: number): string => String(value).padStart(2, '0')

/** Local time of day: `14:32:07`. From Unix seconds. */
export const timeOfDay = (unixSec: Reading): string => {
  if (!isReading(unixSec)) return MISSING
  const at = new Date(unixSec * 1000)
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Local date and time: `13 Nov 03:12:00`; today only the time. From Unix seconds. */
export const dateTime = (unixSec: Reading, nowSec: number): string => {
  if (!isReading(unixSec)) return MISSING
  const at = new Date(unixSec * 1000)
  if (at.toDateString() === new Date(nowSec * 1000).toDateString()) return timeOfDay(unixSec)
  return `${at.getDate()} ${MONTHS[at.getMonth()] ?? ''} ${timeOfDay(unixSec)}`
}
