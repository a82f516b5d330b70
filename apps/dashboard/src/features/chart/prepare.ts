import { METRIC_INDEX, type MetricKey } from '@corral/domain'
import type { Series } from '@corral/protocol'
import { frozenIntervals, type Interval } from './frozen.ts'
import type { LivePoints } from './live-points.ts'

/**
 * Everything a page of charts draws, decided here: history and live points on one grid of equal steps. A step in
 * which nothing was measured is null and drawn as a gap.
 */

export type Points = readonly (number | null)[]

/** History as it was asked for and answered. */
export interface History {
  readonly metrics: readonly MetricKey[]
  readonly series: Series
  /** The end that was asked for, Unix seconds: what came later can only be known from live points. */
  readonly coveredToSec: number
}

export interface Frame {
  /** Left and right edge of the time axis, Unix seconds. */
  readonly fromSec: number
  readonly toSec: number
  readonly stepSec: number
  /** Time of each point: the middle of its step, but never after the right edge. */
  readonly times: readonly number[]
  readonly avg: ReadonlyMap<MetricKey, Points>
  /** Largest value in each step; empty at one second, where it would equal the average. */
  readonly peak: ReadonlyMap<MetricKey, Points>
  readonly frozen: readonly Interval[]
  /** Where the step of the earliest measured point begins; null if there is none. */
  readonly firstSec: number | null
  /** Whether history is in it: what is missing is then known to be missing. */
  readonly complete: boolean
}

export interface FrameInput {
  readonly history: History | null
  readonly live: LivePoints
  readonly fromSec: number
  readonly toSec: number
  /** Step to draw with while there is no history, in seconds. */
  readonly stepSec: number
  readonly metrics: readonly MetricKey[]
}

interface Grid {
  /** Where the first step begins. */
  readonly startSec: number
  readonly stepSec: number
  readonly length: number
}

/** Steps that cover the window, in phase with history's own steps. */
const gridOf = ({ history, fromSec, toSec, stepSec }: FrameInput): Grid => {
  const step = history?.series.stepSec ?? stepSec
  const phase = history === null ? 0 : history.series.startSec % step
  const first = Math.floor((fromSec - phase) / step)
  const last = Math.floor((toSec - phase) / step)
  return { startSec: phase + first * step, stepSec: step, length: Math.max(0, last - first + 1) }
}

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null

interface Column {
  readonly avg: (number | null)[]
  readonly peak: (number | null)[]
}

const historyColumn = (history: History | null, metric: MetricKey, grid: Grid): Column => {
  const avg = new Array<number | null>(grid.length).fill(null)
  const peak = new Array<number | null>(grid.length).fill(null)
  const at = history?.metrics.indexOf(metric) ?? -1
  if (history === null || at < 0) return { avg, peak }
  const { series } = history
  const offset = Math.round((grid.startSec - series.startSec) / grid.stepSec)
  const from = Math.max(0, -offset)
  const to = Math.min(grid.length, series.points - offset)
  for (let i = from; i < to; i++) {
    avg[i] = finite(series.avg[at]?.[i + offset])
    peak[i] = finite(series.peak[at]?.[i + offset])
  }
  return { avg, peak }
}

/**
 * Adds live points to a column of history, each second once. History wins where it had the whole step; in the step
 * that was still open when history answered, the seconds since then are averaged in.
 */
const addLive = (column: Column, metric: MetricKey, grid: Grid, { history, live }: FrameInput): void => {
  const index = METRIC_INDEX[metric]
  const covered = history?.coveredToSec ?? Number.NEGATIVE_INFINITY
  let bucket = -1
  let sum = 0
  let count = 0
  let top = Number.NEGATIVE_INFINITY
  let lateSum = 0
  let lateCount = 0

  const flush = () => {
    if (count === 0 || bucket < 0 || bucket >= grid.length) return
    const known = column.avg[bucket] ?? null
    const opened = grid.startSec + bucket * grid.stepSec
    if (known === null) {
      column.avg[bucket] = sum / count
      column.peak[bucket] = top
    } else if (opened + grid.stepSec > covered && lateCount > 0) {
      const weight = Math.max(0, covered - opened)
      column.avg[bucket] = (known * weight + lateSum) / (weight + lateCount)
      column.peak[bucket] = Math.max(column.peak[bucket] ?? known, top)
    }
  }

  for (let i = firstAtOrAfter(live, grid.startSec); i < live.count; i++) {
    const atSec = live.atSec(i)
    const value = live.value(i, index)
    if (!Number.isFinite(value)) continue
    const own = Math.floor((atSec - grid.startSec) / grid.stepSec)
    if (own !== bucket) {
      flush()
      bucket = own
      sum = count = lateSum = lateCount = 0
      top = Number.NEGATIVE_INFINITY
    }
    sum += value
    count += 1
    top = Math.max(top, value)
    if (atSec >= covered) {
      lateSum += value
      lateCount += 1
    }
  }
  flush()
}

/** Index of the first live point at or after a second, by bisection. */
const firstAtOrAfter = (live: LivePoints, sec: number): number => {
  let low = 0
  let high = live.count
  while (low < high) {
    const middle = (low + high) >> 1
    if (live.atSec(middle) < sec) low = middle + 1
    else high = middle
  }
  return low
}

/** Merges history and live points for one window. Pure; called at most once a second. */
export const prepareFrame = (input: FrameInput): Frame => {
  const grid = gridOf(input)
  const { fromSec, toSec, metrics } = input
  const half = (grid.stepSec - 1) / 2
  const times = Array.from({ length: grid.length }, (_, i) => Math.min(grid.startSec + i * grid.stepSec + half, toSec))
  const avg = new Map<MetricKey, Points>()
  const peak = new Map<MetricKey, Points>()
  let first = grid.length
  for (const metric of metrics) {
    const column = historyColumn(input.history, metric, grid)
    addLive(column, metric, grid, input)
    avg.set(metric, column.avg)
    if (grid.stepSec > 1) peak.set(metric, column.peak)
    const own = column.avg.findIndex((value) => value !== null)
    if (own >= 0 && own < first) first = own
  }
  return {
    fromSec,
    toSec,
    stepSec: grid.stepSec,
    times,
    avg,
    peak,
    frozen: frozenIntervals(grid.startSec, grid.stepSec, avg.get('frozen') ?? []),
    firstSec: first < grid.length ? grid.startSec + first * grid.stepSec : null,
    complete: input.history !== null,
  }
}

/** Whether recording visibly began inside the frame, and when: the left part is empty because nothing was there. */
export const recordingBegan = ({ firstSec, fromSec, stepSec }: Frame): number | null =>
  firstSec !== null && firstSec > fromSec + 2 * stepSec ? firstSec : null

/** Index of the point nearest to a second, or −1 in an empty frame. */
export const nearestPoint = (frame: Frame, sec: number): number => {
  const start = frame.times[0]
  if (start === undefined) return -1
  return Math.max(0, Math.min(frame.times.length - 1, Math.round((sec - start) / frame.stepSec)))
}

/** Index of the newest measured point, or −1. */
export const newestPoint = (points: Points): number => points.findLastIndex((value) => value !== null)

/** How many points were measured. */
export const countPoints = (points: Points): number => points.reduce<number>((n, v) => (v === null ? n : n + 1), 0)

/** The largest value among several rows of points; 0 if there is none. */
export const largest = (rows: readonly Points[]): number => {
  let top = 0
  for (const row of rows) for (const value of row) if (value !== null && value > top) top = value
  return top
}

/** Points whose neighbours are both missing: a line cannot show them, a dot can. */
export const lonelyPoints = (points: Points): readonly number[] => {
  const found: number[] = []
  for (let i = 0; i < points.length; i++) {
    if (points[i] !== null && (points[i - 1] ?? null) === null && (points[i + 1] ?? null) === null) found.push(i)
  }
  return found
}
