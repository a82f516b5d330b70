import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Where engines listen unless told otherwise. */
const USUAL = ['/run/docker.sock', '/var/run/docker.sock', '/run/podman/podman.sock']
/** Longest command line that is looked at. */
const LONGEST_COMMAND_LINE = 64 * 1024

/** The unix sockets that `argv` (of dockerd or podman) names with `-H` or `--host`. */
export const hostArguments = (argv: readonly string[]): string[] => {
  const found: string[] = []
  argv.forEach((word, i) => {
    const value =
      word === '-H' || word === '--host'
        ? argv[i + 1]
        : (/^--host=(.+)$/.exec(word)?.[1] ?? /^-H=?(.+)$/.exec(word)?.[1])
    const path = value === undefined ? undefined : /^unix:\/\/(\/.+)$/.exec(value)?.[1]
    if (path !== undefined) found.push(path)
  })
  return found
}

const quietly = <T>(read: () => T): T | null => {
  try {
    return read()
  } catch {
    return null
  }
}

/**
 * The sockets of root's own `dockerd` processes. One in a container is left out: its path means another file there
 * (another mount namespace), and its word about our groups is worth nothing.
 */
const ofRunningDaemons = (procRoot: string): string[] => {
  const ours = quietly(() => readlinkSync(join(procRoot, 'self/ns/mnt')))
  if (ours === null) return []
  const found: string[] = []
  for (const pid of quietly(() => readdirSync(procRoot)) ?? []) {
    if (!/^[1-9][0-9]*$/.test(pid)) continue
    const dir = join(procRoot, pid)
    if (quietly(() => readFileSync(join(dir, 'comm'), 'latin1').trim()) !== 'dockerd') continue
    if (quietly(() => statSync(dir).uid) !== 0) continue
    if (quietly(() => readlinkSync(join(dir, 'ns/mnt'))) !== ours) continue
    const line = quietly(() => readFileSync(join(dir, 'cmdline'), 'utf8').slice(0, LONGEST_COMMAND_LINE)) ?? ''
    found.push(...hostArguments(line.split('\0')))
  }
  return found
}

/**
 * Sockets on which a Docker or Podman engine of this host may answer: the usual ones that are there, and those that
 * running `dockerd` processes were told. Finding the latter needs root. Never throws.
 */
export const findEngineSockets = (options: { readonly procRoot?: string } = {}): string[] => {
  const found = new Set<string>()
  const seen = new Set<string>()
  for (const path of [...USUAL, ...ofRunningDaemons(options.procRoot ?? '/proc')]) {
    if (!existsSync(path)) continue
    // /var/run is mostly a link to /run: one engine is asked once.
    const stat = quietly(() => statSync(path))
    if (!stat?.isSocket() || seen.has(`${stat.dev}:${stat.ino}`)) continue
    seen.add(`${stat.dev}:${stat.ino}`)
    found.add(path)
  }
  return [...found]
}
