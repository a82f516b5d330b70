import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** The kernel's own word on a demo container, read from the files and not from the product. */

/** What this start wrote down about its demo; other demos on the machine do not matter. */
const record = (dataDir: string) =>
  JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as { group: string; mounts: string[] }

/** The path of a demo container below the root of its hierarchy. */
export const demoPath = (dataDir: string, container: string): string => `/${record(dataDir).group}/${container}`

/** The demo's folder in each hierarchy. */
export const demoFolders = (dataDir: string): string[] => {
  const { mounts, group } = record(dataDir)
  return mounts.map((mount) => join(mount, group))
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

/** Processes that run from this data directory, or in a folder of it: their pids and command lines. */
export const processesOn = (dataDir: string): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        return [{ line: `${pid} ${command}`, folder: readlinkSync(`/proc/${pid}/cwd`) }]
      } catch {
        // It ended while we looked.
        return []
      }
    })
    .filter(({ line, folder }) => line.includes(dataDir) || folder.startsWith(dataDir))
    .map(({ line }) => line)
