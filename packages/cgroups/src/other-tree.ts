import { existsSync } from 'node:fs'
import type { GroupPath } from '@corral/domain'
import type { ProcCgroupLine } from '@corral/kernel-text'
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
 * Finds a group's place in other hierarchies: where a member says it is, else the same path if there is such a group.
 * Null where it has none of its own, as when its processes stayed in that hierarchy's root. `dir` is the group's
 * directory in the primary tree; its members are looked up once for all hierarchies.
 */
export const createTreeFinder = (layout: HostLayout, path: GroupPath, dir: Buffer) => {
  let groups: readonly ProcCgroupLine[] | undefined
  let own: ReadonlySet<number> | undefined
  const memberGroups = (): readonly ProcCgroupLine[] => {
    const member = anyMember(dir)
    return member === null ? [] : groupsOfProcess(layout, member)
  }
  return (hierarchy: Hierarchy): OtherPlace | null => {
    if (hierarchy === layout.primary || path === ROOT) return { path, vouched: true }
    groups ??= memberGroups()
    const there = pathIn(hierarchy, groups)
    if (there === null) return exists(hierarchy, path) ? { path, vouched: false } : null
    if (isSelfOrBelow(there, path) && exists(hierarchy, path)) return { path, vouched: true }
    own ??= pidsBelow(dir)
    const match = exactMatch(hierarchy, there, own)
    return match === null ? null : { path: match, vouched: true }
  }
}
