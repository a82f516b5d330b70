import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BootId, CorralError, isBootId } from '@corral/domain'
import { type MountLine, parseMountinfo, parseWords } from '@corral/kernel-text'
import { errorCode } from '@corral/linux'
import type { Hierarchy, HostLayout, LayoutKind } from './types.ts'

/** What Corral wants to measure, and the v1 controller it then needs where cgroup2 does not have it. */
const WANTED = [
  { what: 'cpu throttling', v2: 'cpu', v1: 'cpu' },
  { what: 'memory', v2: 'memory', v1: 'memory' },
  { what: 'block I/O', v2: 'io', v1: 'blkio' },
  { what: 'process counts', v2: 'pids', v1: 'pids' },
] as const

const V1_FLAGS = new Set(['rw', 'ro', 'xattr', 'noprefix', 'clone_children', 'cpuset_v2_mode', 'favordynmods'])

const toHierarchy = (mount: MountLine): Hierarchy =>
  mount.fsType === 'cgroup2'
    ? {
        mount: mount.mountPoint,
        version: 2,
        controllers: parseWords(readFileSync(join(mount.mountPoint, 'cgroup.controllers'), 'utf8')),
      }
    : {
        mount: mount.mountPoint,
        version: 1,
        controllers: mount.superOptions.filter(
          (option) => !V1_FLAGS.has(option) && !option.startsWith('release_agent='),
        ),
      }

const sameHierarchy = (a: Hierarchy, b: Hierarchy): boolean =>
  a.version === b.version && (a.version === 2 || a.controllers.join() === b.controllers.join())

/** Each hierarchy once, by its first mount that shows all of it; another mount may hide a mount point. */
const findHierarchies = (mounts: readonly MountLine[]): { found: Hierarchy[]; partial: MountLine[] } => {
  const groups = mounts.filter((mount) => mount.fsType === 'cgroup' || mount.fsType === 'cgroup2')
  const partial = groups.filter((mount) => mount.root !== '/')
  const found: Hierarchy[] = []
  for (const mount of groups) {
    if (mount.root !== '/' || !existsSync(join(mount.mountPoint, 'cgroup.procs'))) continue
    const hierarchy = toHierarchy(mount)
    if (!found.some((each) => sameHierarchy(each, hierarchy))) found.push(hierarchy)
  }
  return { found, partial }
}

const readPressure = (unified: Hierarchy | undefined): HostLayout['pressure'] => {
  if (!unified) return 'absent'
  try {
    readFileSync(join(unified.mount, 'cpu.pressure'))
    return 'available'
  } catch (error) {
    // psi=0 leaves the files in place and refuses to read them.
    return errorCode(error) === 'ENOTSUP' ? 'off' : 'absent'
  }
}

const readBootId = (procRoot: string): BootId => {
  const text = readFileSync(join(procRoot, 'sys/kernel/random/boot_id'), 'utf8').trim()
  if (!isBootId(text)) throw new CorralError('internal', `boot_id says ${JSON.stringify(text.slice(0, 100))}`)
  return text
}

const findMissing = (
  byController: ReadonlyMap<string, Hierarchy>,
  pressure: HostLayout['pressure'],
  unified: Hierarchy | undefined,
): HostLayout['missing'] => {
  const missing: { what: string; reason: string }[] = []
  for (const { what, v2, v1 } of WANTED)
    if (!byController.has(v2) && !byController.has(v1))
      missing.push({ what, reason: `no hierarchy has the ${v2 === v1 ? v2 : `${v2} or ${v1}`} controller` })
  if (!unified && !byController.has('cpuacct'))
    missing.push({ what: 'cpu time', reason: 'no hierarchy has the cpuacct controller' })
  if (!unified && !byController.has('freezer'))
    missing.push({ what: 'freezing', reason: 'there is no cgroup2 tree and no freezer controller' })
  if (pressure === 'off')
    missing.push({ what: 'pressure', reason: 'the kernel was started without it; boot with psi=1' })
  if (pressure === 'absent') missing.push({ what: 'pressure', reason: 'this kernel or layout has no pressure files' })
  const io = byController.get('blkio')
  if (io && !byController.has('io') && !countsBlockIo(io))
    missing.push({
      what: 'block I/O',
      reason: 'no disk has a throttle rule yet, and this kernel counts only such disks',
    })
  return missing
}

/**
 * Whether v1 block I/O is counted at all. Since 6.10 a disk is counted only from its first throttle rule on (commit
 * a3166c51702b); before that neither a group nor the root has a line for it, and zeros would be a lie.
 */
export const countsBlockIo = (blkio: Hierarchy): boolean => {
  try {
    const text = readFileSync(join(blkio.mount, 'blkio.throttle.io_service_bytes_recursive'), 'utf8')
    return /^[0-9]+:[0-9]+ /m.test(text)
  } catch {
    return false
  }
}

const kindOf = (hierarchies: readonly Hierarchy[]): LayoutKind => {
  const v2 = hierarchies.some((hierarchy) => hierarchy.version === 2)
  const v1 = hierarchies.some((hierarchy) => hierarchy.version === 1)
  if (v2) return v1 ? 'hybrid' : 'v2'
  return 'v1'
}

/**
 * Finds out how control groups are laid out on this host, from `/proc/self/mountinfo`. Throws
 * `CorralError('internal')` with what is missing when there is no tree to walk.
 */
export const detectLayout = (options: { readonly procRoot?: string } = {}): HostLayout => {
  const procRoot = options.procRoot ?? '/proc'
  const { found, partial } = findHierarchies(parseMountinfo(readFileSync(join(procRoot, 'self/mountinfo'), 'utf8')))
  const unified = found.find((hierarchy) => hierarchy.version === 2)
  const withController = (name: string) => found.find((hierarchy) => hierarchy.controllers.includes(name))
  const primary = unified ?? withController('name=systemd') ?? withController('freezer')
  if (!primary) {
    const [part] = partial
    throw new CorralError(
      'internal',
      part
        ? `${part.mountPoint} shows only ${part.root} of its control groups; run Corral on the host or in its own cgroup namespace`
        : 'no control group tree to walk: neither cgroup2, name=systemd nor freezer is mounted',
    )
  }
  const byController = new Map<string, Hierarchy>()
  for (const hierarchy of found) for (const name of hierarchy.controllers) byController.set(name, hierarchy)
  const pressure = readPressure(unified)
  return {
    kind: kindOf(found),
    primary,
    byController,
    pressure,
    bootId: readBootId(procRoot),
    missing: findMissing(byController, pressure, unified),
    procRoot,
  }
}
