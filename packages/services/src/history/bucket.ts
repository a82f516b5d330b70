import { BLOCK_POINTS } from '@corral/domain'

/**
 * Points of a series, gathered into equal steps. Steps begin at multiples of their length, so that the same minute
 * always falls into the same step however a chart is panned. What was not measured counts in no average and no peak;
 * a step without any point is NaN.
 */

/** Lengths of a step, in seconds. From one minute on, whole minutes only: a stored minute falls into one step. */
const STEPS_SEC = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400]

export interface Grid {
  /** Unix time of the first step's beginning, in seconds; a multiple of `stepSec`. */
  readonly startSec: number
  readonly stepSec: number
  /** Number of steps. */
  readonly count: number
}

const gridOf = (fromSec: number, toSec: number, stepSec: number): Grid => {
  const startSec = Math.floor(fromSec / stepSec) * stepSec
  return { startSec, stepSec, count: Math.max(1, Math.ceil((toSec - startSec) / stepSec)) }
}

/**
 * The finest grid that covers `[fromSec, toSec)` in at most `points` steps of at least `finestSec`; the coarsest
 * there is if none is coarse enough.
 */
export const chooseGrid = (fromSec: number, toSec: number, points: number, finestSec: number): Grid => {
  let grid = gridOf(fromSec, toSec, finestSec)
  for (const stepSec of STEPS_SEC) {
    if (stepSec < finestSec) continue
    grid = gridOf(fromSec, toSec, stepSec)
    if (grid.count <= points) break
  }
  return grid
}

/** Sums of one metric on one grid. */
export interface Buckets {
  /** One point, measured in the second `sec`; NaN is ignored. */
  addPoint(sec: number, value: number): void
  /** One stored minute: `avg` stands for as many points as a minute has. */
  addMinute(startSec: number, avg: number, peak: number): void
  /** The 60 points of a minute, from `values[offset]` on. */
  addBlock(startSec: number, values: Float32Array, offset: number): void
  result(): { readonly avg: Float32Array; readonly peak: Float32Array }
}

export const createBuckets = ({ startSec, stepSec, count }: Grid): Buckets => {
  // In double precision: bytes summed over an hour leave no digits in single.
  const sums = new Float64Array(count)
  const weights = new Float64Array(count)
  const peaks = new Float32Array(count).fill(Number.NaN)

  const add = (sec: number, avg: number, peak: number, weight: number): void => {
    const at = Math.floor((sec - startSec) / stepSec)
    if (at < 0 || at >= count) return
    if (!Number.isNaN(avg)) {
      sums[at] = (sums[at] ?? 0) + avg * weight
      weights[at] = (weights[at] ?? 0) + weight
    }
    if (!Number.isNaN(peak) && !((peaks[at] ?? Number.NaN) >= peak)) peaks[at] = peak
  }

  return {
    addPoint: (sec, value) => add(sec, value, value, 1),
    addMinute: (sec, avg, peak) => add(sec, avg, peak, BLOCK_POINTS),
    addBlock: (sec, values, offset) => {
      for (let i = 0; i < BLOCK_POINTS; i++) {
        const value = values[offset + i] ?? Number.NaN
        add(sec + i, value, value, 1)
      }
    },
    result: () => ({
      avg: Float32Array.from(sums, (sum, at) => (weights[at] === 0 ? Number.NaN : sum / (weights[at] ?? 1))),
      peak: peaks,
    }),
  }
}
