import { CorralError } from '@corral/domain'
import { type Freezer, openFreezer } from './freezer.ts'
import type { GroupHandle } from './handle.ts'
import type { FreezeOptions, FreezeOutcome } from './types.ts'
import { describeUnfrozen } from './unfrozen.ts'
import { type Waited, waitUntil } from './wait.ts'

const tookUsec = (sinceNs: bigint): number => Number(process.hrtime.bigint() - sinceNs) / 1000

/** For a fault on the way: the fault is what is told, so a roll-back that fails too must not hide it. */
const tryThaw = (freezer: Freezer): void => {
  try {
    freezer.ask(false)
  } catch {
    // The group has ended.
  }
}

const takeBack = (handle: GroupHandle, freezer: Freezer, waited: Waited, wasAsked: boolean): CorralError => {
  // Before the roll-back: afterwards everybody runs again and nobody can be named.
  const why =
    waited === 'late'
      ? describeUnfrozen(handle.layout.procRoot, freezer.processes(), freezer.frozenIn)
      : 'stopped before it was done'
  if (!wasAsked) freezer.ask(false)
  return new CorralError('freeze-timeout', wasAsked ? `${why}; it was frozen before and is left so` : why)
}

/**
 * Freezes the group and everything below it, and returns once the kernel says that all of it stands still. When that
 * does not happen by the deadline, or the signal is given, the freeze is taken back, unless the group had been frozen
 * before. Throws `CorralError`: `freeze-timeout` naming who did not freeze and what it waits in, `stale-target` when
 * the group ended, `kernel-refused` with file and errno.
 */
export const freezeGroup = async (handle: GroupHandle, options: FreezeOptions): Promise<FreezeOutcome> => {
  using freezer = openFreezer(handle)
  const wasAsked = freezer.isAsked()
  const before = freezer.says()
  const isFrozen = (): boolean => {
    if (freezer.isFrozen()) return true
    freezer.insist(!wasAsked)
    return freezer.isFrozen()
  }
  const began = process.hrtime.bigint()
  freezer.ask(true)
  let waited: Waited
  try {
    waited = await waitUntil(isFrozen, freezer.wait, options)
  } catch (error) {
    if (!wasAsked) tryThaw(freezer)
    throw error
  }
  if (waited !== 'done') throw takeBack(handle, freezer, waited, wasAsked)
  const took = tookUsec(began)
  return {
    tookUsec: took,
    processes: freezer.processes().length,
    evidence: { file: freezer.file, before, after: freezer.says() },
  }
}

/**
 * Takes the group's own freeze back and returns once the kernel says so. Below a frozen ancestor nothing runs
 * afterwards, yet the thaw of this group is complete. A thaw is never undone: the signal only ends the waiting. Throws
 * `CorralError`: `kernel-refused` when the kernel does not confirm it in time, `stale-target` when the group ended.
 */
export const thawGroup = async (handle: GroupHandle, options: FreezeOptions): Promise<FreezeOutcome> => {
  using freezer = openFreezer(handle)
  const before = freezer.says()
  const began = process.hrtime.bigint()
  freezer.ask(false)
  const isThawed = (): boolean => !freezer.isFrozen() || freezer.isHeldFromAbove()
  if ((await waitUntil(isThawed, freezer.wait, options)) !== 'done')
    throw new CorralError('kernel-refused', `${freezer.file} of ${handle.path} still says ${freezer.says()}`)
  const took = tookUsec(began)
  return {
    tookUsec: took,
    processes: freezer.processes().length,
    evidence: { file: freezer.file, before, after: freezer.says() },
  }
}
