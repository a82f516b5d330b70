import { BLOCK_POINTS, blockStart, emptyBlockValues, METRIC_COUNT } from '@corral/domain'

/** Minutes remembered as sealed: two days, far beyond any step a clock is expected to make twice. */
const MOST_SEALED_MINUTES = 2880

export interface OpenBlock {
  readonly cgroupId: string
  readonly startSec: number
  readonly values: Float32Array
}

/** Assembles points into whole-minute blocks, one per container. Pure in time: seconds are given. */
export interface BlockAssembler {
  /**
   * Whether a point of `atSec` may be taken, and the blocks that are complete because a new minute has begun. A
   * second that was taken before, or whose minute is sealed (the clock stepped back), is refused: a gap is honest,
   * an overwritten point is not.
   */
  advance(atSec: number): { readonly accepted: boolean; readonly sealed: readonly OpenBlock[] }
  /** Puts one full vector (`METRIC_COUNT` values at `offset`) at the second last accepted. */
  put(cgroupId: string, values: Float32Array, offset: number): void
  open(cgroupId: string): OpenBlock | null
  openStartSec(): number | null
  /** Marks a minute as sealed by an earlier run. */
  markSealed(startSec: number): void
}

export const createBlockAssembler = (): BlockAssembler => {
  let startSec: number | null = null
  let lastSec = -1
  let blocks = new Map<string, Float32Array>()
  const sealedMinutes = new Set<number>()

  const markSealed = (minute: number): void => {
    sealedMinutes.add(minute)
    for (const oldest of sealedMinutes) {
      if (sealedMinutes.size <= MOST_SEALED_MINUTES) break
      sealedMinutes.delete(oldest)
    }
  }

  return {
    markSealed,
    openStartSec: () => startSec,
    open: (cgroupId) => {
      const values = blocks.get(cgroupId)
      return values && startSec !== null ? { cgroupId, startSec, values } : null
    },
    advance: (atSec) => {
      const minute = blockStart(atSec)
      let sealed: OpenBlock[] = []
      if (minute !== startSec) {
        const before = startSec
        if (before !== null) {
          sealed = [...blocks].map(([cgroupId, values]) => ({ cgroupId, startSec: before, values }))
          markSealed(before)
        }
        blocks = new Map()
        startSec = sealedMinutes.has(minute) ? null : minute
        lastSec = -1
      }
      if (startSec === null || atSec <= lastSec) return { accepted: false, sealed }
      lastSec = atSec
      return { accepted: true, sealed }
    },
    put: (cgroupId, values, offset) => {
      if (startSec === null) return
      let block = blocks.get(cgroupId)
      if (!block) {
        block = emptyBlockValues()
        blocks.set(cgroupId, block)
      }
      const point = lastSec - startSec
      for (let metric = 0; metric < METRIC_COUNT; metric++) {
        block[metric * BLOCK_POINTS + point] = values[offset + metric] ?? Number.NaN
      }
    },
  }
}
