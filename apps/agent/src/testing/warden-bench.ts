import { pino } from 'pino'
import type { DeskNeeds } from '../warden/desk.ts'
import { openExecutedCommands } from '../warden/executed.ts'
import { createLeaseKeeper, type LeaseKeeper } from '../warden/lease-keeper.ts'
import { openLeaseStore } from '../warden/lease-store.ts'
import { createTaskQueue } from '../warden/per-group.ts'
import type { FakeKernel } from './fake-kernel.ts'

export const silent = pino({ level: 'silent' })

export interface WardenBench extends DeskNeeds {
  readonly keeper: LeaseKeeper
  readonly stop: AbortController
}

/** A warden's inside over a pretended kernel, with its files in `dir`; made twice on one `dir` it is a restart. */
export const wardenBench = (kernel: FakeKernel, dir: string): WardenBench => {
  const leases = openLeaseStore(`${dir}/leases`, kernel.bootId, () => {})
  const executed = openExecutedCommands(dir, kernel.bootId)
  const queue = createTaskQueue()
  const stop = new AbortController()
  const keeper = createLeaseKeeper({ kernel, leases, queue, log: silent, changed: () => {} })
  return {
    kernel,
    leases,
    executed,
    queue,
    stop,
    keeper,
    log: silent,
    signal: stop.signal,
    facts: { describe: async () => [] },
    changed: keeper.wake,
  }
}
