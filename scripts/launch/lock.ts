import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from './steps.ts'

/**
 * One start per data directory. The lock names its holder by pid, start time and boot, so a holder that was killed
 * is known to be gone even when another process has its pid now.
 */

interface Holder {
  readonly pid: number
  /** Field 22 of /proc/PID/stat: clock ticks after boot (proc(5)). */
  readonly startTicks: string
  readonly bootId: string
  readonly url: string
}

const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()

const startTicks = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The command in parentheses may hold anything; the fields are counted after its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? null : (fields[19] ?? null)
  } catch {
    return null
  }
}

const readHolder = (path: string): Holder | null => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder
  } catch {
    return null
  }
}

const isAlive = (holder: Holder): boolean => holder.bootId === bootId() && startTicks(holder.pid) === holder.startTicks

/** Takes the lock or throws a `StartError` that says who has it. The returned function gives it back. */
export const takeLock = (dataDir: string, url: string): (() => void) => {
  const path = join(dataDir, 'start.lock')
  const mine: Holder = { pid: process.pid, startTicks: startTicks(process.pid) ?? '', bootId: bootId(), url }
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const fd = openSync(path, 'wx', 0o644)
      writeSync(fd, JSON.stringify(mine))
      closeSync(fd)
      return () => rmSync(path, { force: true })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const holder = readHolder(path)
    if (holder && isAlive(holder))
      throw new StartError(
        `Corral already runs on ${dataDir} (pid ${holder.pid}), at ${holder.url}.\n` +
          'Open that address, stop it first, or start a second one with another CORRAL_DATA_DIR and PORT.',
      )
    // Stale. Renaming is atomic: of two starts that see the same stale lock, one takes it away.
    try {
      renameSync(path, `${path}.${process.pid}.stale`)
      rmSync(`${path}.${process.pid}.stale`, { force: true })
    } catch {
      // The other start was quicker; look again.
    }
  }
  throw new StartError(`Cannot take ${path}: another start keeps taking it. Try again.`)
}
