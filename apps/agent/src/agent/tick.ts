/** How far past the second a tick aims, so that a timer that fires early does not fall into the old one. */
const PAST_MS = 3

export interface TickPlan {
  /** The wall second to sample for, or null: the timer fired early, or the second has had its tick. */
  readonly atSec: number | null
  readonly waitMs: number
}

/** What to do when the timer fires at wall time `nowMs`, and how long to wait for the next second. */
export const planTick = (lastSec: number | null, nowMs: number): TickPlan => {
  const sec = Math.floor(nowMs / 1000)
  const waitMs = (sec + 1) * 1000 + PAST_MS - nowMs
  return { atSec: sec === lastSec ? null : sec, waitMs }
}

/** Calls `tick` once for each wall second with its Unix time; seconds that were slept through are not made up for. */
export const startTicker = (tick: (atSec: number) => void): Disposable => {
  let lastSec: number | null = Math.floor(Date.now() / 1000)
  let timer: NodeJS.Timeout
  const fire = (): void => {
    const plan = planTick(lastSec, Date.now())
    if (plan.atSec !== null) {
      lastSec = plan.atSec
      tick(plan.atSec)
    }
    timer = setTimeout(fire, planTick(lastSec, Date.now()).waitMs)
  }
  timer = setTimeout(fire, planTick(lastSec, Date.now()).waitMs)
  return { [Symbol.dispose]: () => clearTimeout(timer) }
}
