import {
  computeProtection,
  type FreezeOptions,
  type FreezeOutcome,
  type FreezeState,
  freezeGroup,
  type GroupTarget,
  type HostLayout,
  type LayoutKind,
  listProcesses,
  openGroup,
  readFreezeState,
  thawGroup,
} from '@corral/cgroups'
import type { BootId, GroupPath } from '@corral/domain'

/** One opened group, named by its inode: the path may mean another group a moment later. */
export interface OpenGroup extends Disposable {
  readState(): FreezeState
  countProcesses(): number
  freeze(options: FreezeOptions): Promise<FreezeOutcome>
  thaw(options: FreezeOptions): Promise<FreezeOutcome>
}

/** All that the warden does to the kernel; tests give another one. */
export interface WardenKernel {
  readonly kind: LayoutKind
  readonly bootId: BootId
  /** Throws `stale-target` if the path is not that group any more. */
  open(target: GroupTarget): OpenGroup
  /** Why a group may not be touched, or null; computed afresh at each call of the outer function. */
  protection(): (path: GroupPath) => string | null
}

export const createWardenKernel = (layout: HostLayout, ownPids: () => readonly number[]): WardenKernel => ({
  kind: layout.kind,
  bootId: layout.bootId,
  open: (target) => {
    const handle = openGroup(layout, target)
    return {
      readState: () => readFreezeState(handle),
      countProcesses: () => listProcesses(handle).length,
      freeze: (options) => freezeGroup(handle, options),
      thaw: (options) => thawGroup(handle, options),
      [Symbol.dispose]: () => handle[Symbol.dispose](),
    }
  },
  protection: () => computeProtection(layout, ownPids()),
})
