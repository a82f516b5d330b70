import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GroupPath } from '@corral/domain'
import { type ProcCgroupLine, parseIsExiting, parsePids, parseProcCgroup } from '@corral/kernel-text'
import { errorCode } from '@corral/linux'
import { inDir, isOutsideView, isSelfOrBelow } from './paths.ts'
import type { Hierarchy, HostLayout } from './types.ts'

/** Processes of groups, and groups of processes. */

/** What is absent or refused is no process at all: the group or the process went away, or the group is threaded. */
const GONE = new Set(['ENOENT', 'ENODEV', 'ESRCH', 'ENOTSUP'])

const orNone = <T>(none: T, read: () => T): T => {
  try {
    return read()
  } catch (error) {
    if (GONE.has(errorCode(error) ?? '')) return none
    throw error
  }
}

/** Processes in the group itself. Empty for a threaded group: its threads belong to processes of the group above. */
const pidsOf = (dir: Buffer): number[] =>
  orNone([], () => parsePids(readFileSync(inDir(dir, 'cgroup.procs'), 'latin1')))

const subdirs = (dir: Buffer): Buffer[] =>
  orNone([], () =>
    readdirSync(dir, { withFileTypes: true, encoding: 'buffer' })
      .filter((entry) => entry.isDirectory())
      .map((entry) => inDir(dir, entry.name)),
  )

/** Processes in the group and below it, each once; stops when there are more than `most`. */
export const pidsBelow = (dir: Buffer, most = Number.POSITIVE_INFINITY): Set<number> => {
  const pids = new Set<number>()
  const queue = [dir]
  for (let next = queue.pop(); next && pids.size <= most; next = queue.pop()) {
    for (const pid of pidsOf(next)) pids.add(pid)
    queue.push(...subdirs(next))
  }
  return pids
}

/** One process in the group or below it, the group's own first; null if there is none. */
export const anyMember = (dir: Buffer): number | null => {
  const queue = [dir]
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [pid] = pidsOf(next)
    if (pid !== undefined) return pid
    queue.push(...subdirs(next))
  }
  return null
}

/** The groups of a process in all hierarchies; empty when it has ended. */
export const groupsOfProcess = (layout: HostLayout, pid: number): ProcCgroupLine[] =>
  orNone([], () => parseProcCgroup(readFileSync(join(layout.procRoot, String(pid), 'cgroup'))))

/** Where among a process's groups the one of this hierarchy is; null if outside of what this host shows. */
export const pathIn = (hierarchy: Hierarchy, groups: readonly ProcCgroupLine[]): GroupPath | null => {
  const line = groups.find(({ hierarchyId, controllers }) =>
    hierarchy.version === 2 ? hierarchyId === 0 : controllers.some((name) => hierarchy.controllers.includes(name)),
  )
  return line && !isOutsideView(line.path) ? line.path : null
}

/** The process's group in the primary tree; null when it has ended, or lives outside of what this host shows. */
export const groupOfProcess = (layout: HostLayout, pid: number): GroupPath | null =>
  pathIn(layout.primary, groupsOfProcess(layout, pid))

const isExiting = (layout: HostLayout, pid: number): boolean =>
  orNone(true, () => parseIsExiting(readFileSync(join(layout.procRoot, String(pid), 'stat'), 'latin1')))

/** One of `pids` that is, in the primary tree, outside of `path`; null if there is none. */
export const findStranger = (layout: HostLayout, path: GroupPath, pids: Iterable<number>): number | null => {
  for (const pid of pids) {
    const group = groupOfProcess(layout, pid)
    if (group === null || isSelfOrBelow(group, path)) continue
    // While it ends, a process is still in its groups' lists and yet shown in the root of every v1 tree.
    if (!isExiting(layout, pid)) return pid
  }
  return null
}
