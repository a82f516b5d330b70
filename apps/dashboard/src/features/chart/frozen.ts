/** Stretches of time in which a container stood still, read from its `frozen` metric. */

export interface Interval {
  /** Unix time in seconds. */
  readonly fromSec: number
  readonly toSec: number
}

/** A point counts as frozen from here on: at coarse steps, when it stood still for at least half of the step. */
const FROZEN_RATIO = 0.5

/** Points that may be missing inside one freeze without breaking its band in two. */
const BRIDGED_POINTS = 2

/**
 * The frozen stretches of equally spaced points.
 * `startSec`: where the first point's step begins. `values`: the `frozen` metric, null where nothing was measured.
 */
export const frozenIntervals = (
  startSec: number,
  stepSec: number,
  values: readonly (number | null)[],
): readonly Interval[] => {
  const found: Interval[] = []
  let from = -1
  let last = -1
  const close = () => {
    if (from >= 0) found.push({ fromSec: startSec + from * stepSec, toSec: startSec + (last + 1) * stepSec })
    from = -1
  }
  for (const [index, value] of values.entries()) {
    if (value === null) continue
    if (value < FROZEN_RATIO) {
      close()
      continue
    }
    if (from >= 0 && index - last > BRIDGED_POINTS + 1) close()
    if (from < 0) from = index
    last = index
  }
  close()
  return found
}
