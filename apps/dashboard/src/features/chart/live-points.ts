import { METRIC_COUNT } from '@corral/domain'

/**
 * The newest live vectors of one container, oldest first: a ring of fixed size, so that a page left open for days
 * holds no more than a page just opened.
 */
export interface LivePoints {
  /** Takes a vector; false if it is not newer than the newest one there (a replay or a step back of the clock). */
  push(atSec: number, values: Float32Array): boolean
  readonly count: number
  /** Unix time in seconds of the `index`-th oldest point. */
  atSec(index: number): number
  /** A value of the `index`-th oldest point; NaN where nothing was measured. */
  value(index: number, metric: number): number
  clear(): void
}

/** Seconds that the page itself keeps; history fills what is older. */
const LIVE_CAPACITY = 3600

/** How far back the clock may step before the ring starts anew instead of refusing every point until it caught up. */
const STEP_BACK_SEC = 10

export const createLivePoints = (capacity: number = LIVE_CAPACITY): LivePoints => {
  const times = new Float64Array(capacity)
  const vectors = new Float32Array(capacity * METRIC_COUNT)
  let first = 0
  let count = 0

  const slot = (index: number) => (first + index) % capacity
  const clear = () => {
    first = 0
    count = 0
  }

  return {
    push(atSec, values) {
      if (!Number.isFinite(atSec) || values.length !== METRIC_COUNT) return false
      const newest = count === 0 ? Number.NEGATIVE_INFINITY : (times[slot(count - 1)] ?? 0)
      if (atSec <= newest) {
        if (newest - atSec < STEP_BACK_SEC) return false
        clear()
      }
      if (count === capacity) first = (first + 1) % capacity
      else count += 1
      const at = slot(count - 1)
      times[at] = atSec
      vectors.set(values, at * METRIC_COUNT)
      return true
    },
    get count() {
      return count
    },
    atSec: (index) => times[slot(index)] ?? Number.NaN,
    value: (index, metric) => vectors[slot(index) * METRIC_COUNT + metric] ?? Number.NaN,
    clear,
  }
}
