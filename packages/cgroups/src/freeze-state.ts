import type { GroupPath } from '@corral/domain'
import { openFreezerGroup } from './freezer-v1.ts'
import { frozenAbove, isAskedV2, isFrozenV2 } from './freezer-v2.ts'
import { findAbove, type GroupHandle, handleDir, openInTree, readFile } from './handle.ts'
import { groupDir, ROOT } from './paths.ts'
import { groupsOfProcess, pathIn, pidsBelow } from './processes.ts'
import type { FreezeState, Hierarchy } from './types.ts'

/** How many members are asked where the v1 freezer has them; runtimes put all of a container in one place. */
const MOST_ASKED = 32

/** Whether someone froze any of the group's processes through the v1 freezer of a hybrid host. */
const readForeign = (handle: GroupHandle, freezer: Hierarchy): FreezeState['foreign'] => {
  const paths = new Set<GroupPath>()
  for (const pid of [...pidsBelow(handleDir(handle), MOST_ASKED)].slice(0, MOST_ASKED)) {
    const path = pathIn(freezer, groupsOfProcess(handle.layout, pid))
    if (path !== null && path !== ROOT) paths.add(path)
  }
  for (const path of paths) {
    try {
      using there = openInTree(handle, groupDir(freezer, path), path)
      if (readFile(there, 'freezer.state') !== 'THAWED') return 'v1-freezer'
    } catch {
      // That group has just gone, and with it whatever it held.
    }
  }
  return null
}

const readV2 = (handle: GroupHandle): FreezeState => {
  const freezer = handle.layout.byController.get('freezer')
  return {
    own: isAskedV2(handle),
    effective: isFrozenV2(readFile(handle, 'cgroup.events')),
    frozenAncestor: frozenAbove(handle),
    foreign: freezer ? readForeign(handle, freezer) : null,
  }
}

const readV1 = (handle: GroupHandle): FreezeState => {
  using there = openFreezerGroup(handle)
  // Without a freezer group of its own it cannot have been frozen by itself.
  if (!there) return { own: false, effective: false, frozenAncestor: null, foreign: null }
  return {
    own: readFile(there, 'freezer.self_freezing') === '1',
    effective: readFile(there, 'freezer.state') === 'FROZEN',
    frozenAncestor: findAbove(there.path, (up) => readFile(there, `${up}freezer.self_freezing`) === '1'),
    foreign: null,
  }
}

/**
 * How the group stands as to freezing. On hybrid hosts `own`, `effective` and `frozenAncestor` are about the cgroup2
 * tree, and `foreign` says whether the v1 freezer is in use beside it. Throws `CorralError('stale-target')` when the
 * group has ended, `CorralError('kernel-refused')` for a group that cannot be frozen at all (the root).
 */
export const readFreezeState = (handle: GroupHandle): FreezeState =>
  handle.layout.primary.version === 2 ? readV2(handle) : readV1(handle)
