import { readFileSync } from 'node:fs'
import type { AgentCost } from '@corral/protocol'

/** The unit of utime and stime in `/proc/PID/stat`: USER_HZ, 100 a second on every Linux that Node runs on. */
const TICKS_A_SEC = 100
const PAGE_BYTES = 4096
/** Shortest interval that is measured: the kernel counts in steps of 10 ms, too coarse for one second. */
const INTERVAL_MS = 5000

/** CPU seconds used by a process so far, from the text of `/proc/PID/stat` (proc(5), fields 14 and 15). */
export const cpuSecondsOf = (stat: string): number => {
  // The name (field 2) may hold anything, blanks and brackets too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SEC
}

/** What agent and warden cost, measured over the last five seconds or so; call it every tick. */
export const createCostMeter = (wardenPid: number | null): ((nowMs: number) => AgentCost) => {
  const used = (): number => {
    const own = process.cpuUsage()
    const ownSec = (own.user + own.system) / 1e6
    if (wardenPid === null) return ownSec
    try {
      return ownSec + cpuSecondsOf(readFileSync(`/proc/${wardenPid}/stat`, 'latin1'))
    } catch {
      return ownSec
    }
  }
  const rss = (): number => {
    const own = process.memoryUsage.rss()
    if (wardenPid === null) return own
    try {
      return own + Number(readFileSync(`/proc/${wardenPid}/statm`, 'latin1').split(' ')[1]) * PAGE_BYTES
    } catch {
      return own
    }
  }
  let since: { readonly ms: number; readonly sec: number } | null = null
  let cost: AgentCost = { cpuCores: 0, rssBytes: 0 }
  return (nowMs) => {
    if (since && nowMs - since.ms < INTERVAL_MS) return cost
    const sec = used()
    const cpuCores = since ? Math.max(0, (sec - since.sec) / ((nowMs - since.ms) / 1000)) : 0
    since = { ms: nowMs, sec }
    cost = { cpuCores, rssBytes: rss() }
    return cost
  }
}
