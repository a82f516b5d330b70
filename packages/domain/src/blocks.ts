import { METRIC_COUNT } from './metrics.ts'

/**
 * A block: 60 consecutive one-second points of all metrics of one container, metric-major. A point that was not
 * measured is NaN in memory and NULL in the database; it is never zero.
 */

/** Points in a block. */
export const BLOCK_POINTS = 60

/** Values in a block: all points of the first metric, then of the second, … */
export const BLOCK_VALUES = METRIC_COUNT * BLOCK_POINTS

export interface Block {
  /** Unix time of the first point in seconds; a multiple of 60. */
  readonly startSec: number
  /** `METRIC_COUNT × BLOCK_POINTS` values, metric-major; NaN where nothing was measured. */
  readonly values: Float32Array
}

export interface BlockSummary {
  /** Average of the points there are, per metric; NaN if there are none. */
  readonly avg: Float32Array
  /** Largest point, per metric; NaN if there are none. */
  readonly peak: Float32Array
}

/** The first second of the block that holds `unixSec`. */
export const blockStart = (unixSec: number): number => Math.floor(unixSec / BLOCK_POINTS) * BLOCK_POINTS

export const emptyBlockValues = (): Float32Array => new Float32Array(BLOCK_VALUES).fill(Number.NaN)

/** Average and peak per metric over the points there are. */
export const summarizeBlock = (values: Float32Array): BlockSummary => {
  const avg = new Float32Array(METRIC_COUNT)
  const peak = new Float32Array(METRIC_COUNT)
  for (let metric = 0; metric < METRIC_COUNT; metric++) {
    let sum = 0
    let count = 0
    let top = Number.NaN
    for (let i = metric * BLOCK_POINTS, end = i + BLOCK_POINTS; i < end; i++) {
      const value = values[i] ?? Number.NaN
      if (Number.isNaN(value)) continue
      sum += value
      count += 1
      if (!(value <= top)) top = value
    }
    avg[metric] = count === 0 ? Number.NaN : sum / count
    peak[metric] = top
  }
  return { avg, peak }
}
