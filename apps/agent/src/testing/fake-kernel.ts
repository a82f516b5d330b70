import type { FreezeOptions, FreezeOutcome, FreezeState, GroupTarget, LayoutKind } from '@corral/cgroups'
import { CorralError, type GroupPath } from '@corral/domain'
import { BOOT } from '@corral/testing'
import type { OpenGroup, WardenKernel } from '../warden/kernel.ts'

/** One group of a pretended host. Tests set how it stands and how it will behave. */
export interface FakeGroup {
  cgroupId: string
  frozen: boolean
  ancestor: GroupPath | null
  foreign: FreezeState['foreign']
  /** A freeze fails and is rolled back. */
  stuck: boolean
  /** A thaw is not confirmed. */
  thawFails: boolean
  /** Freezes and thaws wait for this. */
  gate: Promise<void>
  /** What was asked of it, in order. */
  readonly asked: string[]
}

export interface FakeKernel extends WardenKernel {
  readonly groups: Map<string, FakeGroup>
  readonly protectedPaths: Map<string, string>
}

/** A host with one group, `/made/web`, inode 101, that runs. */
export const createFakeKernel = (kind: LayoutKind = 'v2'): FakeKernel & { readonly web: FakeGroup } => {
  const web: FakeGroup = {
    cgroupId: '101',
    frozen: false,
    ancestor: null,
    foreign: null,
    stuck: false,
    thawFails: false,
    gate: Promise.resolve(),
    asked: [],
  }
  const groups = new Map([['/made/web', web]])
  const protectedPaths = new Map<string, string>()

  const outcome = (before: boolean, after: boolean): FreezeOutcome => ({
    tookUsec: 1,
    processes: 1,
    evidence: { file: 'cgroup.events', before: `frozen ${Number(before)}`, after: `frozen ${Number(after)}` },
  })
  const open = (target: GroupTarget): OpenGroup => {
    const group = groups.get(target.path)
    if (group?.cgroupId !== target.cgroupId) throw new CorralError('stale-target')
    const change = async (verb: 'freeze' | 'thaw', { signal }: FreezeOptions): Promise<FreezeOutcome> => {
      group.asked.push(verb)
      await group.gate
      const before = group.frozen
      if (verb === 'freeze' && (group.stuck || signal?.aborted)) {
        group.frozen = false
        throw new CorralError('freeze-timeout', 'cat (7) waits in fuse_wait')
      }
      if (verb === 'thaw' && group.thawFails) throw new CorralError('kernel-refused')
      group.frozen = verb === 'freeze'
      return outcome(before, group.frozen)
    }
    return {
      readState: () => ({
        own: group.frozen,
        effective: group.frozen || group.ancestor !== null,
        frozenAncestor: group.ancestor,
        foreign: group.foreign,
      }),
      countProcesses: () => 1,
      freeze: (options) => change('freeze', options),
      thaw: (options) => change('thaw', options),
      [Symbol.dispose]: () => {},
    }
  }
  return {
    kind,
    bootId: BOOT,
    web,
    groups,
    protectedPaths,
    open,
    protection: () => (path) => protectedPaths.get(path) ?? null,
  }
}
