/** The ranges a chart page offers, as they stand in its address, and the stretch of time they mean. */

export interface Range {
  /** Its name in the address. */
  readonly key: string
  readonly label: string
  readonly sec: number
}

export const RANGES = [
  { key: '15m', label: '15 min', sec: 900 },
  { key: '1h', label: '1 h', sec: 3_600 },
  { key: '24h', label: '24 h', sec: 86_400 },
] as const satisfies readonly Range[]

export type RangeKey = (typeof RANGES)[number]['key']

export const DEFAULT_RANGE: RangeKey = '15m'

export const rangeOf = (key: RangeKey): Range => RANGES.find((range) => range.key === key) ?? RANGES[0]

/** What the page looks at: a range that follows now, or one that ends at a fixed second. */
export interface Look {
  readonly range: RangeKey
  /** Unix time in seconds of the right edge; null while it follows now. */
  readonly untilSec: number | null
}

/** Reads a page's address; what cannot be read means the default. */
export const parseLook = (query: { get(name: string): string | null }): Look => {
  const range = RANGES.find(({ key }) => key === query.get('range'))?.key ?? DEFAULT_RANGE
  const until = query.get('until')
  const untilSec = until !== null && /^\d{9,11}$/.test(until) ? Number(until) : null
  return { range, untilSec }
}

/** The query of the address that `parseLook` reads back; defaults are left out. */
export const formatLook = (look: Look): string => {
  const query = new URLSearchParams()
  if (look.range !== DEFAULT_RANGE) query.set('range', look.range)
  if (look.untilSec !== null) query.set('until', String(Math.round(look.untilSec)))
  return query.size === 0 ? '' : `?${query}`
}

/**
 * The look half a range earlier (−1) or later (+1). A look that would reach now follows it.
 * `nowSec`: Unix time in seconds at the host.
 */
export const shiftLook = (look: Look, direction: -1 | 1, nowSec: number): Look => {
  const untilSec = (look.untilSec ?? nowSec) + (direction * rangeOf(look.range).sec) / 2
  return { range: look.range, untilSec: untilSec >= nowSec ? null : Math.round(untilSec) }
}

/** The range `steps` longer (+) or shorter (−), or the same at either end of the list. */
export const widenLook = (look: Look, steps: -1 | 1): Look => ({
  ...look,
  range: RANGES[RANGES.findIndex(({ key }) => key === look.range) + steps]?.key ?? look.range,
})

/** Seconds between points that a range is drawn with until history says its own step. */
export const defaultStepSec = (rangeSec: number): number => (rangeSec <= 1_800 ? 1 : rangeSec <= 7_200 ? 5 : 60)

/** Most points to ask history for. */
export const HISTORY_POINTS = 1_500
