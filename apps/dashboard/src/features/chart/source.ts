import type { MetricKey } from '@corral/domain'
import type { Frame } from './prepare.ts'

/** Where charts get what they draw. Values never pass through React: a source tells, charts read. */
export interface FrameSource {
  /** The newest frame, or null before there is any. */
  frame(): Frame | null
  /** The newest measured value as the host sent it, never averaged; null if there is none. */
  latest(metric: MetricKey): number | null
  /** Calls `listener` after each new frame, until the returned function is called. */
  subscribe(listener: () => void): () => void
}

/** The one moment that all charts of a page point at. */
export interface Crosshair {
  /** Unix time in seconds, or null. */
  readonly atSec: number | null
  point(atSec: number | null): void
  subscribe(listener: () => void): () => void
}

export const createListeners = () => {
  const listeners = new Set<() => void>()
  return {
    tell() {
      for (const listener of [...listeners]) listener()
    },
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}

export const createCrosshair = (): Crosshair => {
  const listeners = createListeners()
  let at: number | null = null
  return {
    get atSec() {
      return at
    },
    point(atSec) {
      if (atSec === at) return
      at = atSec
      listeners.tell()
    },
    subscribe: listeners.subscribe,
  }
}
