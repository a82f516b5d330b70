import type { MetricKey } from '@corral/domain'
import type { Quantity } from '../../ui/format.ts'
import { amountOf } from './amount.ts'
import { countPoints, type Frame, largest, nearestPoint, newestPoint, type Points } from './prepare.ts'
import { type AxisScale, axisScale } from './scale.ts'
import type { FrameSource } from './source.ts'
import type { ChartSpec } from './spec.ts'

/** What one chart says in words and numbers: at the pointed moment, or now. */
export interface Reading {
  /** The moment the values are from, Unix seconds; null if there is no value. */
  readonly atSec: number | null
  /** Whether that moment was pointed at, rather than being the newest. */
  readonly pointed: boolean
  /** One per line of the chart, in its order. */
  readonly values: readonly Quantity[]
  /** Share of time held back, if the chart shows it and there was any. */
  readonly held: Quantity | null
  /** Newest raw value of the first line. */
  readonly latest: number | null
  /** Measured points of the first line. */
  readonly points: number
  /** Why there is nothing to see, if that is known. */
  readonly empty: string | null
}

const NONE: Points = []

export const pointsOf = (frame: Frame, metric: MetricKey): Points => frame.avg.get(metric) ?? NONE

/** What the first line would have used had it not been held back; null where either is missing. */
export const wantedPoints = (frame: Frame, spec: ChartSpec): Points => {
  if (spec.held === undefined) return NONE
  const held = pointsOf(frame, spec.held.metric)
  return pointsOf(frame, spec.lines[0].metric).map((used, i) => {
    const back = held[i] ?? null
    return used === null || back === null || back < LEAST_HELD ? null : used + back
  })
}

/** Shares of time below this are the clock's grain, not throttling. */
const LEAST_HELD = 0.01

/** The value axis that shows every line, peak and demand of a chart. */
export const axisOf = (frame: Frame, spec: ChartSpec): AxisScale => {
  const rows = spec.lines.flatMap(({ metric }) => [pointsOf(frame, metric), frame.peak.get(metric) ?? NONE])
  return axisScale(spec.unit, largest([...rows, wantedPoints(frame, spec)]), spec.parts)
}

export const readChart = (
  frame: Frame,
  spec: ChartSpec,
  source: Pick<FrameSource, 'latest'>,
  pointedSec: number | null,
): Reading => {
  const first = pointsOf(frame, spec.lines[0].metric)
  const newest = newestPoint(first)
  const index = pointedSec === null ? newest : nearestPoint(frame, pointedSec)
  const valueAt = (metric: MetricKey): number | null => {
    const at = pointsOf(frame, metric)[index] ?? null
    return pointedSec === null ? (source.latest(metric) ?? at) : at
  }
  const held = spec.held === undefined ? null : valueAt(spec.held.metric)
  return {
    atSec: frame.times[index] ?? null,
    pointed: pointedSec !== null,
    values: spec.lines.map(({ metric }) => amountOf(spec.unit, valueAt(metric))),
    held: held === null || held < LEAST_HELD ? null : amountOf('ratio', held),
    latest: source.latest(spec.lines[0].metric) ?? first[newest] ?? null,
    points: countPoints(first),
    empty: emptyText(frame, spec),
  }
}

const emptyText = (frame: Frame, spec: ChartSpec): string | null => {
  if (!frame.complete || spec.lines.some(({ metric }) => newestPoint(pointsOf(frame, metric)) >= 0)) return null
  return frame.firstSec === null || spec.empty === undefined ? 'Nothing was recorded in this range' : spec.empty
}
