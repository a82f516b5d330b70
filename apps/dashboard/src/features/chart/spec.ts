import type { MetricKey, MetricUnit } from '@corral/domain'
import type { SeriesColour } from './colours.ts'

/** What a chart is: plain data. The first line is the one the chart is about. */

export interface LineSpec {
  readonly metric: MetricKey
  readonly label: string
  readonly colour: SeriesColour
  /** Fills down to zero. */
  readonly area?: boolean
  /** A quieter line: context for the first one. */
  readonly thin?: boolean
}

export interface ChartSpec {
  readonly id: string
  readonly title: string
  readonly unit: MetricUnit
  /** Said after the unit in the title: what the number means. */
  readonly qualifier?: string
  readonly lines: readonly [LineSpec, ...LineSpec[]]
  /** Share of time held back, in cores: hatched from the first line up to what it would have used. */
  readonly held?: { readonly metric: MetricKey; readonly label: string }
  /** Said in the plot when none of its lines was measured while others were. */
  readonly empty?: string
  /** Height of the plot in CSS pixels. */
  readonly height: number
  /** Equal parts of the value axis. */
  readonly parts: number
}

/** Every metric that a page of charts needs, each once; `frozen` is always among them. */
export const metricsOf = (specs: readonly ChartSpec[]): readonly MetricKey[] => {
  const keys = specs.flatMap(({ lines, held }) => [
    ...lines.map(({ metric }) => metric),
    ...(held === undefined ? [] : [held.metric]),
  ])
  return [...new Set<MetricKey>([...keys, 'frozen'])]
}
