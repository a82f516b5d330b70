import { BLOCK_POINTS, blockStart, emptyBlockValues, METRIC_COUNT } from '@corral/domain'

/** Minutes remembered as sealed: two days, far beyond any step a clock is expected to make twice. */
const MOST_SEALED_MINUTES = 2880

export interface OpenBlock {
  readonly cgroupId: string
  readonly startSec: number
  readonly values: Float32Array<ArrayBuffer>
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
  /** Completes the open minute as it is. */
  seal(): readonly OpenBlock[]
  open(cgroupId: string): OpenBlock | null
  openStartSec(): number | null
}

export const createBlockAssembler = (): BlockAssembler => {
  let startSec: number | null = null
  let lastSec = -1
  let blocks = new Map<string, Float32Array<ArrayBuffer>>()
  const sealedMinutes = new Set<number>()

  const seal = (): OpenBlock[] => {
    const minute = startSec
    if (minute === null) return []
    const sealed = [...blocks].map(([cgroupId, values]) => ({ cgroupId, startSec: minute, values }))
    blocks = new Map()
    startSec = null
    sealedMinutes.add(minute)
    for (const oldest of sealedMinutes) {
      if (sealedMinutes.size <= MOST_SEALED_MINUTES) break
      sealedMinutes.delete(oldest)
    }
    return sealed
  }

  return {
    seal,
    openStartSec: () => startSec,
    open: (cgroupId) => {
      const values = blocks.get(cgroupId)
      return values && startSec !== null ? { cgroupId, startSec, values } : null
    },
    advance: (atSec) => {
      const minute = blockStart(atSec)
      let sealed: OpenBlock[] = []
      if (minute !== startSec) {
        sealed = seal()
        if (sealedMinutes.has(minute)) return { accepted: false, sealed }
        startSec = minute
        lastSec = -1
      }
      if (atSec <= lastSec) return { accepted: false, sealed }
      lastSec = atSec
      return { accepted: true, sealed }
    },
    put: (cgroupId, values, offset) => {
      if (startSec === null) return
      let block = blocks.get(cgroupId)
      if (!block) {
        block = new Float32Array(emptyBlockValues())
        blocks.set(cgroupId, block)
      }
      const point = lastSec - startSec
      for (let metric = 0; metric < METRIC_COUNT; metric++) {
        block[metric * BLOCK_POINTS + point] = values[offset + metric] ?? Number.NaN
      }
    },
  }
}
