import { readFileSync } from 'node:fs'

/** What processes cost, from /proc (proc(5)). */

/** CPU time a process has used, in seconds: utime + stime, 100 ticks a second. */
export const cpuSeconds = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** Resident memory in MiB. */
export const residentMiB = (pid: number): number =>
  Number(/^VmRSS:\s+(?<kb>\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.groups?.kb ?? Number.NaN) / 1024

export const titleOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim()
  } catch {
    return ''
  }
}

const parentOf = (pid: number): number => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return 0
  }
}

/** Whether `pid` descends from `ancestor`. */
export const descendsFrom = (pid: number, ancestor: number): boolean => {
  for (let at = pid; at > 1; at = parentOf(at)) if (at === ancestor) return true
  return false
}
