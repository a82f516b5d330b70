import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The kernel's own word on a demo container, read from the files and not from the product. */

/** The cgroup2 mount, or the v1 freezer where there is none. */
const primaryMount = (): string => {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
  const find = (pattern: RegExp) => mounts.find((line) => pattern.test(line))?.split(' ')[4]
  const mount = find(/ - cgroup2 /) ?? find(/ - cgroup .*\bfreezer\b/)
  if (!mount) throw new Error('no hierarchy that can freeze is mounted')
  return mount
}

/** Folders of the demo's groups; empty when no demo runs. */
export const demoFolders = (): string[] => {
  const mount = primaryMount()
  return readdirSync(mount)
    .filter((name) => name.startsWith('corral-demo-'))
    .map((name) => join(mount, name))
}

export const isFrozen = (container: string): boolean => {
  const [demo] = demoFolders()
  if (!demo) throw new Error('no demo group is there')
  const events = join(demo, container, 'cgroup.events')
  if (existsSync(events)) return /^frozen 1$/m.test(readFileSync(events, 'utf8'))
  return readFileSync(join(demo, container, 'freezer.state'), 'utf8').trim() === 'FROZEN'
}
