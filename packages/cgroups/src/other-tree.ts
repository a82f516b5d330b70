import { existsSync } from 'node:fs'
import type { GroupPath } from '@corral/domain'
import { groupDir, inDir, isSelfOrBelow, parentPath, ROOT } from './paths.ts'
import { anyMember, groupsOfProcess, pathIn, pidsBelow } from './processes.ts'
import type { Hierarchy, HostLayout } from './types.ts'

/** A group of the primary tree as it is in another hierarchy, where its path may differ. */
export interface OtherPlace {
  readonly path: GroupPath
  /** Whether a process vouched for it; without one it is only a path of the same name. */
  readonly vouched: boolean
}

const exists = (hierarchy: Hierarchy, path: GroupPath): boolean =>
  existsSync(inDir(groupDir(hierarchy, path), 'cgroup.procs'))

/**
 * The lowest group from `start` upwards that holds exactly the processes of `own`: anything larger would charge
 * other people's use to this group, and anything smaller would leave some of its own out.
 */
const exactMatch = (hierarchy: Hierarchy, start: GroupPath, own: ReadonlySet<number>): GroupPath | null => {
  if (own.size === 0) return null
  for (let path: GroupPath | null = start; path !== null && path !== ROOT; path = parentPath(path)) {
    const there = pidsBelow(groupDir(hierarchy, path), own.size)
    if ([...there].some((pid) => !own.has(pid))) return null
    if (there.size === own.size) return path
  }
  return null
}

/**
 * Finds the group's place in `hierarchy`: where a member says it is, else the same path if there is such a group.
 * Null when it has none of its own there, as when its processes stayed in that hierarchy's root. `dir` is the group's
 * directory in the primary tree, for callers that hold it open.
 */
export const findInTree = (
  layout: HostLayout,
  path: GroupPath,
  hierarchy: Hierarchy,
  dir: Buffer = groupDir(layout.primary, path),
): OtherPlace | null => {
  if (hierarchy === layout.primary || path === ROOT) return { path, vouched: true }
  const member = anyMember(dir)
  const there = member === null ? null : pathIn(hierarchy, groupsOfProcess(layout, member))
  if (there === null) return exists(hierarchy, path) ? { path, vouched: false } : null
  if (isSelfOrBelow(there, path) && exists(hierarchy, path)) return { path, vouched: true }
  const match = exactMatch(hierarchy, there, pidsBelow(dir))
  return match === null ? null : { path: match, vouched: true }
}
