import type { Sample } from '@corral/cgroups'
import { type BootId, METRIC_COUNT, SMALL_VECTOR_LENGTH, SMALL_VECTOR_SOURCE } from '@corral/domain'
import type { AgentCost, LiveReport } from '@corral/protocol'

type Tick = Pick<Sample, 'count' | 'cgroupIds' | 'states' | 'values'>

interface Head {
  readonly bootId: BootId
  readonly atSec: number
  readonly cost: AgentCost
}

/** The small vectors of all containers. Everything is copied: the sample is a view that the next tick overwrites. */
export const smallReport = (head: Head, { count, cgroupIds, states, values }: Tick): LiveReport => {
  const out = new Float32Array(count * SMALL_VECTOR_LENGTH)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < SMALL_VECTOR_LENGTH; j++) {
      out[i * SMALL_VECTOR_LENGTH + j] = values[i * METRIC_COUNT + (SMALL_VECTOR_SOURCE[j] ?? 0)] ?? Number.NaN
    }
  }
  return { ...head, ids: cgroupIds.slice(0, count), states: states.slice(0, count), values: out, full: false }
}

/** The full vectors of those that someone looks at; null if none of them is there. */
export const fullReport = (head: Head, tick: Tick, attended: ReadonlySet<string>): LiveReport | null => {
  const at: number[] = []
  for (let i = 0; i < tick.count; i++) if (attended.has(tick.cgroupIds[i] ?? '')) at.push(i)
  if (at.length === 0) return null
  const values = new Float32Array(at.length * METRIC_COUNT)
  at.forEach((i, k) => {
    values.set(tick.values.subarray(i * METRIC_COUNT, (i + 1) * METRIC_COUNT), k * METRIC_COUNT)
  })
  return {
    ...head,
    ids: at.flatMap((i) => tick.cgroupIds[i] ?? []),
    states: Uint8Array.from(at, (i) => tick.states[i] ?? 0),
    values,
    full: true,
  }
}
