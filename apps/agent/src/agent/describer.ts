import type { Roster } from './roster.ts'
import type { WardenClient } from './warden-client.ts'

/** How often everything is described again: names, labels and protection may change behind a group that stays. */
const AGAIN_MS = 30_000
/** Wait after the warden did not answer. */
const RETRY_MS = 5000
/** How long a report waits for a new container to be described, so that it is not shown under a passing name. */
const PATIENCE_MS = 2000

export interface Describer {
  /** To be called every tick: asks the warden if there is something to ask, one question at a time. */
  tick(nowMs: number): void
  /** Whether the roster may be reported now. */
  isSettled(nowMs: number): boolean
}

/** Without a warden nothing more can be known: everything is settled as it is. */
export const noDescriber: Describer = { tick: () => {}, isSettled: () => true }

export const createDescriber = (
  roster: Roster,
  warden: Pick<WardenClient, 'describe'>,
  told: { readonly changed: () => void; readonly failed: (error: unknown) => void },
): Describer => {
  let asking = false
  let askedAllMs = Number.NEGATIVE_INFINITY
  let notBeforeMs = Number.NEGATIVE_INFINITY

  return {
    tick: (nowMs) => {
      if (asking || nowMs < notBeforeMs) return
      const all = nowMs - askedAllMs >= AGAIN_MS
      const groups = all ? roster.entries : [...roster.undescribed().groups, ...roster.unnamed(nowMs)]
      if (groups.length === 0) return
      if (all) askedAllMs = nowMs
      asking = true
      warden
        .describe(groups, (facts) => roster.describe(facts))
        .catch((error: unknown) => {
          notBeforeMs = nowMs + RETRY_MS
          told.failed(error)
        })
        .finally(() => {
          asking = false
          told.changed()
        })
    },
    isSettled: (nowMs) => {
      const { sinceMs } = roster.undescribed()
      return sinceMs === null || nowMs - sinceMs >= PATIENCE_MS
    },
  }
}
