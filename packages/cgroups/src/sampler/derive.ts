import { CONTAINER_STATES, type ContainerState, METRIC_COUNT, METRIC_INDEX } from '@corral/domain'
import { FREEZER } from '@corral/kernel-text'
import type { Plan } from './plan.ts'

/** What was read of one group: now, and the time before. */
export interface Readings {
  readonly values: Float64Array
  readonly readAt: Float64Array
  readonly previousValues: Float64Array
  readonly previousReadAt: Float64Array
}

const STATE = Object.fromEntries(CONTAINER_STATES.map((state, i) => [state, i])) as Readonly<
  Record<ContainerState, number>
>

/** Growth per millisecond; NaN without an earlier value, over no time, or when the counter began anew. */
export const growth = (now: number, before: number, nowMs: number, beforeMs: number): number => {
  const elapsedMs = nowMs - beforeMs
  const delta = now - before
  return elapsedMs > 0 && delta >= 0 ? delta / elapsedMs : Number.NaN
}

/** Writes the metrics that come from the group's own files to `out[from]` on; all others become NaN. */
export const deriveMetrics = (plan: Plan, readings: Readings, out: Float32Array, from: number): void => {
  const { values, readAt, previousValues, previousReadAt } = readings
  for (let i = 0; i < METRIC_COUNT; i++) out[from + i] = Number.NaN
  for (let i = 0; i < plan.gauges.length; i++) {
    const rule = plan.gauges[i]
    if (rule === undefined) continue
    const value = values[rule.value] ?? Number.NaN
    out[from + rule.metric] = rule.minus === null ? value : Math.max(value - (values[rule.minus] ?? Number.NaN), 0)
  }
  for (let i = 0; i < plan.rates.length; i++) {
    const rule = plan.rates[i]
    if (rule === undefined) continue
    const now = values[rule.value] ?? Number.NaN
    const before = previousValues[rule.value] ?? Number.NaN
    const rate = growth(now, before, readAt[rule.file] ?? Number.NaN, previousReadAt[rule.file] ?? Number.NaN)
    out[from + rule.metric] = Math.min(rate * rule.factor, rule.most)
  }
}

const at = (values: Float64Array, position: number | null): number =>
  position === null ? Number.NaN : (values[position] ?? Number.NaN)

/**
 * How the group stands, as an index into `CONTAINER_STATES`, and its `frozen` metric. Frozen by either freezer is
 * frozen. `populated` is what the walk saw, for kernels that do not say it in a file.
 */
export const deriveState = (
  plan: Plan,
  values: Float64Array,
  populated: boolean,
  out: Float32Array,
  from: number,
): number => {
  const frozen = at(values, plan.frozen)
  const freezer = at(values, plan.freezerState)
  const isFrozen = frozen === 1 || freezer === FREEZER.frozen
  const unknown = Number.isNaN(frozen) && Number.isNaN(freezer)
  out[from + METRIC_INDEX.frozen] = unknown ? Number.NaN : Number(isFrozen)
  if (isFrozen) return STATE.frozen
  const isEmpty = plan.populated === null ? !populated : at(values, plan.populated) === 0
  if (isEmpty) return STATE.empty
  if (at(values, plan.freezeAsked) === 1 || freezer === FREEZER.freezing) return STATE.freezing
  return STATE.running
}

export const GONE = STATE.gone
export const EMPTY = STATE.empty
