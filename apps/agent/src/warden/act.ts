import { randomUUID } from 'node:crypto'
import type { FreezeOutcome } from '@corral/cgroups'
import { CorralError } from '@corral/domain'
import type { Command, CommandOutcome } from '@corral/protocol'
import { sinceBootMs } from '../shared/clock.ts'
import { decideTarget, freezersOf } from './decide.ts'
import type { OpenGroup, WardenKernel } from './kernel.ts'
import type { HeldLease, LeaseStore } from './lease-store.ts'

/** A freeze that is not complete by then is rolled back (SECURITY 15: within 5.5 s). */
const FREEZE_DEADLINE_MS = 5000

export interface ActContext {
  readonly kernel: WardenKernel
  readonly leases: LeaseStore
  readonly signal: AbortSignal
}

type FreezeCommand = Extract<Command, { verb: 'freeze' }>

const leaseOf = ({ target, actor, reason, leaseSec }: FreezeCommand): HeldLease => {
  const sinceSec = Date.now() / 1000
  return {
    bootId: target.bootId,
    path: target.path,
    untilBootMs: leaseSec === null ? null : sinceBootMs() + leaseSec * 1000,
    lease: {
      leaseId: randomUUID(),
      cgroupId: target.cgroupId,
      actor,
      reason,
      sinceSec,
      untilSec: leaseSec === null ? null : sinceSec + leaseSec,
    },
  }
}

const outcome = (done: FreezeOutcome, state: CommandOutcome['state'], held: HeldLease | null): CommandOutcome => ({
  state,
  tookUsec: done.tookUsec,
  processes: done.processes,
  leaseId: held?.lease.leaseId ?? null,
  untilSec: held?.lease.untilSec ?? null,
  evidence: { file: done.evidence.file, before: done.evidence.before, after: done.evidence.after },
})

const stillFrozen = (kernel: WardenKernel, group: OpenGroup): boolean => {
  try {
    return freezersOf(kernel.kind, group.readState()).ownFreeze
  } catch {
    return false
  }
}

/** Freezes a group that runs: lease to disk, act; a freeze that fails was rolled back, and its lease goes with it. */
const freezeAnew = async (context: ActContext, group: OpenGroup, command: FreezeCommand): Promise<CommandOutcome> => {
  const { kernel, leases, signal } = context
  const held = leaseOf(command)
  leases.put(held)
  try {
    return outcome(await group.freeze({ deadlineMs: FREEZE_DEADLINE_MS, signal }), 'frozen', held)
  } catch (error) {
    // If even the roll-back failed, the group still says so, and the lease must stay to give it back.
    if (!stillFrozen(kernel, group)) leases.remove(command.target.cgroupId)
    throw error
  }
}

/**
 * Gives a group that we hold frozen a new lease. The kernel is only read: a renewal that fails can neither thaw the
 * group nor lose the lease that holds it.
 */
const renew = (context: ActContext, group: OpenGroup, command: FreezeCommand): CommandOutcome => {
  const began = process.hrtime.bigint()
  if (!group.readState().effective) {
    throw new CorralError('freeze-timeout', 'The group is not yet frozen; the lease that holds it stays as it was.')
  }
  const tookUsec = Number((process.hrtime.bigint() - began) / 1000n)
  const processes = group.countProcesses()
  const held = leaseOf(command)
  context.leases.put(held)
  const file = context.kernel.kind === 'v1' ? 'freezer.state' : 'cgroup.events'
  const said = context.kernel.kind === 'v1' ? 'FROZEN' : 'frozen 1'
  return outcome({ tookUsec, processes, evidence: { file, before: said, after: said } }, 'frozen', held)
}

/**
 * Carries out one command on the group it names: open, judge, lease to disk, act, read back. Throws a `CorralError`
 * with the reason of a refusal.
 */
export const act = async (context: ActContext, command: Command): Promise<CommandOutcome> => {
  const { kernel, leases } = context
  const { target } = command
  using group = kernel.open(target)
  // The protected set is computed after the target is open: what is named can no longer change behind our back. It is
  // asked before anything else, since some protected groups (the root) cannot even say how they stand.
  const protection = kernel.protection()(target.path)
  if (protection !== null) throw new CorralError('protected-target', protection)
  const state = group.readState()
  const leaseHeld = leases.get(target.cgroupId) !== undefined
  const { ownFreeze, foreignFreezer } = freezersOf(kernel.kind, state)
  const facts = { ownFreeze, foreignFreezer, frozenAncestor: state.frozenAncestor, leaseHeld }
  const refusal = decideTarget(command, facts)
  if (refusal) throw new CorralError(refusal.code, refusal.detail)

  switch (command.verb) {
    case 'freeze':
      return ownFreeze ? renew(context, group, command) : await freezeAnew(context, group, command)
    case 'thaw': {
      const done = await group.thaw({ deadlineMs: FREEZE_DEADLINE_MS, signal: context.signal })
      leases.remove(target.cgroupId)
      return outcome(done, 'running', null)
    }
  }
}

/**
 * Gives back what a lease holds: thaws the group if it is still the same and still frozen by us, and forgets the
 * lease. Throws if the thaw could not be confirmed; the lease is then kept, to be tried again.
 */
export const giveBack = async (
  { kernel, leases }: Pick<ActContext, 'kernel' | 'leases'>,
  held: HeldLease,
  deadlineMs: number,
): Promise<'thawed' | 'gone' | 'was-running'> => {
  const { cgroupId } = held.lease
  let result: 'thawed' | 'gone' | 'was-running' = 'gone'
  try {
    using group = kernel.open({ cgroupId, path: held.path })
    result = 'was-running'
    if (freezersOf(kernel.kind, group.readState()).ownFreeze) {
      await group.thaw({ deadlineMs })
      result = 'thawed'
    }
  } catch (error) {
    if (!(error instanceof CorralError) || error.code !== 'stale-target') throw error
    result = 'gone'
  }
  leases.remove(cgroupId)
  return result
}
