import type { HostLayout } from '@corral/cgroups'
import { sinceBootMs } from '../shared/clock.ts'
import type { Logger } from '../shared/log.ts'
import { giveBack } from './act.ts'
import { dueLeases, type HeldLease, type LeaseStore } from './lease-store.ts'
import type { TaskQueue } from './per-group.ts'

/** Longest sleep before the clock is read again: time asleep is not seen by timers. */
const LONGEST_SLEEP_MS = 1000
/** Wait before a give-back that failed is tried again. */
const RETRY_MS = 1000
/** How long one thaw may take to be confirmed. */
const THAW_DEADLINE_MS = 1000

export interface LeaseKeeper extends Disposable {
  /** Looks again which lease ends next; to be called after every change. */
  wake(): void
  /** Gives back everything that is held. Returns how many could not be. */
  giveBackAll(): Promise<number>
}

interface Needs {
  readonly layout: HostLayout
  readonly leases: LeaseStore
  readonly queue: TaskQueue
  readonly log: Logger
  readonly changed: () => void
}

/** Ends leases when their time has come. */
export const createLeaseKeeper = (needs: Needs): LeaseKeeper => {
  const { leases, queue, log } = needs
  const underway = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  const end = (held: HeldLease, deadlineMs: number): Promise<boolean> =>
    queue.run(held.lease.cgroupId, async () => {
      if (leases.get(held.lease.cgroupId)?.lease.leaseId !== held.lease.leaseId) return true
      try {
        const result = await giveBack(needs, held, deadlineMs)
        log.info({ path: held.path, leaseId: held.lease.leaseId, result }, 'lease ended')
        needs.changed()
        return true
      } catch (error) {
        log.error({ err: error, path: held.path, leaseId: held.lease.leaseId }, 'lease could not be given back')
        return false
      }
    })

  const look = (): void => {
    clearTimeout(timer)
    const { due, nextInMs } = dueLeases(
      leases.all().filter((held) => !underway.has(held.lease.leaseId)),
      sinceBootMs(),
    )
    for (const held of due) {
      underway.add(held.lease.leaseId)
      end(held, THAW_DEADLINE_MS).then((done) => {
        const free = () => {
          underway.delete(held.lease.leaseId)
          look()
        }
        if (done) free()
        else setTimeout(free, RETRY_MS).unref()
      })
    }
    if (nextInMs !== null) timer = setTimeout(look, Math.min(nextInMs, LONGEST_SLEEP_MS))
  }

  return {
    wake: look,
    giveBackAll: async () => {
      clearTimeout(timer)
      const done = await Promise.all(leases.all().map((held) => end(held, THAW_DEADLINE_MS)))
      return done.filter((ok) => !ok).length
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  }
}
