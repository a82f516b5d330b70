import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { escapeBytes } from '@corral/domain'

/** Where a thread waits once it is frozen. cgroup2 takes stopped and traced threads for frozen as well. */
export const FROZEN_IN = {
  v2: ['do_freezer_trap', 'ptrace_stop', 'do_signal_stop'],
  v1: ['__refrigerator'],
} as const
const MOST_NAMED = 8
const MOST_LOOKED_AT = 4096

const tryRead = (path: string): Buffer | null => {
  try {
    return readFileSync(path)
  } catch {
    return null
  }
}

const threadsOf = (procRoot: string, pid: number): string[] => {
  try {
    return readdirSync(join(procRoot, String(pid), 'task'))
  } catch {
    return []
  }
}

/** What a thread that is not frozen waits in: a kernel function, or null if it is frozen or has ended. */
const waitsIn = (task: string, frozenIn: readonly string[]): string | null => {
  const wchan = tryRead(join(task, 'wchan'))?.toString('latin1')
  if (wchan === undefined) return null
  if (wchan === '' || wchan === '0') return 'running'
  // The compiler's variants of a function carry a suffix: `.constprop.0`.
  const name = wchan.split('.')[0] ?? wchan
  return frozenIn.includes(name) ? null : `waits in ${name}`
}

/**
 * Names the threads that are not frozen and what they wait in, for people: `4711 (dd) waits in rpc_wait_bit_killable`.
 * At most a few are named. Source: proc_pid_wchan(5).
 */
export const describeUnfrozen = (procRoot: string, pids: readonly number[], frozenIn: readonly string[]): string => {
  const named: string[] = []
  let more = 0
  let looked = 0
  for (const pid of pids) {
    for (const tid of threadsOf(procRoot, pid)) {
      if (++looked > MOST_LOOKED_AT) break
      const task = join(procRoot, String(pid), 'task', tid)
      const where = waitsIn(task, frozenIn)
      if (where === null) continue
      const comm = tryRead(join(task, 'comm'))
      const name = comm ? escapeBytes(comm.subarray(0, -1)) : '?'
      if (named.length < MOST_NAMED) named.push(`${tid} (${name}) ${where}`)
      else more++
    }
  }
  if (named.length === 0) return 'the kernel does not say which process holds it up'
  return more === 0 ? named.join(', ') : `${named.join(', ')} and ${more} more`
}
