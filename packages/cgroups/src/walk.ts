import { type BigIntStats, closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import type { CgroupId, GroupPath } from '@corral/domain'
import { createFlatScanner } from '@corral/kernel-text'
import { childPath, groupDir, inDir, ROOT } from './paths.ts'
import type { GroupEntry, HostLayout } from './types.ts'

/** Enough for any host that is looked after; beyond it a host is hostile or broken. */
const MOST_GROUPS = 8192

interface Place {
  readonly dir: Buffer
  readonly path: GroupPath
  readonly parent: number
  readonly depth: number
}

const buffer = Buffer.alloc(4096)
const scanPopulated = createFlatScanner(['populated'])
const populatedOut = new Float64Array(1)

/** First bytes of a small file into `buffer`; -1 when it cannot be read, as when the group has just gone. */
const readHead = (file: Buffer): number => {
  let fd: number
  try {
    fd = openSync(file, 'r')
  } catch {
    return -1
  }
  try {
    return readSync(fd, buffer, 0, buffer.length, 0)
  } catch {
    return -1
  } finally {
    closeSync(fd)
  }
}

const hasOwnProcesses = (dir: Buffer): boolean => {
  const length = readHead(inDir(dir, 'cgroup.procs'))
  // A threaded group refuses to list processes; what runs in it are threads.
  return length >= 0 ? length > 0 : readHead(inDir(dir, 'cgroup.threads')) > 0
}

/** cgroup2 says it in a word; null on v1, and for the root, which has no such file. */
const readPopulated = (dir: Buffer): boolean | null => {
  const length = readHead(inDir(dir, 'cgroup.events'))
  if (length < 0) return null
  scanPopulated(buffer, length, populatedOut, 0)
  return populatedOut[0] === 1
}

const statDir = (dir: Buffer): BigIntStats | undefined => {
  try {
    return statSync(dir, { bigint: true, throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

const childrenOf = (dir: Buffer): Buffer[] => {
  try {
    return readdirSync(dir, { withFileTypes: true, encoding: 'buffer' })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
  } catch {
    return []
  }
}

type Draft = { -readonly [K in keyof GroupEntry]: GroupEntry[K] }

/**
 * Every group of the primary tree, parents before children, the shallow before the deep. Groups that vanish meanwhile
 * are left out. At most `maxGroups` are given; `omitted` counts those seen beyond that (whatever is below them is not
 * looked at). Names are bytes; what is no UTF-8 is still its own group.
 */
export const walkGroups = (
  layout: HostLayout,
  options: { readonly maxGroups?: number } = {},
): { readonly groups: GroupEntry[]; readonly omitted: number } => {
  const most = options.maxGroups ?? MOST_GROUPS
  const groups: Draft[] = []
  const parents: number[] = []
  let omitted = 0
  const queue: Place[] = [{ dir: groupDir(layout.primary, ROOT), path: ROOT, parent: -1, depth: 0 }]
  for (let next = 0; next < queue.length; next++) {
    const place = queue[next]
    if (!place) break
    if (groups.length >= most) {
      omitted = queue.length - next
      break
    }
    const stats = statDir(place.dir)
    if (!stats) continue
    // A directory's links are itself, its name and one `..` per subdirectory; some file systems do not count (1).
    const names = stats.nlink === 2n ? [] : childrenOf(place.dir)
    const populated = layout.primary.version === 2 ? readPopulated(place.dir) : null
    const leaf = names.length === 0
    const own = populated === false ? false : (leaf && populated === true) || hasOwnProcesses(place.dir)
    const index = groups.length
    groups.push({
      cgroupId: String(stats.ino) as CgroupId,
      path: place.path,
      parentId: groups[place.parent]?.cgroupId ?? null,
      depth: place.depth,
      ownProcesses: own,
      populated: populated ?? own,
      // kernfs keeps no time of birth; a directory's times are those of its first look-up, just after it was made.
      createdSec: Number(stats.mtimeMs) / 1000,
    })
    parents.push(place.parent)
    for (const name of names)
      queue.push({
        dir: inDir(place.dir, name),
        path: childPath(place.path, name),
        parent: index,
        depth: place.depth + 1,
      })
  }
  markAncestors(groups, parents)
  return { groups, omitted }
}

/** Where the kernel does not say it, a group is populated when one below it is. */
const markAncestors = (groups: readonly Draft[], parents: readonly number[]): void => {
  for (let i = groups.length - 1; i >= 0; i--) {
    const above = groups[parents[i] ?? -1]
    if (above && groups[i]?.populated) above.populated = true
  }
}
