import type { Sample } from '@corral/cgroups'
import type { BootId, FreezeLease } from '@corral/domain'
import type { AgentCost, InventoryReport, LiveReport } from '@corral/protocol'
import type { Codec } from '../shared/codec.ts'
import { inventoryOf } from './inventory.ts'
import { fullReport, smallReport } from './live.ts'
import type { Roster } from './roster.ts'

/** Every agent sends the small vectors of all its containers this often. */
const SMALL_EVERY_SEC = 2

/** Where reports go; each resolves when the dashboard has taken it. */
export interface ReportSink {
  inventory(report: InventoryReport): Promise<unknown>
  live(report: LiveReport): Promise<unknown>
}

export interface Reporter {
  /** A link is there (everything is told anew) or gone. */
  connect(sink: ReportSink | null): void
  attend(cgroupIds: ReadonlySet<string>): void
  leases(leases: readonly FreezeLease[]): void
  /** Who is there may have changed: tells it now if it may be shown. */
  changed(): void
  /** Sends what is due at this tick. */
  tick(atSec: number, sample: Sample, cost: AgentCost): void
}

interface Needs {
  readonly bootId: BootId
  readonly roster: Roster
  readonly codec: Codec
  /** Whether the roster may be shown as it is. */
  readonly isSettled: () => boolean
  readonly failed: (what: string, error: unknown) => void
}

/**
 * Decides what to report when. Of each kind at most one report is under way: a slow dashboard gets the newest value
 * later, never a backlog.
 */
export const createReporter = ({ bootId, roster, codec, isSettled, failed }: Needs): Reporter => {
  let sink: ReportSink | null = null
  let attended: ReadonlySet<string> = new Set()
  let leases: readonly FreezeLease[] = []
  let version = 0
  let told: string | null = null
  /** A new link: the first values are sent as soon as there are some. */
  let fresh = false
  const underway = new Set<string>()

  const send = (kind: string, start: (to: ReportSink) => Promise<unknown>, undo?: () => void): void => {
    const to = sink
    if (!to || underway.has(kind)) return
    underway.add(kind)
    start(to)
      .catch((error: unknown) => {
        undo?.()
        if (sink === to) failed(`${kind} report was not taken`, error)
      })
      .finally(() => {
        // A link that was replaced meanwhile began with nothing under way.
        if (sink === to) underway.delete(kind)
      })
  }
  const tellInventory = (): void => {
    const now = `${roster.version} ${version}`
    if (now === told || underway.has('inventory') || !sink || !isSettled()) return
    told = now
    const parts = { bootId, containers: roster.descriptions, leases, omitted: roster.omitted }
    send(
      'inventory',
      (to) => to.inventory(inventoryOf(parts, codec)),
      () => {
        told = null
      },
    )
  }

  return {
    connect: (to) => {
      sink = to
      told = null
      fresh = to !== null
      underway.clear()
      if (!to) attended = new Set()
      tellInventory()
    },
    attend: (cgroupIds) => {
      attended = cgroupIds
    },
    leases: (now) => {
      leases = now
      version += 1
      // Told at once: somebody waits for the countdown.
      tellInventory()
    },
    changed: tellInventory,
    tick: (atSec, sample, cost) => {
      tellInventory()
      const head = { bootId, atSec, cost }
      if (fresh || atSec % SMALL_EVERY_SEC === 0) send('small', (to) => to.live(smallReport(head, sample)))
      fresh = false
      if (attended.size === 0) return
      const full = fullReport(head, sample, attended)
      if (full) send('full', (to) => to.live(full))
    },
  }
}
