import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { escapeBytes, type GroupPath } from '@corral/domain'

/** A container that plain `runc` keeps. */
export interface RuncContainer {
  readonly id: string
  /** Its group's path in the primary hierarchy. */
  readonly path: GroupPath
}

/** Longest state file that is read; real ones have about 20 KiB. */
const LONGEST_STATE = 1024 * 1024

/** Mount points of control group hierarchies, from the text of `/proc/self/mountinfo` (proc(5)); longest first. */
export const cgroupMounts = (mountinfo: string): string[] => {
  const found: string[] = []
  for (const line of mountinfo.split('\n')) {
    const [before, after] = line.split(' - ')
    const mount = before?.split(' ')[4]
    if (mount && /^cgroup2? /.test(after ?? '')) {
      found.push(mount.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))))
    }
  }
  return found.sort((a, b) => b.length - a.length)
}

/**
 * The group that a state file of runc names, or null. `cgroup_paths` maps controllers to absolute directories; the
 * empty key is cgroup2. Source: runc `libcontainer/container.go`, type BaseState.
 */
export const groupOfState = (text: string, mounts: readonly string[]): GroupPath | null => {
  let state: unknown
  try {
    state = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof state !== 'object' || state === null || !('cgroup_paths' in state)) return null
  const paths: unknown = state.cgroup_paths
  if (typeof paths !== 'object' || paths === null) return null
  const byController = new Map<string, unknown>(Object.entries(paths))
  const dir = byController.get('') ?? byController.get('name=systemd') ?? byController.get('freezer')
  if (typeof dir !== 'string') return null
  const mount = mounts.find((each) => dir.startsWith(`${each}/`))
  return mount === undefined ? null : (escapeBytes(Buffer.from(dir.slice(mount.length), 'utf8')) as GroupPath)
}

/**
 * The containers in `runc`'s own state directory (those of Docker and containerd lie elsewhere, and have better
 * names there). Needs root; what cannot be read is left out. Never throws.
 */
export const readRuncState = (
  options: { readonly stateDir?: string; readonly procRoot?: string } = {},
): RuncContainer[] => {
  const stateDir = options.stateDir ?? '/run/runc'
  const found: RuncContainer[] = []
  try {
    const ids = readdirSync(stateDir)
    if (ids.length === 0) return []
    const mounts = cgroupMounts(readFileSync(join(options.procRoot ?? '/proc', 'self/mountinfo'), 'utf8'))
    for (const id of ids) {
      const path = groupOfStateFile(join(stateDir, id, 'state.json'), mounts)
      if (path !== null) found.push({ id, path })
    }
  } catch {
    // No runc here, or no right to look.
  }
  return found
}

const groupOfStateFile = (path: string, mounts: readonly string[]): GroupPath | null => {
  try {
    const stat = statSync(path)
    if (!stat.isFile() || stat.size > LONGEST_STATE) return null
    return groupOfState(readFileSync(path, 'utf8'), mounts)
  } catch {
    return null
  }
}
