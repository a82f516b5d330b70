import type { CgroupId } from '@corral/domain'
import { sinceBootMs } from '../shared/clock.ts'
import type { Logger } from '../shared/log.ts'
import { giveBack } from './act.ts'
import type { WardenKernel } from './kernel.ts'
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
  readonly kernel: WardenKernel
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

  /** In the group's turn: gives back its lease if `stillMeant`; resolves to whether nothing is left to do. */
  const end = (cgroupId: CgroupId, stillMeant: (held: HeldLease) => boolean): Promise<boolean> =>
    queue.run(cgroupId, async () => {
      const held = leases.get(cgroupId)
      if (!held || !stillMeant(held)) return true
      const about = { path: held.path, leaseId: held.lease.leaseId }
      try {
        const result = await giveBack(needs, held, THAW_DEADLINE_MS)
        log.info({ ...about, result }, 'lease ended')
        needs.changed()
        return true
      } catch (error) {
        log.error({ err: error, ...about }, 'lease could not be given back')
        return false
      }
    })

  const look = (): void => {
    clearTimeout(timer)
    const waiting = leases.all().filter((held) => !underway.has(held.lease.leaseId))
    const { due, nextInMs } = dueLeases(waiting, sinceBootMs())
    for (const { lease } of due) {
      underway.add(lease.leaseId)
      // A lease that was renewed while this one waited for its turn belongs to the newer command.
      end(lease.cgroupId, (held) => held.lease.leaseId === lease.leaseId).then((done) => {
        const free = (): void => {
          underway.delete(lease.leaseId)
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
    // By group, not by lease: whatever is held when the group's turn comes is given back.
    giveBackAll: async () => {
      const done = await Promise.all(leases.all().map(({ lease }) => end(lease.cgroupId, () => true)))
      return done.filter((ok) => !ok).length
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  }
}
