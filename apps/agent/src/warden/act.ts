import { randomUUID } from 'node:crypto'
import { freezeGroup, type GroupHandle, type HostLayout, openGroup, readFreezeState, thawGroup } from '@corral/cgroups'
import { CorralError } from '@corral/domain'
import type { Command, CommandOutcome } from '@corral/protocol'
import { sinceBootMs } from '../shared/clock.ts'
import { decideTarget } from './decide.ts'
import type { HeldLease, LeaseStore } from './lease-store.ts'

/** A freeze that is not complete by then is rolled back (SECURITY 15: within 5.5 s). */
const FREEZE_DEADLINE_MS = 5000

export interface ActContext {
  readonly layout: HostLayout
  readonly leases: LeaseStore
  /** Why a group may not be touched; computed afresh for every command. */
  readonly protectionOf: (path: Command['target']['path']) => string | null
  readonly signal: AbortSignal
}

const leaseOf = (command: Command, leaseSec: number | null): HeldLease => {
  const sinceSec = Date.now() / 1000
  return {
    bootId: command.target.bootId,
    path: command.target.path,
    untilBootMs: leaseSec === null ? null : sinceBootMs() + leaseSec * 1000,
    lease: {
      leaseId: randomUUID(),
      cgroupId: command.target.cgroupId,
      actor: command.actor,
      reason: command.reason,
      sinceSec,
      untilSec: leaseSec === null ? null : sinceSec + leaseSec,
    },
  }
}

const freeze = async (context: ActContext, handle: GroupHandle, command: Command, leaseSec: number | null) => {
  const { leases, signal } = context
  const before = leases.get(command.target.cgroupId)
  const held = leaseOf(command, leaseSec)
  leases.put(held)
  try {
    const done = await freezeGroup(handle, { deadlineMs: FREEZE_DEADLINE_MS, signal })
    return { ...done, state: 'frozen' as const, leaseId: held.lease.leaseId, untilSec: held.lease.untilSec }
  } catch (error) {
    // Rolled back. If even that failed, the group still says so, and the lease must stay to give it back.
    if (!stillFrozen(handle)) leases.remove(command.target.cgroupId)
    else if (before) leases.put(before)
    throw error
  }
}

const stillFrozen = (handle: GroupHandle): boolean => {
  try {
    return readFreezeState(handle).own
  } catch {
    return false
  }
}

/**
 * Carries out one command on the group it names: open, judge, lease to disk, act, read back. Throws a `CorralError`
 * with the reason of a refusal.
 */
export const act = async (context: ActContext, command: Command): Promise<CommandOutcome> => {
  const { layout, leases } = context
  using handle = openGroup(layout, command.target)
  const state = readFreezeState(handle)
  const refusal = decideTarget(command, {
    protection: context.protectionOf(command.target.path),
    ownFreeze: state.own,
    frozenAncestor: state.frozenAncestor,
    foreignFreezer: state.foreign !== null,
    leaseHeld: leases.get(command.target.cgroupId) !== undefined,
  })
  if (refusal) throw new CorralError(refusal.code, refusal.detail)

  switch (command.verb) {
    case 'freeze': {
      const done = await freeze(context, handle, command, command.leaseSec)
      return outcome(done)
    }
    case 'thaw': {
      const done = await thawGroup(handle, { deadlineMs: FREEZE_DEADLINE_MS, signal: context.signal })
      leases.remove(command.target.cgroupId)
      return outcome({ ...done, state: 'running', leaseId: null, untilSec: null })
    }
  }
}

type Done = Awaited<ReturnType<typeof thawGroup>> & Pick<CommandOutcome, 'state' | 'leaseId' | 'untilSec'>

const outcome = (done: Done): CommandOutcome => ({
  state: done.state,
  tookUsec: done.tookUsec,
  processes: done.processes,
  leaseId: done.leaseId,
  untilSec: done.untilSec,
  evidence: { file: done.evidence.file, before: done.evidence.before, after: done.evidence.after },
})

/**
 * Gives back what a lease holds: thaws the group if it is still the same and still frozen by us, and forgets the
 * lease. Throws if the thaw could not be confirmed; the lease is then kept, to be tried again.
 */
export const giveBack = async (
  context: Pick<ActContext, 'layout' | 'leases'>,
  held: HeldLease,
  deadlineMs: number,
): Promise<'thawed' | 'gone' | 'was-running'> => {
  const { cgroupId } = held.lease
  let result: 'thawed' | 'gone' | 'was-running'
  try {
    using handle = openGroup(context.layout, { cgroupId, path: held.path })
    result = 'was-running'
    if (readFreezeState(handle).own) {
      await thawGroup(handle, { deadlineMs })
      result = 'thawed'
    }
  } catch (error) {
    if (!(error instanceof CorralError) || error.code !== 'stale-target') throw error
    result = 'gone'
  }
  // A lease that was renewed while we thawed belongs to the newer command.
  if (context.leases.get(cgroupId)?.lease.leaseId === held.lease.leaseId) context.leases.remove(cgroupId)
  return result
}
