import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The kernel's own word on a demo container, read from the files and not from the product. */

/** The demo's folder in each hierarchy: the ones this start wrote down, so that other demos do not matter. */
export const demoFolders = (dataDir: string): string[] => {
  const record = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as { group: string; mounts: string[] }
  return record.mounts.map((mount) => join(mount, record.group))
}

/** Where freezing is done: in the v2 tree where there is one, else in the v1 freezer. */
const freezingFolder = (dataDir: string): string => {
  const has = (file: string) => demoFolders(dataDir).find((folder) => existsSync(join(folder, 'idle', file)))
  const found = has('cgroup.freeze') ?? has('freezer.state')
  if (!found) throw new Error('no hierarchy of the demo can freeze')
  return found
}

/** Those of the folders that are still there. */
export const leftOver = (folders: readonly string[]): string[] => folders.filter((folder) => existsSync(folder))

export const isFrozen = (dataDir: string, container: string): boolean => {
  const folder = join(freezingFolder(dataDir), container)
  const events = join(folder, 'cgroup.events')
  if (existsSync(events)) return /^frozen 1$/m.test(readFileSync(events, 'utf8'))
  return readFileSync(join(folder, 'freezer.state'), 'utf8').trim() === 'FROZEN'
}
