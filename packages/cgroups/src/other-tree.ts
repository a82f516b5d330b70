import { existsSync } from 'node:fs'
import type { GroupPath } from '@corral/domain'
import type { ProcCgroupLine } from '@corral/kernel-text'
import { groupDir, inDir, isSelfOrBelow, parentPath, ROOT } from './paths.ts'
import { findStranger, groupsOfProcess, pathIn, pidsBelow } from './processes.ts'
import type { Hierarchy, HostLayout } from './types.ts'

/** A group of the primary tree as it is in another hierarchy, where its path may differ. */
export interface OtherPlace {
  readonly path: GroupPath
  /** Whether a process vouched for it; without one it is only a path of the same name. */
  readonly vouched: boolean
}

/** How many members are asked: one that is just ending is shown in the root of every v1 tree. */
const MOST_ASKED = 8
/** How many more processes than the group's own are read before another group is taken for larger. */
const FORKED_MEANWHILE = 64

const exists = (hierarchy: Hierarchy, path: GroupPath): boolean =>
  existsSync(inDir(groupDir(hierarchy, path), 'cgroup.procs'))

/**
 * Finds a group's place in other hierarchies: where a member says it is, else the same path if there is such a group.
 * Null where it has none of its own, as when its processes stayed in that hierarchy's root. `dir` is the group's
 * directory in the primary tree; its members are looked up once for all hierarchies.
 */
export const createTreeFinder = (layout: HostLayout, path: GroupPath, dir: Buffer) => {
  let own: ReadonlySet<number> | undefined
  let asked: readonly (readonly ProcCgroupLine[])[] | undefined

  /** The groups of a few members that really are in the group. */
  const askMembers = (pids: ReadonlySet<number>): readonly (readonly ProcCgroupLine[])[] =>
    [...pids]
      .slice(0, MOST_ASKED)
      .map((pid) => groupsOfProcess(layout, pid))
      .filter((groups) => {
        const group = pathIn(layout.primary, groups)
        return group !== null && isSelfOrBelow(group, path)
      })

  /** Whether both hold the same processes, also while these fork and end. */
  const holdsSame = (hierarchy: Hierarchy, other: GroupPath, mine: ReadonlySet<number>): 'same' | 'less' | 'others' => {
    const otherDir = groupDir(hierarchy, other)
    const there = pidsBelow(otherDir, mine.size + FORKED_MEANWHILE)
    const notMine = [...there].filter((pid) => !mine.has(pid))
    if (findStranger(layout, path, notMine) !== null) return 'others'
    const leftOut = [...mine].filter((pid) => !there.has(pid))
    if (leftOut.length === 0) return 'same'
    const mineNow = pidsBelow(dir)
    const thereNow = pidsBelow(otherDir)
    return leftOut.some((pid) => mineNow.has(pid) && !thereNow.has(pid)) ? 'less' : 'same'
  }

  /**
   * The lowest group from `start` upwards that holds exactly the group's processes: anything larger would charge other
   * people's use to it, and anything smaller would leave some of its own out.
   */
  const exactMatch = (hierarchy: Hierarchy, start: GroupPath, mine: ReadonlySet<number>): GroupPath | null => {
    for (let other: GroupPath | null = start; other !== null && other !== ROOT; other = parentPath(other)) {
      const found = holdsSame(hierarchy, other, mine)
      if (found === 'same') return other
      if (found === 'others') return null
    }
    return null
  }

  return (hierarchy: Hierarchy): OtherPlace | null => {
    if (hierarchy === layout.primary || path === ROOT) return { path, vouched: true }
    own ??= pidsBelow(dir)
    asked ??= askMembers(own)
    const places = asked.flatMap((groups) => pathIn(hierarchy, groups) ?? [])
    const there = places.find((place) => place !== ROOT)
    if (places.length === 0) return exists(hierarchy, path) ? { path, vouched: false } : null
    if (there === undefined) return null
    if (isSelfOrBelow(there, path) && exists(hierarchy, path)) return { path, vouched: true }
    const match = exactMatch(hierarchy, there, own)
    return match === null ? null : { path: match, vouched: true }
  }
}
