import { SMALL_VECTOR_LENGTH } from '@corral/domain'

/** The last small vectors of one container, for its sparkline: fixed memory, newest overwrites oldest. */

/** Points a ring holds. */
export const RING_POINTS = 120

/** A host's clock that steps back further than this starts its rings anew. */
const CLOCK_STEP_SEC = 30

export interface Ring {
  /** Points there are, at most `RING_POINTS`. */
  readonly length: number
  /** Unix time in seconds of point `i`, the oldest being 0; NaN outside. */
  at(i: number): number
  /** Value of the metric at `small`, its place in SMALL_VECTOR, of point `i`; NaN where nothing was measured. */
  value(i: number, small: number): number
  /**
   * Takes one small vector that starts at `offset` of `values`. An older one than the newest is ignored (false): live
   * values never go back.
   */
  push(atSec: number, values: Float32Array, offset: number): boolean
}

export const createRing = (): Ring => {
  const times = new Float64Array(RING_POINTS)
  const points = new Float32Array(RING_POINTS * SMALL_VECTOR_LENGTH)
  let length = 0
  let next = 0
  let newest = Number.NEGATIVE_INFINITY

  const slot = (i: number): number => (next - length + i + RING_POINTS) % RING_POINTS

  return {
    get length() {
      return length
    },
    at: (i) => (i < 0 || i >= length ? Number.NaN : (times[slot(i)] ?? Number.NaN)),
    value: (i, small) =>
      i < 0 || i >= length ? Number.NaN : (points[slot(i) * SMALL_VECTOR_LENGTH + small] ?? Number.NaN),
    push(atSec, values, offset) {
      if (atSec < newest - CLOCK_STEP_SEC) length = 0
      else if (atSec < newest) return false
      if (atSec === newest && length > 0) {
        next = (next - 1 + RING_POINTS) % RING_POINTS
        length -= 1
      }
      times[next] = atSec
      points.set(values.subarray(offset, offset + SMALL_VECTOR_LENGTH), next * SMALL_VECTOR_LENGTH)
      next = (next + 1) % RING_POINTS
      length = Math.min(length + 1, RING_POINTS)
      newest = atSec
      return true
    },
  }
}
